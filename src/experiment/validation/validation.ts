import { loadCatalog } from '../../catalog/catalog.ts'
import { type Published, readPublished } from './published.ts'
import { errorsByKind, errorsOf, type KindErrors } from './score.ts'
import { type BlockReferences, findTrace, readReferences } from './trace-hit-rate.ts'
import { type ValidationRow, validationRow } from './validation-row.ts'

/** How well the catalogue's cost model predicts what others measured with single requests on an idle engine. */
export interface Validation {
  readonly rows: readonly ValidationRow[]
  /** Of the absolute errors of test rows. */
  readonly medianRelativeError: number
  readonly worstRelativeError: number
  /** Of test rows, each kind for itself. */
  readonly byKind: readonly KindErrors[]
  readonly fitMedianRelativeError: number
  readonly fitWorstRelativeError: number
  /** Of test rows that are times or ratios of times. */
  readonly timesMedianRelativeError: number
  readonly timesWorstRelativeError: number
  /** Before the first step of a request, part of every predicted TTFT. */
  readonly requestOverheadMs: number
}

/**
 * All rows of catalog/validation.yaml, predicted with the catalogue's defaults.
 * @param readsTraces whether rows that need a trace are predicted where one is found
 */
export async function validationRows(readsTraces = true): Promise<Validation> {
  const published = readPublished()
  const references = readsTraces ? await readTraces(published) : new Map<string, BlockReferences>()
  return validationOf(published, references)
}

export function validationOf(published: Published, references: ReadonlyMap<string, BlockReferences>): Validation {
  const catalog = loadCatalog()
  const rows = published.rows.map((row) => validationRow(row, published, catalog, references))
  const test = rows.filter(({ role }) => role === 'test')
  const all = errorsOf(test)
  const fit = errorsOf(rows.filter(({ role }) => role === 'fit'))
  const times = errorsOf(test.filter(({ unit }) => unit === 'ms' || unit === 'ratio'))
  return {
    rows,
    medianRelativeError: all.medianRelativeError,
    worstRelativeError: all.worstRelativeError,
    byKind: errorsByKind(test),
    fitMedianRelativeError: fit.medianRelativeError,
    fitWorstRelativeError: fit.worstRelativeError,
    timesMedianRelativeError: times.medianRelativeError,
    timesWorstRelativeError: times.worstRelativeError,
    requestOverheadMs: catalog.assumptions.requestOverheadMs.value,
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
