import { assert } from '../errors.ts'
import { studentTQuantile } from './student-t.ts'

/** A figure over draws of a workload, and how far the draws leave it open. */
export interface DrawnFigure {
  readonly value: number
  /** null: one draw says nothing of it. */
  readonly standardError: number | null
  readonly degreesOfFreedom: number
}

/**
 * A figure of several independent draws with its standard error: the figure once more without each draw in turn. Right for any
 * smooth function of means, such as a ratio of mean throughputs. Tukey 1958; Efron and Tibshirani, "An Introduction to the
 * Bootstrap", chapter 11.
 * @param figure of some of the draws
 */
export function jackknife<T>(draws: readonly T[], figure: (some: readonly T[]) => number): DrawnFigure {
  const count = draws.length
  assert(count > 0, 'a figure needs a draw')
  const value = figure(draws)
  if (count === 1) return { value, standardError: null, degreesOfFreedom: 0 }
  const without = draws.map((_, left) => figure(draws.filter((_, i) => i !== left)))
  const mean = without.reduce((sum, one) => sum + one, 0) / count
  const squares = without.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return { value, standardError: Math.sqrt(((count - 1) / count) * squares), degreesOfFreedom: count - 1 }
}

/** Half the width of the interval of a drawn figure; null where one draw leaves it open. */
export function halfWidthOf({ standardError, degreesOfFreedom }: DrawnFigure, confidence = 0.95): number | null {
  if (standardError === null) return null
  return studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError
}

/** Throughput of an arm and of the baseline in one draw. */
export interface DrawnRatio {
  readonly arm: number
  readonly baseline: number
}

/** Ratio of mean throughputs, the one definition of a multiplier over several draws. */
export function ratioOfMeans(draws: readonly DrawnRatio[]): number {
  const sum = (side: keyof DrawnRatio): number => draws.reduce((total, draw) => total + draw[side], 0)
  return sum('arm') / sum('baseline')
}
