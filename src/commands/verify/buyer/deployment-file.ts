import { z } from 'zod'
import { loadCatalog } from '../../../catalog/catalog.ts'
import { type CatalogFile, entryError, readYaml } from '../../../catalog/read-entries.ts'
import { type OwnPrices, ownPricesSchema } from '../../../claims/economics/prices.ts'
import { badInput, MemwallError, nearest, unknownName } from '../../../errors.ts'
import { GB, parseCount } from '../../../units.ts'
import { optionsOf } from '../../run/experiment-file.ts'
import { settingsOf } from '../../run/settings.ts'
import { type Owned, sizePerWhat, speedPerWhat } from './per-what.ts'

const value = z.union([z.string(), z.number()])
const schema = z.strictObject({
  gpu: z.string().optional(),
  gpus: value.optional(),
  'gpus-per-host': value.optional(),
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

type Content = z.output<typeof schema>

/** A buyer's own deployment, as options of an experiment. */
export interface BuyerDeployment {
  readonly shown: string
  /** What an experiment takes; the context is apart, since it shapes the workload. */
  readonly options: Readonly<Record<string, string | number>>
  /** Mean prompt of the buyer's requests; undefined: each claim's own. */
  readonly contextTokens: number | undefined
  readonly gpusPerHost: number
  /** null: none. */
  readonly dram: Owned | null
  readonly link: Owned
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
  'gpus-per-host': 8,
  tp: 1,
  model: 'llama-3.1-70b',
  weights: 'bf16',
  kv: 'bf16',
  'sessions-per-replica': 8,
  dram: 'none',
  'link-speed': '37.5 GB/s a GPU',
  'link-latency': '0.5 ms',
} as const

/** Reads a deployment; every key is optional, what is not given is assumed and said. */
export function readDeployment(path: string): BuyerDeployment {
  const file: CatalogFile = { path, shown: path }
  const content = readYaml(file) ?? {}
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw wrongKey(path, parsed.error.issues[0]!, content)
  const given = parsed.data
  const { prices = {}, context } = given
  const hosts = hostOf(path, given)
  const own = optionsIn(given, hosts)
  // What makes no sense is refused here, with the file and its key, not in the middle of a trial.
  const told = { ...own, ...(context === undefined ? {} : { context }) }
  inFile(path, () => settingsOf(optionsOf({ ...told, backend: 'model' }, path)))
  refuseUnknownGpus(path, prices)
  const assumed = Object.entries({ ...assumedDefaults, gpus: own.gpus, context: 'each claim’s own' }).filter(
    ([name]) => given[name as keyof Content] === undefined,
  )
  return {
    shown: path,
    options: own,
    contextTokens: context === undefined ? undefined : parseCount(context, `${path} context`),
    ...hosts,
    prices,
    baseline: hosts.dram === null ? 'hbm-only' : 'local-dram',
    assumed: assumed.map(([name, one]) => `${name}: ${one}`),
    text: toldText(given, own, hosts),
  }
}

/** What of a host is whose. */
type Hosts = Pick<BuyerDeployment, 'gpusPerHost' | 'dram' | 'link'>

function hostOf(path: string, { dram = 'none', ...given }: Content): Hosts {
  const where = `${path} gpus-per-host`
  const gpusPerHost = parseCount(given['gpus-per-host'] ?? assumedDefaults['gpus-per-host'], where)
  if (!Number.isInteger(gpusPerHost) || gpusPerHost < 1) {
    throw badInput(where, `is ${gpusPerHost}; it must be a whole number, at least 1`, 'A host has mostly 8.')
  }
  return {
    gpusPerHost,
    dram: dram === 'none' ? null : sizePerWhat(dram, gpusPerHost, `${path} dram`),
    link: speedPerWhat(given['link-speed'] ?? assumedDefaults['link-speed'], gpusPerHost, `${path} link-speed`),
  }
}

/** As an experiment has it: sizes and speeds of a GPU. */
function optionsIn(given: Content, { dram, link }: Hosts): Record<string, string | number> {
  const { gpu, tp, model, weights, kv } = { ...assumedDefaults, ...given }
  // Two groups; a tp that is no number is refused by its own name.
  const group = Number(tp)
  const gpus = given.gpus ?? 2 * (Number.isInteger(group) && group > 0 ? group : 1)
  const latency = given['link-latency'] ?? assumedDefaults['link-latency']
  return {
    gpu: gpu ?? assumedDefaults.gpu,
    tp: tp ?? assumedDefaults.tp,
    model: model ?? assumedDefaults.model,
    weights: weights ?? assumedDefaults.weights,
    kv: kv ?? assumedDefaults.kv,
    'sessions-per-replica': given['sessions-per-replica'] ?? assumedDefaults['sessions-per-replica'],
    gpus,
    link: `${Number((link.perGpu / GB).toPrecision(9))}GB/s,${latency}`.replaceAll(' ', ''),
    ...(dram === null ? {} : { dram: `${Number((dram.perGpu / GB).toPrecision(9))} GB` }),
  }
}

function toldText(given: Content, own: Readonly<Record<string, string | number>>, { dram, link }: Hosts): string {
  const { link: _, dram: __, ...plain } = own
  const told = {
    ...plain,
    ...(given.context === undefined ? {} : { context: given.context }),
    dram: dram?.text ?? 'none',
    'link-speed': link.text,
    'link-latency': given['link-latency'] ?? assumedDefaults['link-latency'],
  }
  return Object.entries(told)
    .map(([name, one]) => `${name} ${one}`)
    .join(', ')
}

/** Keys of options that files write apart. */
const keyOf: Readonly<Record<string, string>> = { link: 'link-latency' }

/** What is said of an option, said of the file and its key. */
function inFile(path: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof MemwallError)) throw error
    const name = /^(?:--)?([a-z-]+)/.exec(error.where.replace(`${path} `, ''))?.[1] ?? ''
    const place = `${path} ${keyOf[name] ?? name}`.trimEnd()
    throw badInput(place, error.what, error.fix.replaceAll('--', ''))
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
  const key = issue.keys[0]!
  const guess = key === 'count' ? 'gpus' : nearest(key, known)
  const list = `Known: ${known.join(', ')}.`
  return badInput(`${path} ${key}`, 'unknown key', guess ? `Did you mean "${guess}"? ${list}` : list)
}
