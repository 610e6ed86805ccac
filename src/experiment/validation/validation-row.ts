import type { Catalog } from '../../catalog/catalog.ts'
import { type KvFormat, sequenceKvBytes } from '../../catalog/formats.ts'
import { formatCount } from '../../units.ts'
import { ttftOf } from '../prediction.ts'
import { type Target, targetBlockTokens, targetDeployment } from '../scale/deployment.ts'
import type { HitRateRow, Published, PublishedRow, PublishedSetup, Role, TimedRow } from './published.ts'
import { type BlockReferences, lruHitRate } from './trace-hit-rate.ts'

/** A published figure beside ours. */
export interface ValidationRow {
  readonly id: string
  readonly kind: PublishedRow['kind']
  readonly metric: string
  readonly unit: 'ms' | 'ratio' | 'bytes' | 'share'
  readonly published: number
  /** With the furthest off of the number formats that the source allows; null where this machine lacks what it takes. */
  readonly predicted: number | null
  /** predicted ÷ published − 1. */
  readonly relativeError: number | null
  readonly source: string
  /** Engine, GPUs, formats and link with which it was predicted; absent where time is not predicted. */
  readonly setup?: string | undefined
  readonly role: Role
  /** Why it does not count. */
  readonly reason?: string | undefined
  readonly note?: string | undefined
  /** What else the source leaves open, as it was taken. */
  readonly assumed?: string | undefined
  /** The same with the other number formats that the source allows. */
  readonly alternatives?: readonly Alternative[] | undefined
}

interface Alternative extends Prediction {
  readonly assumed: string
}

interface Prediction {
  readonly predicted: number
  readonly relativeError: number
}

export function validationRow(
  row: PublishedRow,
  { setups, sources, reasons }: Published,
  catalog: Catalog,
  traces: ReadonlyMap<string, BlockReferences>,
): ValidationRow {
  const { id, kind, published, role, note, assumed } = row
  const reason = row.reason === undefined ? undefined : reasons[row.reason]!
  const stated = { id, kind, published, source: sources[row.source]!, role, reason, note, assumed }
  if (row.kind === 'kv-bytes') {
    const bytes = sequenceKvBytes(catalog.model(row.model), row.kv, row.contextTokens)
    const metric = `KV of ${contextOf(row.contextTokens, row.model)}`
    return { ...stated, metric, unit: 'bytes', ...against(published, bytes) }
  }
  if (row.kind === 'hit-rate') return { ...stated, ...hitRateOf(row, traces.get(row.trace)) }
  return { ...stated, ...timeOf(row, setups[row.setup]!, catalog) }
}

function against(published: number, predicted: number): Prediction {
  return { predicted, relativeError: predicted / published - 1 }
}

type Predicted = Pick<ValidationRow, 'metric' | 'unit' | 'predicted' | 'relativeError' | 'setup' | 'alternatives'>

function hitRateOf(row: HitRateRow, references: BlockReferences | undefined): Predicted & { readonly note?: string } {
  const { pools, capacityBlocks, published, trace } = row
  const blocks = `${capacityBlocks.toLocaleString('en-US')} blocks`
  const metric = pools === 1 ? `hit rate, one pool of ${blocks}` : `hit rate, ${pools} pools of ${blocks}`
  if (references === undefined) {
    const note = `needs ${trace}, which is not on this machine`
    return { metric, unit: 'share', predicted: null, relativeError: null, note }
  }
  return { metric, unit: 'share', ...against(published, lruHitRate(references, pools, capacityBlocks)) }
}

const timedTitles: Readonly<Record<TimedRow['kind'], string>> = {
  recompute: 'TTFT recomputed',
  'first-turn': 'TTFT of a first turn',
  fetch: 'TTFT fetched',
  speedup: 'TTFT recomputed ÷ fetched',
}

/** The error that counts is the worst of those that the source's number formats allow. */
function timeOf(row: TimedRow, setup: PublishedSetup, catalog: Catalog): Predicted {
  const tried = setup.kv.map((kv) => ({ kv, ...against(row.published, predict(row, setup, kv, catalog)) }))
  const worst = tried.reduce((most, one) => (Math.abs(one.relativeError) > Math.abs(most.relativeError) ? one : most))
  const others = tried.filter((one) => one !== worst)
  const open = others.length === 0 ? '' : `, KV in ${worst.kv}`
  return {
    metric: `${timedTitles[row.kind]}, ${contextOf(row.contextTokens, setup.model)}${open}`,
    unit: row.kind === 'speedup' ? 'ratio' : 'ms',
    predicted: worst.predicted,
    relativeError: worst.relativeError,
    setup: `${setup.engine} on ${setup.tensorParallel} × ${setup.gpu}, weights in ${setup.weights}, KV in ${worst.kv}, ${setup.link}`,
    alternatives:
      others.length === 0 ? undefined : others.map(({ kv, ...other }) => ({ assumed: `KV in ${kv}`, ...other })),
  }
}

function contextOf(contextTokens: number, model: string): string {
  return `${formatCount(contextTokens, 'token')} of ${model}`
}

/** With the overhead of a request before its first step, as in all that memwall prints. */
function predict(row: TimedRow, setup: PublishedSetup, kv: KvFormat, catalog: Catalog): number {
  const deployment = targetDeployment(targetOf(row, setup, kv, catalog), targetBlockTokens)
  const { recompute, fetch } = ttftOf(deployment, deployment.warehouseLink)
  return row.kind === 'speedup' ? recompute / fetch : row.kind === 'fetch' ? fetch : recompute
}

function targetOf({ contextTokens }: TimedRow, setup: PublishedSetup, kv: KvFormat, catalog: Catalog): Target {
  const model = catalog.model(setup.model)
  const link = catalog.link(setup.link)
  return {
    gpu: catalog.gpu(setup.gpu),
    model,
    tensorParallel: setup.tensorParallel,
    weightFormat: setup.weights,
    kvFormat: kv,
    warehouseLink: link,
    dramLink: link,
    contextTokens,
    maxContextTokens: model.maxContextTokens,
    dramBytes: 0,
    assumptions: catalog.assumptions,
  }
}
