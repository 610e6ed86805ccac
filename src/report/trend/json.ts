import type { HistoryRecord } from '../../history/record.ts'
import type { ExperimentTrend, TrendMark, TrendSeries } from '../../history/trend-series.ts'
import { jsonSchemaText } from '../json-schema.ts'
import { jsonText } from '../json-text.ts'
import { type TrendJson, trendSchema, trendSchemaVersion } from './schema.ts'
import type { TrendReport } from './trend-report.ts'

type ExperimentJson = TrendJson['experiments'][number]
type SeriesJson = ExperimentJson['series'][number]

/** What `memwall trend --json` prints and trend.json holds. */
export function renderTrendJson({ createdAt, folder, experiments }: TrendReport): string {
  const told: TrendJson = {
    schemaVersion: trendSchemaVersion,
    createdAt,
    folder,
    experiments: experiments.map(experimentOf),
  }
  return `${jsonText(told)}\n`
}

/** JSON Schema of trend.json, as it is published in schema/trend.schema.json. */
export function trendJsonSchema(): string {
  return jsonSchemaText('memwall trend', trendSchema)
}

function experimentOf({ experiment, records, inputsChanged, series }: ExperimentTrend): ExperimentJson {
  const indexOf = (record: HistoryRecord): number => records.indexOf(record)
  return {
    experiment,
    records: records.map(({ date, commit, environment }) => ({
      date,
      commit: commit?.hash ?? null,
      machine: environment.fingerprint!,
    })),
    inputsChanged: inputsChanged.map(indexOf),
    series: series.map((one) => seriesOf(one, indexOf)),
  }
}

function seriesOf(
  { name, unit, kind, better, points, marks, pointsMissing }: TrendSeries,
  indexOf: (record: HistoryRecord) => number,
): SeriesJson {
  const markOf = ({ reason, stepRelative, before, after }: TrendMark): SeriesJson['marks'][number] => ({
    reason,
    stepRelative,
    before: indexOf(before),
    after: indexOf(after),
  })
  return {
    name,
    unit,
    kind,
    better,
    pointsMissing,
    points: {
      records: points.map(({ record }) => indexOf(record)),
      values: points.map(({ figure }) => figure.value),
      low: points.map(({ figure }) => figure.low),
      high: points.map(({ figure }) => figure.high),
    },
    marks: marks.map(markOf),
  }
}
