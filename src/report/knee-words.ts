import { kneeCurve, ownScale } from './headline.ts'
import type { Report } from './report.ts'
import { shortRatio } from './words/answer-ratio.ts'
import { aReplica } from './words/load.ts'

/** A gain that somebody would notice. */
export const gainRatio = 1.1
/** Within this of the highest gain the curve has levelled off. */
const levelShare = 0.9

export interface Point {
  readonly load: number
  readonly value: number
}

/** Where a gain begins and where it levels off: "Nothing below 5 conversations; 3.0× from 12 on." undefined without a knee. */
export function kneeWords(report: Report, arm: string): string | undefined {
  const points = gainPoints(report, arm)
  if (points.length < 2) return undefined
  const start = gainStart(points)
  const [least, most] = [points[0]!.load, points.at(-1)!.load]
  if (start === undefined) return `Nothing at any load tried, ${least} to ${most} conversations ${aReplica(report)}.`
  const begin =
    start === least ? `A gain from ${least} ${conversationWord(least)} on` : `Nothing below ${start} conversations`
  return `${begin}; ${topWords(points)}.`
}

/** The curve of an arm under the run's own scale and router, without what the load on offer limits. */
export function gainPoints(report: Report, arm: string): Point[] {
  return kneeCurve(report, ownScale(report), report.setup.router).flatMap(({ sessionsPerReplica, multiplier }) => {
    const figure = multiplier[arm]
    if (figure === undefined) return []
    // Where the load on offer is the limit, there is no gain in capacity.
    return [
      { load: sessionsPerReplica, value: figure.bound === 'loadLimited' ? Math.min(1, figure.mean) : figure.mean },
    ]
  })
}

/** The lowest load, interpolated, at which somebody would notice a gain; undefined where none does. */
export function gainStart(points: readonly Point[]): number | undefined {
  const first = points.findIndex(({ value }) => value >= gainRatio)
  if (first === -1) return undefined
  return first === 0 ? points[0]!.load : startOf(points, first)
}

/** A crossing on a whole load is on it, whatever the rounding of the division. */
const rounding = 1e-9

/** The load at which the curve crosses the gain that is noticed, rounded up. */
function startOf(points: readonly Point[], first: number): number {
  const [before, after] = [points[first - 1]!, points[first]!]
  const share = (gainRatio - before.value) / (after.value - before.value)
  return Math.max(before.load + 1, Math.ceil(before.load + share * (after.load - before.load) - rounding))
}

function topWords(points: readonly Point[]): string {
  const top = points.reduce((best, point) => (point.value > best.value ? point : best))
  const least = Math.max(gainRatio, levelShare * top.value)
  const level = points.findIndex(({ value }) => value >= least)
  const last = points.at(-1)!
  if (points.slice(level).every(({ value }) => value >= least)) {
    const from = points[level]!
    return from === last
      ? `${shortRatio(last.value)} at ${last.load}`
      : `${shortRatio(from.value)} from ${from.load} on`
  }
  return `${shortRatio(top.value)} at best, at ${top.load}`
}

function conversationWord(count: number): string {
  return count === 1 ? 'conversation' : 'conversations'
}
