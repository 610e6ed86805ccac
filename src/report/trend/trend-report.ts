import type { ExperimentTrend } from '../../history/trend-series.ts'

/** What `memwall trend` found in a folder of history. */
export interface TrendReport {
  readonly createdAt: string
  readonly folder: string
  readonly experiments: readonly ExperimentTrend[]
}
