import { backends } from '../../backends/registry.ts'
import { workloads } from '../../workloads/registry.ts'
import { policies } from '../cache/policies/registry.ts'
import { loadCatalog } from '../catalog/catalog.ts'
import { exitCodes, unknownName } from '../errors.ts'
import { arms } from '../experiment/arms/registry.ts'
import { admissions } from '../plan/admission/registry.ts'
import { routers } from '../plan/router/registry.ts'
import { traceReaders } from '../workload/readers/registry.ts'
import { catalogFamilies } from './catalog-members.ts'

interface Named {
  readonly name: string
  readonly summary: string
  readonly source: string
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

export const familyNames: readonly string[] = [...Object.keys(families), ...Object.keys(catalogFamilies)].sort()

/** Prints the members of a family. */
export function list(family: string, json: boolean, catalogDir?: string): number {
  const members = families[family] ?? catalogFamilies[family]?.(loadCatalog(catalogDir))
  if (members === undefined) throw unknownName('list', 'family', family, familyNames)
  if (json) {
    const plain = catalogFamilies[family] === undefined ? members.map(nameOnly) : members
    process.stdout.write(`${JSON.stringify(plain, undefined, 2)}\n`)
    return exitCodes.done
  }
  const width = Math.max(...members.map(({ name }) => name.length))
  for (const { name, summary, source } of members) {
    process.stdout.write(`${name.padEnd(width)}  ${summary}\n${' '.repeat(width)}  ${source}\n`)
  }
  return exitCodes.done
}

function nameOnly({ name, summary, source }: Named): Named {
  return { name, summary, source }
}
