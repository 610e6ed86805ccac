import { z } from 'zod'
import { loadCatalog } from '../../catalog/catalog.ts'
import { type CatalogFile, entryError, readYaml } from '../../catalog/read-entries.ts'
import { type OwnPrices, ownPricesSchema } from '../../claims/economics/prices.ts'
import { badInput, nearest, unknownName } from '../../errors.ts'
import { optionsOf } from '../run/experiment-file.ts'
import { settingsOf } from '../run/settings.ts'

const value = z.union([z.string(), z.number()])
const schema = z.strictObject({
  gpu: z.string().optional(),
  count: value.optional(),
  tp: value.optional(),
  model: z.string().optional(),
  weights: z.string().optional(),
  kv: z.string().optional(),
  'sessions-per-replica': value.optional(),
  context: value.optional(),
  dram: z.string().optional(),
  'link-speed': z.string().optional(),
  'link-latency': z.string().optional(),
  prices: ownPricesSchema.optional(),
})

/** A buyer's own deployment, as options of an experiment. */
export interface BuyerDeployment {
  readonly shown: string
  readonly options: Readonly<Record<string, string | number>>
  readonly prices: OwnPrices
  /** The arm that the buyer has today. */
  readonly baseline: 'hbm-only' | 'local-dram'
  /** "gpu: b300 (not given)". */
  readonly assumed: readonly string[]
  readonly text: string
}

/** Of every claim the same: it is one deployment. The workload is each claim's own, and so is its context. */
const assumedDefaults = {
  gpu: 'b300',
  tp: 1,
  model: 'llama-3.1-70b',
  weights: 'bf16',
  kv: 'bf16',
  'sessions-per-replica': 8,
  dram: 'none',
  'link-speed': '37.5 GB/s',
  'link-latency': '0.5 ms',
} as const

/** Reads a deployment; every key is optional, what is not given is assumed and said. */
export function readDeployment(path: string): BuyerDeployment {
  const file: CatalogFile = { path, shown: path }
  const content = readYaml(file) ?? {}
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw wrongKey(path, parsed.error.issues[0]!, content)
  const { prices = {}, count, dram, 'link-speed': speed, 'link-latency': latency, ...rest } = parsed.data
  const hasDram = dram !== undefined && dram !== assumedDefaults.dram
  const { dram: _, 'link-speed': ownSpeed, 'link-latency': ownLatency, ...plain } = assumedDefaults
  // Two groups; a tp that is no number is refused by its own name.
  const group = Number(rest.tp ?? plain.tp)
  const gpus = 2 * (Number.isInteger(group) && group > 0 ? group : 1)
  const given: Record<string, string | number> = {
    ...plain,
    gpus: count ?? gpus,
    link: `${speed ?? ownSpeed},${latency ?? ownLatency}`.replaceAll(' ', ''),
  }
  for (const [name, one] of Object.entries(rest)) if (one !== undefined) given[name] = one
  if (hasDram) given.dram = dram
  // What makes no sense is refused here, not in the middle of a trial.
  settingsOf(optionsOf({ ...given, backend: 'model' }, path))
  refuseUnknownGpus(path, prices)
  const named = new Set(Object.entries(parsed.data).flatMap(([name, one]) => (one === undefined ? [] : [name])))
  const assumed = Object.entries({ ...assumedDefaults, count: gpus, context: 'each claim’s own' }).filter(
    ([name]) => !named.has(name),
  )
  return {
    shown: path,
    options: given,
    prices,
    baseline: hasDram ? 'local-dram' : 'hbm-only',
    assumed: assumed.map(([name, one]) => `${name}: ${one}`),
    text: Object.entries(given)
      .map(([name, one]) => `${name} ${one}`)
      .join(', '),
  }
}

function refuseUnknownGpus(path: string, { gpuHourUsd = {} }: OwnPrices): void {
  const known = loadCatalog().gpus.map(({ name }) => name)
  const unknown = Object.keys(gpuHourUsd).find((name) => !known.includes(name))
  if (unknown !== undefined) throw unknownName(`${path} prices.gpuHourUsd`, 'GPU', unknown, known)
}

function wrongKey(path: string, issue: z.core.$ZodIssue, content: unknown): Error {
  if (issue.code !== 'unrecognized_keys') return entryError(path, issue, content)
  const known = Object.keys(schema.shape)
  const guess = nearest(issue.keys[0]!, known)
  const list = `Known: ${known.join(', ')}.`
  return badInput(`${path} ${issue.keys[0]}`, 'unknown key', guess ? `Did you mean "${guess}"? ${list}` : list)
}
