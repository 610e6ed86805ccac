import type { Claim, ClaimVariant } from '../../claims/claim.ts'
import type { Prices } from '../../claims/economics/prices.ts'
import { isOpen, judgePoint, mayClose, type PointScopes, quickly } from '../../claims/judge.ts'
import type { ClaimPoint } from '../../claims/result.ts'
import type { Adjustments } from '../../experiment/adjust.ts'
import { drawSeeds } from '../../experiment/draws/window.ts'
import { overSeeds, type PlanFigures, type RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import { economicsOf } from './claim-economics.ts'
import { type ClaimPlan, claimPlan, scopesOf } from './claim-point.ts'

/** What every question about a claim needs. */
export interface ClaimContext {
  readonly run: RunPlanTask
  /** Draws of the workload behind a point, stage by stage: the first is what a quick look has. */
  readonly stages: readonly number[]
  /** The first stage only, over fewer points. */
  readonly quick: boolean
  readonly prices: Prices
}

/** A point that was planned. */
export interface AskedPoint {
  readonly plan: ClaimPlan
  /** A draw each. */
  readonly results: readonly PlanFigures[]
  readonly scopes: PointScopes
}

/** A point that was planned until it was decided. */
export interface SettledPoint extends AskedPoint {
  readonly point: ClaimPoint
}

/** What is asked of a claim: under one variant, with options at other values. */
export interface PointQuestion {
  readonly claim: Claim
  readonly variant: ClaimVariant
  readonly options: Readonly<Record<string, unknown>>
  readonly adjustments?: Adjustments
}

/** Plans a claim's experiment; undefined where a trace is missing. @param draws of the workload; default: the first stage */
export async function askPoint(
  question: PointQuestion,
  context: ClaimContext,
  draws = context.stages[0]!,
): Promise<AskedPoint | undefined> {
  const { claim, variant, options, adjustments = {} } = question
  const plan = claimPlan(claim, variant, options, adjustments)
  if (plan === undefined) return undefined
  // What no run decides is not run.
  const results = readsRuns(claim) ? await overSeeds(taskOf(claim, plan), seedsOf(plan, draws), context.run) : [{}]
  return { plan, results, scopes: scopesAt(plan, results, context.prices) }
}

/** Scopes of some draws of a point. */
export function scopesAt(plan: ClaimPlan, results: readonly PlanFigures[], prices: Prices): PointScopes {
  return scopesOf(plan, results, (scope) => economicsOf(plan, scope, prices))
}

/**
 * Plans a point stage by stage until it is decided, or more draws could not do it. What one stage decides the next ones leave as
 * it is, so that a quick look never says something else.
 * @param isOwn the claim's own experiment, which is told with its value: it has all stages
 */
export async function settlePoint(
  question: PointQuestion,
  at: string,
  context: ClaimContext,
  isOwn = false,
): Promise<SettledPoint | undefined> {
  const { claim } = question
  const { stages } = context
  let asked = await askPoint(question, context)
  if (asked === undefined) return undefined
  let point = judgePoint(claim, at, asked.scopes)
  for (const draws of stages.slice(1)) {
    const goesOn = asked.scopes.draws > 0 && (isOwn || (isOpen(point) && mayClose(claim, asked.scopes, stages.at(-1)!)))
    if (!goesOn) break
    asked = (await askPoint(question, context, draws))!
    const judged = judgePoint(claim, at, asked.scopes)
    point = isOpen(point) ? judged : { ...judged, decided: point.decided, note: point.note }
  }
  return { ...asked, point: context.quick && isOpen(point) ? quickly(point) : point }
}

/** Whether the condition speaks of anything that must be planned. */
export function readsRuns({ metric }: Claim): boolean {
  return metric?.paths.some(([root, name = '']) => isPlanned(root!, name)) ?? false
}

/** Prices of tokens rest on predictions alone. */
function isPlanned(root: string, name: string): boolean {
  return root === 'multiplier' || root === 'arms' || (root === 'economics' && !/^(fresh|cached)/.test(name))
}

/** What a question plans: the arms that its condition reads, and the baseline where it reads a gain. */
export function taskOf({ metric }: Claim, { task, baseline }: ClaimPlan): ClaimPlan['task'] {
  const read = metric?.paths.flatMap(([root, arm = '']) => {
    if (root === 'economics') return ['warehouse']
    return root === 'multiplier' || root === 'arms' ? [arm] : []
  })
  const readsGain = metric?.paths.some(([root]) => root === 'multiplier' || root === 'economics') ?? false
  const needed = new Set([...(readsGain ? [baseline] : []), ...(read ?? [])])
  return { ...task, arms: task.arms.filter((arm) => needed.has(arm)) }
}

/** A queue that is always full draws nothing: one plan says all. */
export function seedsOf({ task }: ClaimPlan, draws: number): number[] {
  return drawSeeds(task.seed, task.load.kind === 'closed' ? draws : 1)
}
