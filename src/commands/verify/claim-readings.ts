import { boundOf } from '../../account/multiplier.ts'
import type { Claim } from '../../claims/claim.ts'
import { judgePoint, type PointScopes, quickly } from '../../claims/judge.ts'
import type { ClaimCurve, ClaimPoint } from '../../claims/result.ts'
import { equalService } from '../../experiment/analysis/equal-service.ts'
import { joinArms, type KneePoint } from '../../experiment/sweep/knee.ts'
import type { PlanFigures } from '../../experiment/sweep/plan-task.ts'
import type { PointFigures } from '../../experiment/sweep/point-figures.ts'
import { defaults } from '../run/settings.ts'
import { type ClaimContext, type SettledPoint, scopesAt } from './asked-point.ts'

/** What a multiplier and its bound are made of. */
type Rate = Pick<PointFigures, 'tokensPerGpuSecond' | 'starvedShare'>

/** The rate of an arm over all loads, from the draws of each. */
type RateOf = (byLoad: readonly (readonly PlanFigures[])[], arm: string) => Rate

/** Each arm at the load at which it does most. */
export function bestAgainstBest(
  claim: Claim,
  { variant, baseline, axis }: ClaimCurve,
  asked: readonly SettledPoint[],
  context: ClaimContext,
): ClaimCurve {
  const best: RateOf = (byLoad, arm) =>
    byLoad
      .map((draws) => joinArms(draws).arms[arm]!)
      .reduce((most, one) => (one.tokensPerGpuSecond > most.tokensPerGpuSecond ? one : most))
  const point = readingOf(claim, 'best loads', baseline, asked, best, context)
  return { variant, reading: 'bestAgainstBest', baseline, axis, points: [point] }
}

/** Each arm at the highest load at which it keeps an SLO. */
export function serviceCurve(
  claim: Claim,
  { variant, baseline, points }: ClaimCurve,
  asked: readonly SettledPoint[],
  context: ClaimContext,
): ClaimCurve {
  const told = defaults.slos.map((text): ClaimPoint => {
    const slo = sloOf(text)
    // The SLO, and not the load on offer, is what limits each arm here.
    const rate: RateOf = (byLoad, arm) => {
      const knee = byLoad.map(
        (draws, i): KneePoint => ({
          scale: 'target',
          router: '',
          sessionsPerReplica: Number(points[i]!.at),
          ...joinArms(draws),
        }),
      )
      const { tokensPerGpuSecond } = equalService(knee, slo, 1).arms[arm] ?? { tokensPerGpuSecond: null }
      return { tokensPerGpuSecond: tokensPerGpuSecond ?? Number.NaN, starvedShare: 0 }
    }
    const point = readingOf(claim, text, baseline, asked, rate, context)
    return point.measured === null ? { ...point, note: 'an arm keeps it at no load' } : point
  })
  return { variant, reading: 'equalService', baseline, axis: 'slo', points: told }
}

/**
 * A reading over all loads: from the draws that all of them have, those of the first stage first. What these decide stays, as
 * with points.
 */
function readingOf(
  claim: Claim,
  at: string,
  baseline: string,
  asked: readonly SettledPoint[],
  rate: RateOf,
  context: ClaimContext,
): ClaimPoint {
  const common = Math.min(...asked.map(({ results }) => results.length))
  const stages = context.stages.filter((draws) => draws <= common)
  const judged = (stages.length === 0 ? [common] : stages).map((draws) =>
    judgePoint(claim, at, replaced(asked, baseline, draws, rate, context)),
  )
  const point = judged.find(({ decided }) => decided !== 'undecided') ?? judged.at(-1)!
  return context.quick ? quickly(point) : point
}

/** The scopes of the first load with multipliers of other throughputs. */
function replaced(
  asked: readonly SettledPoint[],
  baseline: string,
  draws: number,
  rate: RateOf,
  { prices }: ClaimContext,
): PointScopes {
  const first = asked[0]!
  const byLoad = asked.map(({ results }) => results.slice(0, draws))
  const own = scopesAt(first.plan, byLoad[0]!, prices)
  const arms = Object.keys(own.mean.arms)
  const multipliers = (loads: readonly (readonly PlanFigures[])[]) => {
    const base = rate(loads, baseline)
    return Object.fromEntries(
      arms.map((arm) => {
        const one = rate(loads, arm)
        return [arm, { value: one.tokensPerGpuSecond / base.tokensPerGpuSecond, bound: boundOf(one, base) }]
      }),
    )
  }
  const without = own.without.map((scope, left) => ({
    ...scope,
    multiplier: multipliers(byLoad.map((results) => results.filter((_, draw) => draw !== left))),
  }))
  return { ...own, mean: { ...own.mean, multiplier: multipliers(byLoad) }, without }
}

function sloOf(text: string) {
  const [ttft, tpot] = text.split(',').map((part) => Number(/=(\d+)/.exec(part)![1]))
  return { text, ttftMs: ttft! * 1000, tpotMs: tpot! }
}
