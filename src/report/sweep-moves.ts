import { baselineArm, headlineArm, inArmOrder } from './arms.ts'
import type { Report, Sweep } from './report.ts'

/** What a sweep does to the multiplier of an arm. */
export interface Move {
  readonly arm: string
  readonly first: Reached
  readonly last: Reached
  readonly low: Reached
  readonly high: Reached
  readonly moves: boolean
}

interface Reached {
  readonly value: string
  readonly mean: number
}

/** A multiplier that stays within this hardly moves. */
const noticeable = 0.05

/** One entry an arm that is compared with the baseline, in the order of arms. */
export function sweepMoves({ points }: Sweep): Move[] {
  const arms = inArmOrder([...new Set(points.flatMap(({ multiplier }) => Object.keys(multiplier)))])
  return arms.filter((arm) => arm !== baselineArm).flatMap((arm) => moveOf(points, arm) ?? [])
}

function moveOf(points: Sweep['points'], arm: string): Move | undefined {
  const reached = points.flatMap(({ value, multiplier }) => {
    const mean = multiplier[arm]?.mean
    return mean === undefined ? [] : [{ value, mean }]
  })
  const [first, last] = [reached[0], reached.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const low = reached.reduce((least, one) => (one.mean < least.mean ? one : least))
  const high = reached.reduce((most, one) => (one.mean > most.mean ? one : most))
  return { arm, first, last, low, high, moves: rangeOf({ low, high }) > 1 + noticeable }
}

function rangeOf({ low, high }: Pick<Move, 'low' | 'high'>): number {
  return low.mean > 0 ? high.mean / low.mean : Number.POSITIVE_INFINITY
}

/** The arm that a sweep is about: the headline's where it moves, or else the one that moves most. */
export function sweptArm(report: Report, sweep: Sweep): Move | undefined {
  const moves = sweepMoves(sweep)
  const headline = moves.find(({ arm }) => arm === headlineArm(report))
  if (headline?.moves) return headline
  const most = moves.reduce<Move | undefined>(
    (best, one) => (best && rangeOf(best) >= rangeOf(one) ? best : one),
    undefined,
  )
  return most?.moves ? most : (headline ?? most)
}
