import { formatRatio, formatShare } from '../units.ts'
import { armPhrase, inArmOrder } from './arms.ts'
import type { KneePoint, Sweep } from './report.ts'

/**
 * What a swept option does to each arm by itself. A multiplier holds an arm against the baseline under the same option, so what the
 * option does to both is not in it; this holds each arm against itself under the first value named.
 */
export interface OwnEffect {
  readonly arm: string
  readonly points: readonly EffectPoint[]
}

interface EffectPoint {
  readonly value: string
  /** Throughput ÷ the same arm's at the first value. */
  readonly ratio: number
  readonly hitRate: number
}

type Points = readonly (Pick<KneePoint, 'arms'> & { readonly value: string })[]

/** Options that change what every arm does, the baseline included. */
const choices = new Set(['policy', 'router', 'admission'])
const noticeable = 0.05

export function isChoice(parameter: string): boolean {
  return choices.has(parameter)
}

/** @param points in the order in which the values were named */
export function ownEffects(points: Points): OwnEffect[] {
  const first = points[0]?.arms ?? {}
  return inArmOrder(Object.keys(first)).map((arm) => ({
    arm,
    points: points.flatMap(({ value, arms }) => {
      const ratio = ratioToFirst(points, value, arm)
      return ratio === undefined ? [] : [{ value, ratio, hitRate: arms[arm]!.hitRate }]
    }),
  }))
}

/** Throughput of an arm at a value against its own at the first value; undefined where either has none. */
export function ratioToFirst(points: Points, value: string, arm: string): number | undefined {
  const first = points[0]?.arms[arm]?.tokensPerGpuSecond
  const own = points.find((point) => point.value === value)?.arms[arm]?.tokensPerGpuSecond
  return first === undefined || first === 0 || own === undefined ? undefined : own / first
}

/** The arm and value at which a choice does most: "With policy s3-fifo HBM only does 1.12× of what it does with lru". */
export function choiceTitle({ parameter, points }: Sweep): string {
  const first = points[0]!.value
  const all = ownEffects(points).flatMap((effect) => effect.points.map((point) => ({ arm: effect.arm, ...point })))
  const size = (ratio: number): number => Math.abs(Math.log(ratio))
  const most = all.reduce((best, point) => (size(point.ratio) > size(best.ratio) ? point : best), all[0]!)
  if (size(most.ratio) < Math.log(1 + noticeable)) {
    const furthest = formatShare(Math.abs(most.ratio - 1))
    return `${parameter} hardly moves throughput: no arm is more than ${furthest} from its own with ${first} (planned)`
  }
  const before = all.find(({ arm, value }) => arm === most.arm && value === first)!
  const hits = `its hit rate is ${formatShare(most.hitRate)}, not ${formatShare(before.hitRate)}`
  return `With ${parameter} ${most.value} ${armPhrase(most.arm)} does ${formatRatio(most.ratio)} of what it does with ${first}: ${hits} (planned)`
}

/** Every value but the first: throughput of each arm against its own there, and its hit rate. */
export function choiceLines({ points }: Sweep): string[] {
  const effects = ownEffects(points)
  return points.slice(1).map(({ value }) => {
    const told = effects.flatMap(({ arm, points: own }) => {
      const point = own.find((one) => one.value === value)
      return point === undefined ? [] : [`${arm} ${formatRatio(point.ratio)} (hit rate ${formatShare(point.hitRate)})`]
    })
    return `${value}: ${told.join(', ')}`
  })
}
