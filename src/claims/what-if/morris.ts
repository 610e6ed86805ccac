import { assert } from '../../errors.ts'
import { type Random, shuffled } from '../../random.ts'
import type { Ask } from '../ask.ts'
import type { ScreenedAssumption } from '../result.ts'
import type { Assumption } from './assumptions.ts'
import { attempt } from './attempt.ts'
import { questionAt, together, valueBetween } from './parameter.ts'

export interface MorrisSettings {
  readonly random: Random
  /** Walks through the box of assumptions, each of one step an assumption. */
  readonly trajectories?: number
  /** Levels that a range is cut into; even. */
  readonly levels?: number
}

/** A walk: the level of each assumption at every point, and which assumption each step moves. */
export interface Trajectory {
  readonly points: readonly (readonly number[])[]
  readonly moved: readonly number[]
}

/**
 * The elementary effects of Morris, "Factorial Sampling Plans for Preliminary Computational Experiments", Technometrics 33
 * (1991): mean of their absolute values (mu*, Campolongo et al. 2007), and their standard deviation. In units of the value
 * over an assumption's whole range, on its own scale; the largest first. Asks trajectories × (assumptions + 1) times.
 */
export async function morris(
  ask: Ask,
  assumptions: readonly Assumption[],
  { random, trajectories = 4, levels = 4 }: MorrisSettings,
): Promise<ScreenedAssumption[]> {
  const walks = Array.from({ length: trajectories }, () => trajectory(assumptions.length, levels, random))
  const effects: number[][] = assumptions.map(() => [])
  const outputs = await Promise.all(
    walks.map(({ points }) => Promise.all(points.map((point) => outputAt(ask, assumptions, levels, point)))),
  )
  walks.forEach(({ points, moved }, walk) => {
    moved.forEach((assumption, step) => {
      const rise = outputs[walk]![step + 1]! - outputs[walk]![step]!
      const run = (points[step + 1]![assumption]! - points[step]![assumption]!) / (levels - 1)
      if (Number.isFinite(rise)) effects[assumption]!.push(rise / run)
    })
  })
  return assumptions
    .flatMap(({ name }, i) => (effects[i]!.length === 0 ? [] : [screened(name, effects[i]!)]))
    .sort((a, b) => b.muStar - a.muStar)
}

/** Each step moves one assumption, in random order, by levels ÷ 2: from each level just one direction stays in the range. */
export function trajectory(assumptions: number, levels: number, random: Random): Trajectory {
  assert(levels >= 2 && levels % 2 === 0, 'a Morris screen has an even number of levels', { levels })
  let point = Array.from({ length: assumptions }, () => random.integer(levels))
  const moved = shuffled([...point.keys()], random)
  const points = [point]
  for (const assumption of moved) {
    point = point.with(assumption, (point[assumption]! + levels / 2) % levels)
    points.push(point)
  }
  return { points, moved }
}

async function outputAt(
  ask: Ask,
  assumptions: readonly Assumption[],
  levels: number,
  point: readonly number[],
): Promise<number> {
  const questions = assumptions.map((assumption, i) => {
    const value = valueBetween(assumption, assumption.low, assumption.high, point[i]! / (levels - 1))
    return questionAt(assumption, assumption.isWhole ? Math.round(value) : value)
  })
  const answer = await attempt(ask, together(...questions))
  return answer.state === 'answered' ? answer.range.value : Number.NaN
}

function screened(assumption: string, effects: readonly number[]): ScreenedAssumption {
  const mean = effects.reduce((sum, effect) => sum + effect, 0) / effects.length
  const squares = effects.reduce((sum, effect) => sum + (effect - mean) ** 2, 0)
  return {
    assumption,
    muStar: effects.reduce((sum, effect) => sum + Math.abs(effect), 0) / effects.length,
    sigma: effects.length > 1 ? Math.sqrt(squares / (effects.length - 1)) : 0,
  }
}
