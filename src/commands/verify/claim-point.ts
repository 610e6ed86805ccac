import { existsSync } from 'node:fs'
import { boundOf } from '../../account/multiplier.ts'
import { kvBytesPerTokenOf, sequenceKvBytes, weightBytesOf } from '../../catalog/formats.ts'
import type { Claim, ClaimVariant } from '../../claims/claim.ts'
import type { PointScopes } from '../../claims/judge.ts'
import type { ClaimScope } from '../../claims/scope.ts'
import { badInput, MemwallError } from '../../errors.ts'
import { type Adjustments, adjusted } from '../../experiment/adjust.ts'
import { besideWindow } from '../../experiment/draws/window.ts'
import { ttftOf } from '../../experiment/prediction.ts'
import type { Deployment, Target } from '../../experiment/scale/deployment.ts'
import { residentContexts } from '../../experiment/scale/scale-model.ts'
import { namedSettings, type PlanFigures, type PlanTask, type TaskLoad } from '../../experiment/sweep/plan-task.ts'
import { meanFigures, type PointFigures } from '../../experiment/sweep/point-figures.ts'
import { findTrace } from '../../experiment/validation/trace-hit-rate.ts'
import { kvRoomBytes } from '../../plan/roofline.ts'
import { optionsOf } from '../run/experiment-file.ts'
import { fullDeployment, runSettings } from '../run/run-context.ts'
import { defaults, type Settings, settingsOf } from '../run/settings.ts'

/** A claim's experiment under one variant and with some options at other values, ready to be planned. */
export interface ClaimPlan {
  readonly settings: Settings
  readonly deployment: Deployment
  readonly task: PlanTask
  readonly baseline: string
}

/** The claim's own conditions. */
export const asStated: ClaimVariant = { name: 'as stated' }

/** The published trace that a claim's own experiment needs, where this machine does not have it; a path of one's own is no such name. */
export function missingTrace({ experiment: { trace } }: Claim): string | undefined {
  const isPublished = typeof trace === 'string' && !/[\\/]/.test(trace)
  return isPublished && findTrace(trace) === undefined && !existsSync(trace) ? trace : undefined
}

/** Where claim or variant needs a trace that this machine does not have, undefined. */
export function claimPlan(
  claim: Claim,
  variant: ClaimVariant,
  options: Readonly<Record<string, unknown>>,
  adjustments: Adjustments = {},
): ClaimPlan | undefined {
  const where = `claim ${claim.id}`
  const trace = variant.trace === undefined ? undefined : findTrace(variant.trace)
  if (variant.trace !== undefined && trace === undefined) return undefined
  if (trace === undefined && missingTrace(claim) !== undefined) return undefined
  const { workload: _, params: __, ...withoutWorkload } = claim.experiment
  const ownTrace = claim.experiment.trace
  const found = trace ?? (typeof ownTrace === 'string' ? (findTrace(ownTrace) ?? ownTrace) : undefined)
  const base = found === undefined ? claim.experiment : { ...withoutWorkload, trace: found }
  const raw = withParams({ ...base, ...variant.options, ...options, backend: 'model' })
  const settings = settingsIn(where, variant, raw)
  const baseline = variant.baseline ?? claim.baseline
  const names = settings.arms.map(({ name }) => name)
  if (!names.includes(baseline)) {
    throw badInput(
      where,
      `has the baseline "${baseline}", which is none of its arms`,
      'Add it to the arms of its experiment.',
    )
  }
  const asked = claim.metric?.paths.filter(([root]) => root === 'multiplier' || root === 'arms') ?? []
  for (const [root, arm = ''] of asked) {
    if (!names.includes(arm)) {
      throw badInput(where, `reads ${root}["${arm}"], which is none of its arms`, `Its arms are ${names.join(', ')}.`)
    }
  }
  const deployment = adjusted(fullDeployment(settings), { ...variant.adjustments, ...adjustments })
  const load = loadOf(settings)
  const sessions =
    load.kind === 'closed' ? load.sessionsPerReplica : load.kind === 'backlog' ? load.inFlightPerReplica : 0
  const task: PlanTask = {
    source: settings.source,
    deployment,
    settings: namedSettings(runSettings(settings, deployment)),
    arms: names,
    load,
    requests: settings.requests ?? besideWindow(settings.replicas * sessions),
    seed: settings.seed,
  }
  return { settings, deployment, task, baseline }
}

/** "params.rewriteRatio": a parameter of the workload, named like an option. */
function withParams(raw: Record<string, unknown>): Record<string, unknown> {
  const prefix = 'params.'
  const named = Object.entries(raw).filter(([name]) => name.startsWith(prefix))
  if (named.length === 0) return raw
  const rest = Object.fromEntries(Object.entries(raw).filter(([name]) => !name.startsWith(prefix)))
  const own = typeof raw.params === 'object' && raw.params !== null ? raw.params : {}
  return {
    ...rest,
    params: { ...own, ...Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), Number(value)])) },
  }
}

/** What a claim's options lack is told with the claim and the variant. */
function settingsIn(where: string, { name }: ClaimVariant, raw: Record<string, unknown>): Settings {
  try {
    return settingsOf(optionsOf(raw, where))
  } catch (error) {
    if (!(error instanceof MemwallError)) throw error
    throw badInput(`${where}, ${name}`, error.message.replace(`${where} `, ''), '')
  }
}

function loadOf(settings: Settings): TaskLoad {
  const { inFlightPerReplica, sessionsPerReplica = defaults.sessionsPerReplica, start, thinkCapMs } = settings
  if (inFlightPerReplica !== undefined) return { kind: 'backlog', inFlightPerReplica }
  return { kind: 'closed', sessionsPerReplica, start, thinkCapMs, clock: 'think' }
}

/** What a condition may speak of at this point: the means over draws, and the means without each draw in turn. */
export function scopesOf(
  plan: ClaimPlan,
  results: readonly PlanFigures[],
  economics: (scope: Omit<ClaimScope, 'economics'>) => ClaimScope['economics'],
): PointScopes {
  const fixed = fixedScope(plan)
  const names = Object.keys(results[0]!)
  const scope = (some: readonly PlanFigures[]): ClaimScope => {
    const arms = Object.fromEntries(names.map((name) => [name, meanFigures(some.map((figures) => figures[name]!))]))
    const known = { ...fixed, multiplier: multipliersOf(arms, arms[plan.baseline]), arms }
    return { ...known, economics: economics(known) }
  }
  const draws = names.length === 0 || plan.task.load.kind !== 'closed' ? 0 : results.length
  const without = draws < 2 ? [] : results.map((_, left) => scope(results.filter((_, draw) => draw !== left)))
  return { mean: scope(results), without, draws }
}

/** Ratios of mean throughputs. */
function multipliersOf(arms: PlanFigures, baseline: PointFigures | undefined): ClaimScope['multiplier'] {
  if (baseline === undefined) return {}
  return Object.fromEntries(
    Object.entries(arms).map(([name, arm]) => [
      name,
      { value: arm.tokensPerGpuSecond / baseline.tokensPerGpuSecond, bound: boundOf(arm, baseline) },
    ]),
  )
}

function fixedScope({ deployment, settings }: ClaimPlan): Pick<ClaimScope, 'wall' | 'predict'> {
  const { target } = settings
  const { hbmHit, fetch, recompute } = ttftOf(deployment, deployment.warehouseLink)
  return {
    wall: wallOf(target, deployment),
    predict: { hbmHitMs: hbmHit, fetchMs: fetch, recomputeMs: recompute },
  }
}

function wallOf(target: Target, deployment: Deployment): ClaimScope['wall'] {
  const { gpu, model, kvFormat, weightFormat, tensorParallel, contextTokens, assumptions } = target
  const serving = { tensorParallel, weightFormat, kvFormat, assumptions, bound: 'default' } as const
  return {
    weightBytes: weightBytesOf(model, weightFormat),
    hbmBytes: kvRoomBytes(gpu, model, serving) + weightBytesOf(model, weightFormat),
    kvBytes: kvBytesPerTokenOf(model, kvFormat),
    contextKvBytes: sequenceKvBytes(model, kvFormat, contextTokens),
    contextsThatFit: residentContexts(deployment),
  }
}
