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
import { traceReaders } from '../workload/readers/registry.ts'
import { catalogFamilies } from './catalog-members.ts'
import { claimsNamed } from './verify/claim-files.ts'

interface Named {
  readonly name: string
  readonly summary: string
  readonly source: string
  /** Of an arm. */
  readonly parameter?: ArmSpec['parameter']
}

const families: Readonly<Record<string, readonly Named[]>> = {
  admissions,
  arms,
  backends,
  policies,
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
  for (const { name, summary, source } of shown) {
    process.stdout.write(`${name.padEnd(width)}  ${summary}\n${' '.repeat(width)}  ${source}\n`)
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
function withParameter({ name, summary, source, parameter }: Named): Named {
  if (parameter === undefined) return { name, summary, source }
  const preset = parameter.default === '' ? '' : ` (default: ${parameter.default})`
  return { name: `${name}[:…]`, summary: `${summary}; after the colon: ${parameter.summary}${preset}`, source }
}

function nameOnly({ name, summary, source }: Named): Named {
  return { name, summary, source }
}
