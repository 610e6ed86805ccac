import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Claim, readClaim } from '../../claims/claim.ts'
import { badInput, unknownName } from '../../errors.ts'
import { rootUrl } from '../../root.ts'

const folder = fileURLToPath(new URL('claims/', rootUrl))

/** Ids of the claims that come with the package, sorted. */
export function claimIds(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== 'prices.yaml')
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort()
}

/** Every claim of the package, or those that are named: by id, or as files of the user's own. */
export function claimsNamed(names: readonly string[]): Claim[] {
  const ids = claimIds()
  const claims = (names.length === 0 ? ids : names).map((name) => {
    if (ids.includes(name)) return readClaim(join(folder, `${name}.yaml`), `claims/${name}.yaml`)
    if (existsSync(name)) return readClaim(name, name)
    throw unknownName('verify', 'claim', name, ids)
  })
  const double = claims.find(({ id }, i) => claims.findIndex((claim) => claim.id === id) !== i)
  if (double !== undefined) throw badInput('verify', `has the claim "${double.id}" twice`, 'Name it once.')
  return claims
}
