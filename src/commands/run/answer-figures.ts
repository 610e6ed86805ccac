import { baselineArm } from '../../experiment/arms/registry.ts'
import type { ArmAnswer } from '../../experiment/draws/answers.ts'
import { drawnRates } from '../../experiment/draws/planned-draws.ts'
import type { KneePoint, PointMultiplier } from '../../experiment/sweep/knee.ts'
import { pointFigures } from '../../experiment/sweep/point-figures.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { Report } from '../../report/report.ts'
import { seedSpread } from '../../statistics/seed-spread.ts'
import type { RunFigures } from './run-figures.ts'

type AnswerKeys = 'multiplier' | 'measuredDraws' | 'seeds' | 'plannedWindow'

/** The answer of a run as it is published: one number an arm, what it is made of, and what single draws give. */
export function answerFigures(figures: RunFigures, answers: ReadonlyMap<string, ArmAnswer>): Pick<Report, AnswerKeys> {
  const { planned, measured } = figures
  const draws = { planned: planned.draws.length, measured: measured?.draws.length ?? 0 }
  return {
    multiplier: Object.fromEntries([...answers].map(([name, answer]) => [name, multiplierOf(answer, draws)])),
    measuredDraws: (measured?.draws ?? []).map(({ seed, ratios }) => ({
      seed,
      measured: Object.fromEntries([...ratios].map(([name, ratio]) => [name, ratio.measured])),
      planned: Object.fromEntries([...ratios].map(([name, ratio]) => [name, ratio.planned])),
    })),
    seeds: seedsOf(figures, answers),
    plannedWindow: {
      draws: draws.planned,
      requests: planned.requests ?? null,
      settleRequests: Object.values(planned.draws[0]!)[0]!.counts.settleRequests,
      seats: planned.seats,
    },
  }
}

function multiplierOf(
  answer: ArmAnswer,
  draws: { readonly planned: number; readonly measured: number },
): Report['multiplier'][string] {
  const { value, low, high, bound, minimaRatio, timingNoise, spread, correction } = answer
  return {
    value,
    low,
    high,
    bound,
    minimaRatio,
    timingNoise,
    draws: { ...draws, spreadLow: spread?.low ?? null, spreadHigh: spread?.high ?? null },
    correction,
  }
}

function seedsOf({ planned }: RunFigures, answers: ReadonlyMap<string, ArmAnswer>): Report['seeds'] {
  const multiplier: Report['seeds']['multiplier'] = {}
  for (const name of answers.keys()) {
    const values = drawnRates(planned.draws, name, baselineArm).map(({ arm, baseline }) => arm / baseline)
    const { median, min, max } = seedSpread(values)
    multiplier[name] = { median, min, max, values }
  }
  return { count: planned.draws.length, multiplier }
}

/** The knee with the answer at the run's own load: the same quantity has the same number. */
export function kneeWithAnswer(
  knee: readonly KneePoint[],
  { planned, load, deployment }: RunFigures,
  router: string,
  replicas: number,
  answers: ReadonlyMap<string, ArmAnswer>,
): KneePoint[] {
  const own = ownLoad(load, replicas)
  const arms = Object.fromEntries([...planned.arms].map(([name, { metrics }]) => [name, pointFigures(metrics)]))
  const multiplier = (point: KneePoint): KneePoint['multiplier'] =>
    Object.fromEntries(
      Object.entries(point.multiplier).map(([name, drawn]) => [name, withAnswer(drawn, answers.get(name))]),
    )
  return knee.map((point) =>
    point.scale === deployment.scale && point.router === router && point.sessionsPerReplica === own
      ? { ...point, arms, multiplier: multiplier(point) }
      : point,
  )
}

function withAnswer(drawn: PointMultiplier, answer: ArmAnswer | undefined): PointMultiplier {
  if (answer === undefined) return drawn
  const { value, low, high, bound } = answer
  return { ...drawn, mean: value, low, high, bound }
}

function ownLoad(load: Load, replicas: number): number | undefined {
  return load.kind === 'closed' ? load.seats / replicas : undefined
}
