import { backends } from '../../backends/registry.ts'
import { workloads } from '../../workloads/registry.ts'
import { policies } from '../cache/policies/registry.ts'
import { loadCatalog } from '../catalog/catalog.ts'
import type { Claim } from '../claims/claim.ts'
import { exitCodes, unknownName } from '../errors.ts'
import type { ArmSpec } from '../experiment/arms/arm.ts'
import { arms } from '../experiment/arms/registry.ts'
import { admissions } from '../plan/admission/registry.ts'
import { routers } from '../plan/router/registry.ts'
import { ciFormats } from '../report/ci/registry.ts'
import { traceReaders } from '../workload/readers/registry.ts'
import { catalogFamilies } from './catalog-members.ts'
import { policyTraits } from './policy-row.ts'
import { claimsNamed } from './verify/claim-files.ts'

interface Named {
  readonly name: string
  readonly summary: string
  readonly source: string
  /** Of an arm. */
  readonly parameter?: ArmSpec['parameter']
  /** Of a policy: a further line. */
  readonly traits?: string
}

const families: Readonly<Record<string, readonly Named[]>> = {
  admissions,
  arms,
  backends,
  formats: ciFormats,
  policies: policies.map((policy) => ({ ...policy, traits: policyTraits(policy) })),
  routers,
  workloads: [
    ...workloads,
    ...traceReaders.map(({ name, summary, source }) => ({ name: `trace (${name})`, summary, source })),
  ],
}

export const familyNames: readonly string[] = [
  ...Object.keys(families),
  ...Object.keys(catalogFamilies),
  'claims',
].sort()

/** Prints the members of a family. */
export function list(family: string, json: boolean, catalogDir?: string): number {
  const members = membersOf(family, catalogDir)
  if (members === undefined) throw unknownName('list', 'family', family, familyNames)
  if (json) {
    const plain = catalogFamilies[family] === undefined ? members.map(nameOnly) : members
    process.stdout.write(`${JSON.stringify(plain, undefined, 2)}\n`)
    return exitCodes.done
  }
  const shown = members.map(withParameter)
  const width = Math.max(...shown.map(({ name }) => name.length))
  for (const { name, summary, source, traits } of shown) {
    const lines = [summary, source, ...(traits === undefined ? [] : [traits])]
    process.stdout.write(lines.map((line, i) => `${(i === 0 ? name : '').padEnd(width)}  ${line}\n`).join(''))
  }
  return exitCodes.done
}

/** Files are read only when it is their family that is asked for. */
function membersOf(family: string, catalogDir: string | undefined): readonly Named[] | undefined {
  if (family === 'claims') return claimsNamed([]).map(claimMember)
  return families[family] ?? catalogFamilies[family]?.(loadCatalog(catalogDir))
}

function claimMember({ id, who, when, statement, source }: Claim): Named {
  return { name: id, summary: `${who}, ${when}: ${statement}`, source }
}

/** With what may follow the name: "more-gpus[:…]". */
function withParameter({ name, summary, source, parameter, traits }: Named): Named {
  if (parameter === undefined) return { name, summary, source, ...(traits !== undefined && { traits }) }
  const preset = parameter.default === '' ? '' : ` (default: ${parameter.default})`
  return { name: `${name}[:…]`, summary: `${summary}; after the colon: ${parameter.summary}${preset}`, source }
}

function nameOnly({ name, summary, source }: Named): Named {
  return { name, summary, source }
}
