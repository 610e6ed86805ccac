import type { Figure } from './figure.ts'
import type { HistoryRecord } from './record.ts'

/** One figure of one record. */
export interface TrendPoint {
  readonly record: HistoryRecord
  readonly figure: Figure
}

/** Why a point is marked. */
export type MarkReason =
  /** A deterministic figure differs although the inputs are the same: exact. */
  | 'changed'
  /** The level of a measured figure changed: found by CUSUM. */
  | 'level'
  /** The first point of a machine that came later: its level cannot be told from a change. */
  | 'new machine'

export interface TrendMark {
  /** Of the points. */
  readonly at: number
  readonly reason: MarkReason
  /** New level ÷ old − 1; null where there is none, or where the old one is 0. */
  readonly stepRelative: number | null
  /** The last record of the old level and the first of the new: what to compare. */
  readonly before: HistoryRecord
  readonly after: HistoryRecord
}

/** A figure over the records of an experiment, oldest first. */
export interface TrendSeries {
  readonly name: string
  readonly unit: string
  readonly kind: Figure['kind']
  readonly better: Figure['better']
  readonly isHeadline: boolean
  readonly points: readonly TrendPoint[]
  readonly marks: readonly TrendMark[]
  /** Points more that a verdict needs; 0 where there is one. */
  readonly pointsMissing: number
}

export interface ExperimentTrend {
  readonly experiment: string
  readonly records: readonly HistoryRecord[]
  /** Records before which the inputs changed. */
  readonly inputsChanged: readonly HistoryRecord[]
  readonly series: readonly TrendSeries[]
}
