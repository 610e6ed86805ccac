import { fewestPoints, levelChange } from '../statistics/cusum.ts'
import { quantile } from '../statistics/quantile.ts'
import type { TrendMark, TrendPoint } from './trend-series.ts'

/**
 * Watches a measured figure record by record, as if each night looked once: logarithms, each machine's level removed by its
 * own median. After a mark the baseline starts anew where the level changed.
 */
export function levelChanges(
  points: readonly TrendPoint[],
  threshold: number,
): { readonly marks: TrendMark[]; readonly pointsMissing: number } {
  const marks = newMachines(points)
  const positive = points.flatMap((point, at) => (point.figure.value > 0 ? [{ ...point, at }] : []))
  let start = 0
  for (let end = fewestPoints; end <= positive.length; end++) {
    const watched = positive.slice(start, end)
    const change = levelChange(levelled(watched), threshold)
    if (change === undefined) continue
    const { at, record } = watched[change.at]!
    const stepRelative = Math.exp(change.step) - 1
    marks.push({ at, reason: 'level', stepRelative, before: watched[change.at - 1]!.record, after: record })
    start += change.at
  }
  marks.sort((a, b) => a.at - b.at)
  return { marks, pointsMissing: Math.max(0, fewestPoints - (positive.length - start)) }
}

/** Logarithms less the median of those of the same machine. */
function levelled(points: readonly TrendPoint[]): number[] {
  const logs = points.map(({ figure }) => Math.log(figure.value))
  const levels = new Map<string, number>()
  for (const name of new Set(points.map(machineOf))) {
    const own = logs.filter((_, i) => machineOf(points[i]!) === name)
    levels.set(name, quantile(Float64Array.from(own).sort(), 0.5))
  }
  return logs.map((log, i) => log - levels.get(machineOf(points[i]!))!)
}

function newMachines(points: readonly TrendPoint[]): TrendMark[] {
  const seen = new Set<string>()
  return points.flatMap((point, at): TrendMark[] => {
    const isNew = !seen.has(machineOf(point))
    seen.add(machineOf(point))
    if (!isNew || at === 0) return []
    return [{ at, reason: 'new machine', stepRelative: null, before: points[at - 1]!.record, after: point.record }]
  })
}

/** Times move with the machine. */
export function machineOf({ record }: TrendPoint): string {
  return record.environment.fingerprint!
}
