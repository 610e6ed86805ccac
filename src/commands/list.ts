import { backends } from '../../backends/registry.ts'
import { workloads } from '../../workloads/registry.ts'
import { policies } from '../cache/policies/registry.ts'
import { type Catalog, loadCatalog } from '../catalog/catalog.ts'
import { kvBytesPerTokenOf } from '../catalog/formats.ts'
import { exitCodes, unknownName } from '../errors.ts'
import { arms } from '../experiment/arms/registry.ts'
import { admissions } from '../plan/admission/registry.ts'
import { routers } from '../plan/router/registry.ts'
import { formatBytes, formatCount, formatMs, formatNumber } from '../units.ts'
import { traceReaders } from '../workload/readers/registry.ts'

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

/** Families of the catalogue: all their figures are shown. */
const catalogFamilies: Readonly<Record<string, (catalog: Catalog) => readonly Named[]>> = {
  gpus: ({ gpus }) => gpus.map((gpu) => ({ ...gpu, summary: gpuSummary(gpu) })),
  links: ({ links }) => links.map((link) => ({ ...link, summary: linkSummary(link) })),
  models: ({ models }) => models.map((model) => ({ ...model, summary: modelSummary(model) })),
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

const whole = (value: number): string => value.toLocaleString('en-US')
const perSecond = (bytesPerMs: number): string => `${formatBytes(bytesPerMs * 1000)}/s`

function gpuSummary(gpu: Catalog['gpus'][number]): string {
  const fp8 = gpu.fp8TflopsPerSecond === undefined ? 'no fp8' : `${whole(gpu.fp8TflopsPerSecond)} fp8`
  const power = gpu.boardPowerWatts === undefined ? '' : `, ${whole(gpu.boardPowerWatts)} W`
  return `${whole(gpu.bf16TflopsPerSecond)} TFLOP/s bf16, ${fp8}; ${formatBytes(gpu.hbm)} at ${perSecond(gpu.hbmBandwidth)}; ${perSecond(gpu.interconnect)} between GPUs${power}`
}

function linkSummary({ readPerGpu, writePerGpu, latency, host }: Catalog['links'][number]): string {
  const shared = host === undefined ? '' : `; ${perSecond(host.read)} for a host of ${host.gpus}`
  return `${perSecond(readPerGpu)} read, ${perSecond(writePerGpu)} write a GPU${shared}; latency ${formatMs(latency)}`
}

function modelSummary(model: Catalog['models'][number]): string {
  const billions = (parameters: number): string => `${formatNumber(parameters / 1e9)}e9`
  const active = model.experts === undefined ? '' : ` (${billions(model.activeParameters)} active)`
  const kv = `${kvBytesPerTokenOf(model, 'bf16').toLocaleString('en-US')} KV bytes a token in bf16`
  const also = model.aliases.length === 0 ? '' : `; also ${model.aliases.join(', ')}`
  return `${billions(model.parameters)} parameters${active}, ${model.layers} layers, ${kv}, up to ${formatCount(model.maxContextTokens, 'token')}${also}`
}
