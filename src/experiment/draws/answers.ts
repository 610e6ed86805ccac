import { type Bound, boundOf } from '../../account/multiplier.ts'
import { type Answer, answerOf } from '../../statistics/answer-interval.ts'
import { raisedCeiling } from '../arms/ceiling.ts'
import { baselineArm } from '../arms/registry.ts'
import type { DrawRatios, MeasuredDraws } from '../measured/measured-draws.ts'
import { drawnRates, type PlannedDraws } from './planned-draws.ts'

/** What an arm is worth at the run's load. */
export interface ArmAnswer extends Answer {
  readonly bound: Bound
  /** The same from per-step minima: a cross-check without an interval. null where nothing was measured. */
  readonly minimaRatio: number | null
  /** Of the first measured draw, as a share; null where none was measured. */
  readonly timingNoise: number | null
}

/** The answer for every arm against the baseline; empty without a baseline that gave tokens. */
export function armAnswers(planned: PlannedDraws, measured: MeasuredDraws | undefined): Map<string, ArmAnswer> {
  const baseline = planned.arms.get(baselineArm)
  if (baseline === undefined || baseline.metrics.tokensPerGpuSecond === 0) return new Map()
  const answers = new Map<string, ArmAnswer>()
  for (const [name, { metrics }] of planned.arms) {
    if (name === baselineArm) continue
    const draws = ratiosOf(measured?.draws ?? [], name)
    const minima = draws.map((draw) => ({ planned: draw.planned, measured: draw.minima ?? draw.measured }))
    const rates = drawnRates(planned.draws, name, baselineArm)
    answers.set(name, {
      ...answerOf(rates, draws),
      bound: boundOf(metrics, baseline.metrics),
      minimaRatio: draws.length === 0 ? null : answerOf(rates, minima).value,
      timingNoise: draws[0]?.timingNoise ?? null,
    })
  }
  return raisedCeiling(answers, atLeast)
}

function ratiosOf(draws: readonly DrawRatios[], name: string) {
  return draws.flatMap(({ ratios }) => ratios.get(name) ?? [])
}

function atLeast(ceiling: ArmAnswer, least: ArmAnswer): ArmAnswer {
  if (ceiling.value >= least.value) return ceiling
  const high = ceiling.high === null ? null : Math.max(ceiling.high, least.value)
  return { ...ceiling, value: least.value, high }
}
