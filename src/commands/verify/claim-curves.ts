import { boundOf } from '../../account/multiplier.ts'
import type { Claim, ClaimVariant } from '../../claims/claim.ts'
import type { Prices } from '../../claims/economics/prices.ts'
import { judgePoint, type PointScopes } from '../../claims/judge.ts'
import type { ClaimCurve, ClaimPoint } from '../../claims/result.ts'
import type { ClaimScope } from '../../claims/scope.ts'
import { equalService } from '../../experiment/analysis/equal-service.ts'
import { joinArms, type KneePoint } from '../../experiment/sweep/knee.ts'
import { overSeeds, type PlanFigures, type RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import type { PointFigures } from '../../experiment/sweep/point-figures.ts'
import { defaults } from '../run/settings.ts'
import { loadParameter, sweepAxis } from '../run/sweep-axis.ts'
import { economicsOf } from './claim-economics.ts'
import { asStated, type ClaimPlan, claimPlan, scopesOf } from './claim-point.ts'

/** What every question about a claim needs. */
export interface ClaimContext {
  readonly run: RunPlanTask
  readonly seeds: readonly number[]
  /** Fewer points, seeds and variants. */
  readonly quick: boolean
  readonly prices: Prices
}

/** A point that was planned. */
export interface AskedPoint {
  readonly plan: ClaimPlan
  readonly results: readonly PlanFigures[]
  readonly scopes: PointScopes
}

/** Points of a quick look at an axis. */
const quickPoints = 3

/** Plans a claim's experiment under one variant, with options at other values; undefined where a trace is missing. */
export async function askPoint(
  claim: Claim,
  variant: ClaimVariant,
  options: Readonly<Record<string, unknown>>,
  context: ClaimContext,
  adjustments = {},
): Promise<AskedPoint | undefined> {
  const plan = claimPlan(claim, variant, options, adjustments)
  if (plan === undefined) return undefined
  // What no run decides is not run.
  const results = readsRuns(claim) ? await overSeeds(plan.task, context.seeds, context.run) : [{}]
  return { plan, results, scopes: scopesOf(plan, results, (scope) => economicsOf(plan, scope, context.prices)) }
}

/** Whether the condition speaks of anything that must be planned. */
export function readsRuns({ metric }: Claim): boolean {
  return metric?.paths.some(([root]) => root === 'multiplier' || root === 'arms' || root === 'economics') ?? false
}

/** The condition over what was left out: a curve for each variant, read in each way that the claim asks for. */
export async function claimCurves(
  claim: Claim,
  context: ClaimContext,
): Promise<{ readonly curves: readonly ClaimCurve[]; readonly skipped: readonly string[] }> {
  const variants = [asStated, ...claim.variants]
  const all = await Promise.all(variants.map((variant) => variantCurves(claim, variant, context)))
  const skipped = variants.filter((_, i) => all[i] === undefined).map(({ name }) => name)
  return { curves: all.flatMap((curves) => curves ?? []), skipped }
}

async function variantCurves(
  claim: Claim,
  variant: ClaimVariant,
  context: ClaimContext,
): Promise<ClaimCurve[] | undefined> {
  const axis = claim.sweep === undefined ? undefined : sweepAxis(claim.sweep)
  const values = axis === undefined ? [''] : thinned(axis.values, context.quick)
  const asked = await Promise.all(
    values.map((value) => askPoint(claim, variant, axis === undefined ? {} : { [axis.name]: value }, context)),
  )
  const known = asked.filter((point) => point !== undefined)
  if (known.length < asked.length) return undefined
  const curve: ClaimCurve = {
    variant: variant.name,
    reading: 'sameLoad',
    baseline: variant.baseline ?? claim.baseline,
    axis: axis?.name ?? '',
    points: known.map(({ scopes }, i) => judgePoint(claim, values[i]!, scopes)),
  }
  const reads = claim.readings && axis?.name === loadParameter
  return reads ? [curve, bestAgainstBest(claim, curve, known), serviceCurve(claim, curve, values, known)] : [curve]
}

/** First and last stay. */
function thinned(values: readonly string[], quick: boolean): readonly string[] {
  if (!quick || values.length <= quickPoints) return values
  const step = (values.length - 1) / (quickPoints - 1)
  return Array.from({ length: quickPoints }, (_, i) => values[Math.round(i * step)]!)
}

/** Each arm at the load at which it does most. */
function bestAgainstBest(
  claim: Claim,
  { variant, baseline, axis }: ClaimCurve,
  asked: readonly AskedPoint[],
): ClaimCurve {
  const best = (pick: (point: AskedPoint) => PlanFigures) => (arm: string) =>
    asked
      .map((point) => pick(point)[arm]!)
      .reduce((most, one) => (one.tokensPerGpuSecond > most.tokensPerGpuSecond ? one : most))
  const bySeed = asked[0]!.results.map((_, seed) => best((point) => point.results[seed]!))
  const mean = best((point) => point.scopes.mean.arms)
  const scopes = replaced(asked[0]!.scopes, baseline, mean, bySeed)
  return { variant, reading: 'bestAgainstBest', baseline, axis, points: [judgePoint(claim, 'best loads', scopes)] }
}

/** What a multiplier and its bound are made of. */
type Rate = Pick<PointFigures, 'tokensPerGpuSecond' | 'starvedShare'>

/** The scopes with multipliers of other throughputs. */
function replaced(
  { mean, seeds }: PointScopes,
  baseline: string,
  meanOf: (arm: string) => Rate,
  seedOf: readonly ((arm: string) => Rate)[],
): PointScopes {
  const of = (scope: ClaimScope, rate: (arm: string) => Rate): ClaimScope => ({
    ...scope,
    multiplier: Object.fromEntries(
      Object.keys(scope.arms).map((arm) => [
        arm,
        {
          value: rate(arm).tokensPerGpuSecond / rate(baseline).tokensPerGpuSecond,
          bound: boundOf(rate(arm), rate(baseline)),
        },
      ]),
    ),
  })
  return { mean: of(mean, meanOf), seeds: seeds.map((scope, i) => of(scope, seedOf[i]!)) }
}

/** Each arm at the highest load at which it keeps an SLO. */
function serviceCurve(
  claim: Claim,
  { variant, baseline }: ClaimCurve,
  values: readonly string[],
  asked: readonly AskedPoint[],
): ClaimCurve {
  const knee = (of: (point: AskedPoint) => readonly PlanFigures[]): KneePoint[] =>
    asked.map((point, i) => ({
      scale: 'target',
      router: '',
      sessionsPerReplica: Number(values[i]),
      ...joinArms(of(point)),
    }))
  const points = defaults.slos.map((text): ClaimPoint => {
    const slo = sloOf(text)
    // The SLO, and not the load on offer, is what limits each arm here.
    const rates = (points: readonly KneePoint[]) => (arm: string) => ({
      tokensPerGpuSecond: equalService(points, slo, 1).arms[arm]?.tokensPerGpuSecond ?? Number.NaN,
      starvedShare: 0,
    })
    const mean = rates(knee((point) => point.results))
    const bySeed = asked[0]!.results.map((_, seed) => rates(knee((point) => [point.results[seed]!])))
    const point = judgePoint(claim, text, replaced(asked[0]!.scopes, baseline, mean, bySeed))
    return point.measured === null ? { ...point, note: 'an arm keeps it at no load' } : point
  })
  return { variant, reading: 'equalService', baseline, axis: 'slo', points }
}

function sloOf(text: string) {
  const [ttft, tpot] = text.split(',').map((part) => Number(/=(\d+)/.exec(part)![1]))
  return { text, ttftMs: ttft! * 1000, tpotMs: tpot! }
}
