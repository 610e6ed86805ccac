import { cusumThresholds } from '../statistics/cusum.ts'
import { levelChanges } from './level-changes.ts'
import type { HistoryRecord } from './record.ts'
import { isWithin } from './tolerance.ts'
import type { ExperimentTrend, TrendMark, TrendPoint, TrendSeries } from './trend-series.ts'

/** The one figure that is worth a wrong mark more: all others are watched at once. */
const watchedMost = 'warehouse/multiplier'
/** Figures that the page shows without being asked. */
const headlines = [/\/multiplier$/, /^[^/]+\/tokens per GPU-second$/, /^[^/]+\/hit rate$/, /^planning time$/]

/** What the records of an experiment say, figure by figure, in the order of the newest record. */
export function experimentTrend(experiment: string, unsorted: readonly HistoryRecord[]): ExperimentTrend {
  const records = [...unsorted].sort((a, b) => a.date.localeCompare(b.date))
  const names = new Set([...records].reverse().flatMap(({ figures }) => figures.map(({ name }) => name)))
  return {
    experiment,
    records,
    inputsChanged: records.filter(({ inputsHash }, i) => i > 0 && records[i - 1]!.inputsHash !== inputsHash),
    series: [...names].map((name) => seriesOf(name, records)),
  }
}

function seriesOf(name: string, records: readonly HistoryRecord[]): TrendSeries {
  const points = records.flatMap((record) => {
    const figure = record.figures.find((candidate) => candidate.name === name)
    return figure === undefined ? [] : [{ record, figure }]
  })
  const { unit, kind, better } = points.at(-1)!.figure
  const isHeadline = isHeadlineName(name)
  const { marks, pointsMissing } =
    kind === 'deterministic'
      ? { marks: exactMarks(points), pointsMissing: 0 }
      : levelChanges(points, name === watchedMost ? cusumThresholds.headline : cusumThresholds.dozen)
  return { name, unit, kind, better, isHeadline, points, marks, pointsMissing }
}

function isHeadlineName(name: string): boolean {
  return !name.startsWith('knee/') && !name.startsWith('sweep/') && headlines.some((pattern) => pattern.test(name))
}

/** Every change of a figure that the inputs fix. */
function exactMarks(points: readonly TrendPoint[]): TrendMark[] {
  return points.flatMap(({ record, figure }, at): TrendMark[] => {
    const before = points[at - 1]
    if (before === undefined || before.record.inputsHash !== record.inputsHash) return []
    if (before.figure.kind !== figure.kind || isWithin(before.figure.value, figure)) return []
    const stepRelative = before.figure.value === 0 ? null : figure.value / before.figure.value - 1
    return [{ at, reason: 'changed', stepRelative, before: before.record, after: record }]
  })
}
