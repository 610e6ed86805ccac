import { machineOf } from '../../history/level-changes.ts'
import type { HistoryRecord } from '../../history/record.ts'
import type { ExperimentTrend, TrendMark, TrendSeries } from '../../history/trend-series.ts'
import type { TrendReport } from './trend-report.ts'

/** What `memwall trend --json` prints and trend.json holds. */
export function renderTrendJson({ createdAt, folder, experiments }: TrendReport): string {
  return `${JSON.stringify({ schemaVersion: 1, createdAt, folder, experiments: experiments.map(experimentOf) }, undefined, 1)}\n`
}

function experimentOf({ experiment, records, inputsChanged, series }: ExperimentTrend) {
  return { experiment, records: records.length, inputsChanged: inputsChanged.map(where), series: series.map(seriesOf) }
}

function seriesOf({ name, unit, kind, better, points, marks, pointsMissing }: TrendSeries) {
  const told = points.map((point) => {
    const { value, low, high } = point.figure
    return { ...where(point.record), machine: machineOf(point), value, low, high }
  })
  return { name, unit, kind, better, pointsMissing, points: told, marks: marks.map(markOf) }
}

function markOf({ reason, stepRelative, before, after }: TrendMark) {
  return { reason, stepRelative, before: where(before), after: where(after) }
}

function where({ date, commit }: HistoryRecord) {
  return { date, commit: commit?.hash ?? null }
}
