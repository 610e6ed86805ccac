import type { Claim } from '../../claims/claim.ts'
import { verdictOf } from '../../claims/judge.ts'
import { regionText } from '../../claims/region-text.ts'
import type { ClaimResult, ClaimTrust } from '../../claims/result.ts'
import { strongestBaseline } from '../../experiment/analysis/strongest-baseline.ts'
import { freeChoices } from '../run/analyses.ts'
import { baselineWords } from '../run/report-analyses.ts'
import { type AskedPoint, type ClaimContext, type SettledPoint, seedsOf, settlePoint } from './asked-point.ts'
import type { BuyerDeployment } from './buyer/deployment-file.ts'
import { claimThere } from './buyer/there.ts'
import { analysesOf, noAnalyses } from './claim-analyses.ts'
import { type ClaimCurves, claimCurves } from './claim-curves.ts'
import { figuresOfMoney } from './claim-economics.ts'
import { asStated, missingTrace } from './claim-point.ts'
import { summaryOf } from './claim-summary.ts'

/** A claim before anything was asked. */
function unanswered(claim: Claim): ClaimResult {
  const { id, who, where, when, source, statement, claimed, require, tolerance, missing, notes, baseline } = claim
  return {
    id,
    who,
    where,
    when,
    source,
    statement,
    conditions: { stated: claim.conditions.stated, leftOut: claim.conditions['left-out'] },
    require,
    metric: claim.metric?.text ?? '',
    tolerance,
    verdict: 'notTestable',
    holdsWhen: null,
    summary: '',
    claimed,
    measured: null,
    baseline,
    againstStrongest: null,
    trust: 'arithmetic',
    curves: [],
    mustBeTrue: [],
    map: null,
    tornado: [],
    screen: [],
    there: null,
    missing,
    notes,
    figures: [],
  }
}

/** Puts a claim on trial. */
export async function verifyClaim(
  claim: Claim,
  context: ClaimContext,
  buyer: BuyerDeployment | undefined,
): Promise<ClaimResult> {
  const bare = unanswered(claim)
  if (claim.metric === undefined) {
    return { ...bare, summary: `It cannot be tested: ${claim.missing.join('; ')}.` }
  }
  const trace = missingTrace(claim)
  if (trace !== undefined) {
    const missing = [...claim.missing, `the trace ${trace} on this machine (MEMWALL_TRACES names the folder of traces)`]
    return { ...bare, missing, summary: `It cannot be tested here: ${missing.join('; ')}.` }
  }
  const tried = await claimCurves(claim, context)
  const own = await ownPoint(claim, tried, context)
  const { curves, skipped } = tried
  const measured = own?.point.measured ?? null
  const verdict = verdictOf(curves, context.quick && tried.leftOut > 0)
  const arm = multiplierArm(claim)
  const strongest =
    own === undefined || arm === undefined || context.quick ? null : await againstStrongest(own, arm, context)
  const { noticed, needs, ...analyses } = own === undefined ? noAnalyses : await analysesOf(claim, own, context)
  const isWhole = !context.quick || tried.leftOut === 0
  const holdsWhen = verdict === 'holdsWhen' ? regionText(claim, curves, needs, isWhole) : null
  const there = buyer === undefined ? null : await claimThere(claim, buyer, context.prices, context)
  const missed = skipped.map((name) => `"${name}" was left out: its trace is not on this machine`)
  return {
    ...bare,
    ...analyses,
    verdict,
    holdsWhen,
    measured,
    againstStrongest: strongest,
    trust: trustOf(claim),
    curves,
    there,
    notes: [...claim.notes, ...noticed, ...missed],
    figures: own === undefined ? [] : [...figuresOf(own), ...figuresOfMoney(claim, own.scopes.mean.economics)],
    summary: summaryOf(claim, verdict, holdsWhen, tried, measured),
  }
}

/** The claim's own experiment: a point of its axis, or asked beside it. */
async function ownPoint(
  claim: Claim,
  { stated }: ClaimCurves,
  context: ClaimContext,
): Promise<SettledPoint | undefined> {
  const axis = claim.sweep?.split('=')[0] ?? ''
  const own = String(claim.experiment[axis] ?? '')
  const found = stated.find(({ point }) => point.at === own)
  return found ?? (await settlePoint({ claim, variant: asStated, options: {} }, own, context, !context.quick))
}

/** The arm whose multiplier the condition reads; undefined where it reads none. */
export function multiplierArm({ metric }: Claim): string | undefined {
  return metric?.paths.find(([root]) => root === 'multiplier')?.[1]
}

/** Sizes are arithmetic; times and rates rest on the catalogue's cost model. */
function trustOf({ metric }: Claim): ClaimTrust {
  return metric?.paths.every(([root]) => root === 'wall') ? 'arithmetic' : 'catalogue'
}

async function againstStrongest(
  { plan }: AskedPoint,
  arm: string,
  { run, stages }: ClaimContext,
): Promise<ClaimResult['againstStrongest']> {
  const { load } = plan.task
  const loads = load.kind === 'closed' ? [0.75, 0.5].map((share) => Math.floor(load.sessionsPerReplica * share)) : []
  const choices = freeChoices(
    plan.task,
    loads.filter((limit) => limit >= 1),
  )
  const compared = ['hbm-only', 'local-dram', arm]
  const task = { ...plan.task, arms: plan.task.arms.filter((name) => compared.includes(name)) }
  const found = await strongestBaseline(task, choices, seedsOf(plan, stages[0]!), run)
  const rate = found.arms[arm]?.tokensPerGpuSecond
  if (rate === undefined) return null
  return { value: rate / found.figures.tokensPerGpuSecond, baseline: baselineWords(found) }
}

/** What a reader wants to see beside a verdict, whatever the condition reads. */
function figuresOf({ scopes }: AskedPoint): ClaimResult['figures'] {
  const { arms, wall } = scopes.mean
  const own = arms.warehouse ?? arms['local-dram']
  return [
    ...(own === undefined
      ? []
      : [
          { name: 'hit rate', value: own.hitRate, unit: 'share' },
          { name: 'its ceiling, from the workload', value: own.ceilingHitRate, unit: 'share' },
        ]),
    { name: 'contexts that fit into HBM', value: wall.contextsThatFit, unit: '' },
    { name: 'KV of a context', value: wall.contextKvBytes, unit: 'B' },
  ]
}
