import { assert } from '../../errors.ts'
import { quantile } from '../../statistics/quantile.ts'
import type { ValidationRow } from './validation-row.ts'

/** Absolute relative errors of some rows. */
export interface RowErrors {
  /** Rows that could be predicted here. */
  readonly rows: number
  readonly medianRelativeError: number
  readonly worstRelativeError: number
}

export interface KindErrors extends RowErrors {
  readonly kind: ValidationRow['kind']
}

export function errorsOf(rows: readonly ValidationRow[]): RowErrors {
  const errors = rows.flatMap(({ relativeError }) => (relativeError === null ? [] : [Math.abs(relativeError)]))
  assert(errors.length > 0, 'rows that count can be predicted anywhere')
  errors.sort((a, b) => a - b)
  return { rows: errors.length, medianRelativeError: quantile(errors, 0.5), worstRelativeError: errors.at(-1)! }
}

/** A figure's error is that of its own kind. */
export function errorsByKind(rows: readonly ValidationRow[]): KindErrors[] {
  const predicted = rows.filter(({ relativeError }) => relativeError !== null)
  const kinds = [...new Set(predicted.map(({ kind }) => kind))]
  return kinds.map((kind) => ({ kind, ...errorsOf(predicted.filter((row) => row.kind === kind)) }))
}
