import { kneeCurve, ownScale } from './headline.ts'
import type { Report } from './report.ts'
import { shortRatio } from './words/answer-ratio.ts'
import { aReplica } from './words/load.ts'

/** A gain that somebody would notice. */
const gainRatio = 1.1
/** Within this of the highest gain the curve has levelled off. */
const levelShare = 0.9

interface Point {
  readonly load: number
  readonly value: number
}

/** Where a gain begins and where it levels off: "Nothing below 5 conversations; 3.0× from 12 on." undefined without a knee. */
export function kneeWords(report: Report, arm: string): string | undefined {
  const points = kneeCurve(report, ownScale(report), report.setup.router).flatMap(
    ({ sessionsPerReplica, multiplier }) => {
      const figure = multiplier[arm]
      if (figure === undefined) return []
      // Where the load on offer is the limit, there is no gain in capacity.
      return [
        { load: sessionsPerReplica, value: figure.bound === 'loadLimited' ? Math.min(1, figure.mean) : figure.mean },
      ]
    },
  )
  if (points.length < 2) return undefined
  const first = points.findIndex(({ value }) => value >= gainRatio)
  const [least, most] = [points[0]!.load, points.at(-1)!.load]
  if (first === -1) return `Nothing at any load tried, ${least} to ${most} conversations ${aReplica(report)}.`
  const begin =
    first === 0
      ? `A gain from ${least} ${conversationWord(least)} on`
      : `Nothing below ${startOf(points, first)} conversations`
  return `${begin}; ${topWords(points)}.`
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
  const level = points.findIndex(({ value }) => value >= levelShare * top.value)
  const last = points.at(-1)!
  if (points.slice(level).every(({ value }) => value >= levelShare * top.value)) {
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
