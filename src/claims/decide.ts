import { halfWidthOf, jackknife } from '../statistics/jackknife.ts'
import type { Evaluation, Margin } from './expression.ts'
import type { Range } from './result.ts'

/**
 * Draws of the workload behind a point, stage by stage: another stage only where a point is open and more draws can close it.
 * A quick look is the first stage, of the very same draws.
 */
export const drawStages: readonly number[] = [4, 8, 16]

/** Many points are decided at once, so that a chance verdict among them must be rare. */
export const confidence = 0.99

/** What a condition says of the mean over draws, and of the mean without each draw in turn. */
export interface DrawnEvaluation {
  readonly mean: Evaluation
  /** Empty where nothing is drawn, or a single draw. */
  readonly without: readonly Evaluation[]
  /** 0: nothing random is read. */
  readonly draws: number
}

/** An interval that is wider by a quarter than expected of more draws may yet turn out narrower. */
const closable = 0.75

type Decision = 'true' | 'false' | 'open'

interface Drawn {
  readonly value: number
  /** Infinity: one draw says nothing of it. */
  readonly half: number
}

/** A comparison is decided where its interval lies wholly on one side; the condition, where all are, or one fails for sure. */
export function decisionOf(evaluation: DrawnEvaluation): Decision {
  const decisions = evaluation.mean.margins.map((_, i) => marginDecision(drawnMargin(evaluation, i)))
  if (decisions.includes('false')) return 'false'
  return decisions.every((decision) => decision === 'true') ? 'true' : 'open'
}

function marginDecision({ value, half }: Drawn): Decision {
  // Nothing drawn and exactly at the limit: met.
  if (value - half >= 0) return 'true'
  return value + half < 0 ? 'false' : 'open'
}

/** Whether so many draws can be expected to close a condition that is open: its gap is most of the half width that they leave. */
export function canClose(evaluation: DrawnEvaluation, draws: number): boolean {
  return evaluation.mean.margins.every((_, i) => {
    const margin = drawnMargin(evaluation, i)
    if (marginDecision(margin) !== 'open') return true
    const left = (margin.half * tOf(draws)) / tOf(evaluation.draws) / Math.sqrt(draws / evaluation.draws)
    return Math.abs(margin.value) >= closable * left
  })
}

function tOf(draws: number): number {
  return halfWidthOf({ value: 0, standardError: 1, degreesOfFreedom: draws - 1 }, confidence)!
}

/**
 * A figure with its interval; null where it does not exist.
 * @param without the figure without each draw in turn
 */
export function rangeOf(mean: number, without: readonly number[], draws: number): Range | null {
  if (![mean, ...without].every(Number.isFinite)) return null
  if (draws < 2) return { value: mean, low: mean, high: mean }
  const { value, half, isLog } = drawn(mean, without)
  return isLog
    ? { value: mean, low: Math.exp(value - half), high: Math.exp(value + half) }
    : { value: mean, low: value - half, high: value + half }
}

/** How far a comparison is met, as a factor where both sides are positive. */
function drawnMargin({ mean, without, draws }: DrawnEvaluation, i: number): Drawn {
  const margins = [mean, ...without].map((evaluation) => evaluation.margins[i]!)
  const isFactor = margins.every(({ above, below }) => above > 0 && below > 0)
  const gap = ({ above, below }: Margin): number => (isFactor ? Math.log(above / below) : above - below)
  const [whole, ...rest] = margins.map(gap)
  if (draws === 0) return { value: whole!, half: 0 }
  return { value: whole!, half: draws === 1 ? Number.POSITIVE_INFINITY : halfOf(whole!, rest) }
}

function drawn(whole: number, without: readonly number[]): Drawn & { readonly isLog: boolean } {
  const isLog = whole > 0 && without.every((value) => value > 0)
  const scale = (value: number): number => (isLog ? Math.log(value) : value)
  return { value: scale(whole), half: halfOf(scale(whole), without.map(scale)), isLog }
}

/** Half the interval of a figure that is known over all draws, and over all but each. */
function halfOf(whole: number, without: readonly number[]): number {
  const draws = without.map((_, i) => i)
  const figure = (some: readonly number[]): number =>
    some.length === draws.length ? whole : without[draws.find((draw) => !some.includes(draw))!]!
  return halfWidthOf(jackknife(draws, figure), confidence) ?? Number.POSITIVE_INFINITY
}
