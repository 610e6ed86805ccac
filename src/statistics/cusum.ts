import { splitDistance } from './mann-whitney.ts'
import { quantile } from './quantile.ts'

/** A level that a series left. */
export interface LevelChange {
  /** First point of the new level. */
  readonly at: number
  /** Median of the new level less that of the old: a logarithm where the series is one. */
  readonly step: number
}

/** How much must add up before a mark is made: for one figure that matters, or where a dozen are watched at once. */
export const cusumThresholds = { headline: 7, dozen: 9 } as const

/** With fewer points there is no verdict. */
export const fewestPoints = 16
const mostPoints = 40
/** The newest are kept out of the baseline, so that a change does not hide itself. */
const outsideBaseline = 12
const summed = 14
const allowance = 1.25
const clipped = 3
/** The MAD of four points is often far too small: nearly all wrong marks came from baselines under twelve points. */
const shortBaseline = 30
/** What no clock can tell apart: a series that never varied before must vary by more than this. */
const leastDeviation = 0.001

/**
 * Whether the newest points of a series left its level: clipped deviations from the median of the older ones, added up on
 * either side (Page's CUSUM on robust scores). CUSUM raises; the best Mann–Whitney split among the points that were added
 * up dates.
 */
export function levelChange(series: readonly number[], threshold: number): LevelChange | undefined {
  if (series.length < fewestPoints) return undefined
  const first = Math.max(0, series.length - mostPoints)
  const points = series.slice(first)
  if (raised(points) <= threshold) return undefined
  const at = bestSplit(points)
  return { at: first + at, step: median(points.slice(at)) - median(points.slice(0, at)) }
}

/** The larger of the two sums at the last point. */
function raised(points: readonly number[]): number {
  const baseline = points.slice(0, points.length - outsideBaseline)
  const centre = median(baseline)
  const spread = 1.4826 * median(baseline.map((value) => Math.abs(value - centre)))
  const length = baseline.length
  const deviation = Math.max(leastDeviation, spread * (1 + 2 / length + shortBaseline / length ** 2))
  let up = 0
  let down = 0
  for (const value of points.slice(-summed)) {
    const z = Math.max(-clipped, Math.min(clipped, (value - centre) / deviation))
    up = Math.max(0, up + z - allowance)
    down = Math.max(0, down - z - allowance)
  }
  return Math.max(up, down)
}

function bestSplit(points: readonly number[]): number {
  let best = points.length - 1
  let most = 0
  for (let at = Math.max(1, points.length - summed); at < points.length; at++) {
    const distance = splitDistance(points, at)
    if (distance > most) {
      most = distance
      best = at
    }
  }
  return best
}

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5)
}
