import { type Catalog, loadCatalog } from '../../catalog/catalog.ts'
import { sequenceKvBytes } from '../../catalog/formats.ts'
import { assert } from '../../errors.ts'
import { quantile } from '../../statistics/quantile.ts'
import { formatCount } from '../../units.ts'
import { ttftOf } from '../prediction.ts'
import { type Target, targetBlockTokens, targetDeployment } from '../scale/deployment.ts'
import {
  type HitRateRow,
  type Published,
  type PublishedRow,
  type PublishedSetup,
  readPublished,
  type TimedRow,
} from './published.ts'
import { type BlockReferences, findTrace, lruHitRate, readReferences } from './trace-hit-rate.ts'

/** A published figure beside ours. */
export interface ValidationRow {
  readonly id: string
  readonly metric: string
  readonly unit: 'ms' | 'ratio' | 'bytes' | 'share'
  readonly published: number
  /** null where this machine lacks what it takes; the note says so. */
  readonly predicted: number | null
  /** predicted ÷ published − 1. */
  readonly relativeError: number | null
  readonly source: string
  /** Engine, GPUs, formats and link with which it was predicted; absent where time is not predicted. */
  readonly setup?: string | undefined
  readonly role: 'fit' | 'test' | 'unexplained'
  readonly note?: string | undefined
  /** What the source leaves open, as it was taken. */
  readonly assumed?: string | undefined
  /** The same with another number format that the source allows. */
  readonly alternative?:
    | { readonly assumed: string; readonly predicted: number; readonly relativeError: number }
    | undefined
}

/** How well the catalogue's cost model predicts what others measured. */
export interface Validation {
  readonly rows: readonly ValidationRow[]
  /** Of the absolute errors of test rows. */
  readonly medianRelativeError: number
  readonly worstRelativeError: number
  readonly fitMedianRelativeError: number
  readonly fitWorstRelativeError: number
  /** Of test rows that are times or ratios of times: sizes and hit rates leave little to get wrong. */
  readonly timesMedianRelativeError: number
  readonly timesWorstRelativeError: number
}

/**
 * All rows of catalog/validation.yaml, predicted with the catalogue's defaults.
 * @param readsTraces whether rows that need a trace are predicted where one is found
 */
export async function validationRows(readsTraces = true): Promise<Validation> {
  const published = readPublished()
  const catalog = loadCatalog()
  const references = readsTraces ? await readTraces(published) : new Map<string, BlockReferences>()
  const rows = published.rows.map((row) => validationRow(row, published, catalog, references))
  const test = rows.filter(({ role }) => role === 'test')
  const all = summary(test)
  const fit = summary(rows.filter(({ role }) => role === 'fit'))
  const times = summary(test.filter(({ unit }) => unit === 'ms' || unit === 'ratio'))
  return {
    rows,
    medianRelativeError: all.median,
    worstRelativeError: all.worst,
    fitMedianRelativeError: fit.median,
    fitWorstRelativeError: fit.worst,
    timesMedianRelativeError: times.median,
    timesWorstRelativeError: times.worst,
  }
}

async function readTraces({ rows }: Published): Promise<Map<string, BlockReferences>> {
  const names = new Set(rows.flatMap((row) => (row.kind === 'hit-rate' ? [row.trace] : [])))
  const read = new Map<string, BlockReferences>()
  for (const name of names) {
    const path = findTrace(name)
    if (path !== undefined) read.set(name, await readReferences(path))
  }
  return read
}

function validationRow(
  row: PublishedRow,
  { setups, sources }: Published,
  catalog: Catalog,
  traces: ReadonlyMap<string, BlockReferences>,
): ValidationRow {
  const { id, published, role, note, assumed } = row
  const stated = { id, published, source: sources[row.source]!, role, note, assumed }
  const against = (predicted: number) => ({ predicted, relativeError: predicted / published - 1 })
  if (row.kind === 'kv-bytes') {
    const bytes = sequenceKvBytes(catalog.model(row.model), row.kv, row.contextTokens)
    return { ...stated, metric: `KV of ${contextOf(row.contextTokens, row.model)}`, unit: 'bytes', ...against(bytes) }
  }
  if (row.kind === 'hit-rate') {
    const references = traces.get(row.trace)
    return {
      ...stated,
      metric: hitRateMetric(row),
      unit: 'share',
      ...(references === undefined
        ? { predicted: null, relativeError: null, note: `needs ${row.trace}, which is not on this machine` }
        : against(lruHitRate(references, row.pools, row.capacityBlocks))),
    }
  }
  const setup = setups[row.setup]!
  const other = row.alternative === undefined ? undefined : setups[row.alternative]!
  return {
    ...stated,
    metric: `${timedTitles[row.kind]}, ${contextOf(row.contextTokens, setup.model)}`,
    unit: row.kind === 'speedup' ? 'ratio' : 'ms',
    setup: `${setup.engine} on ${setup.tensorParallel} × ${setup.gpu}, weights in ${setup.weights}, KV in ${setup.kv}, ${setup.link}`,
    ...against(predict(row, setup, catalog)),
    alternative: other && { assumed: `KV in ${other.kv}`, ...against(predict(row, other, catalog)) },
  }
}

const timedTitles: Readonly<Record<TimedRow['kind'], string>> = {
  recompute: 'TTFT recomputed',
  'first-turn': 'TTFT of a first turn',
  fetch: 'TTFT fetched',
  speedup: 'TTFT recomputed ÷ fetched',
}

function contextOf(contextTokens: number, model: string): string {
  return `${formatCount(contextTokens, 'token')} of ${model}`
}

function hitRateMetric({ pools, capacityBlocks }: HitRateRow): string {
  const blocks = `${capacityBlocks.toLocaleString('en-US')} blocks`
  return pools === 1 ? `hit rate, one pool of ${blocks}` : `hit rate, ${pools} pools of ${blocks}`
}

function predict(row: TimedRow, setup: PublishedSetup, catalog: Catalog): number {
  const deployment = targetDeployment(targetOf(row, setup, catalog), targetBlockTokens)
  const requestOverheadMs = row.withoutOverhead ? 0 : deployment.requestOverheadMs
  const ttft = ttftOf({ ...deployment, requestOverheadMs }, deployment.warehouseLink)
  return row.kind === 'speedup' ? ttft.recompute / ttft.fetch : row.kind === 'fetch' ? ttft.fetch : ttft.recompute
}

function targetOf({ contextTokens }: TimedRow, setup: PublishedSetup, catalog: Catalog): Target {
  const model = catalog.model(setup.model)
  const link = catalog.link(setup.link)
  return {
    gpu: catalog.gpu(setup.gpu),
    model,
    tensorParallel: setup.tensorParallel,
    weightFormat: setup.weights,
    kvFormat: setup.kv,
    warehouseLink: link,
    dramLink: link,
    contextTokens,
    maxContextTokens: model.maxContextTokens,
    dramBytes: 0,
    assumptions: catalog.assumptions,
  }
}

function summary(rows: readonly ValidationRow[]): { readonly median: number; readonly worst: number } {
  const errors = rows.flatMap(({ relativeError }) => (relativeError === null ? [] : [Math.abs(relativeError)]))
  assert(errors.length > 0, 'a role has rows that can be predicted anywhere')
  errors.sort((a, b) => a - b)
  return { median: quantile(errors, 0.5), worst: errors.at(-1)! }
}
