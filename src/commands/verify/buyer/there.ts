import type { Claim } from '../../../claims/claim.ts'
import { rangeOf } from '../../../claims/decide.ts'
import type { Prices } from '../../../claims/economics/prices.ts'
import { savingsUsdPerDay } from '../../../claims/economics/savings.ts'
import type { ClaimThere, Range } from '../../../claims/result.ts'
import { meanPromptTokens } from '../../../experiment/mean-prompt.ts'
import { load } from '../../run/run-context.ts'
import { type AskedPoint, type ClaimContext, settlePoint } from '../asked-point.ts'
import { savingOf } from '../claim-economics.ts'
import type { ClaimPlan } from '../claim-point.ts'
import type { BuyerDeployment } from './deployment-file.ts'
import { type Residents, reasonOf } from './reason.ts'
import { buyerExperiment } from './workload.ts'

/** Whether a claim holds in the buyer's own deployment, why, and what it is worth there against what the buyer has. */
export async function claimThere(
  claim: Claim,
  buyer: BuyerDeployment,
  prices: Prices,
  context: ClaimContext,
): Promise<ClaimThere> {
  const arms = claim.experiment.arms
  const names = Array.isArray(arms) ? arms : ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache']
  const baseline = names.includes(claim.baseline) && claim.baseline !== 'hbm-only' ? claim.baseline : buyer.baseline
  const { variant, options, adjustments, scaled, gpus } = await buyerExperiment(
    claim,
    buyer,
    [...new Set([...names, baseline])],
    baseline,
  )
  const asked = await settlePoint({ claim, variant, options, adjustments }, 'there', context)
  const shared = { against: baseline, assumed: scaled === '' ? buyer.assumed : [...buyer.assumed, scaled] }
  if (asked === undefined) return { ...shared, holds: null, reason: '', measured: null, usdPerDay: null }
  const { decided, measured } = asked.point
  return {
    ...shared,
    holds: decided === 'undecided' ? null : decided === 'true',
    reason: reasonOf(claim, asked, measured, await residentsOf(asked.plan)),
    measured,
    usdPerDay: worth(asked, gpus, prices),
  }
}

/** Contexts of the workload's own mean prompt that a replica holds, and conversations that live on it. */
export async function residentsOf({ settings, deployment, task, baseline }: ClaimPlan): Promise<Residents> {
  const meanTokens = meanPromptTokens(await load(settings, deployment, task.seed))
  const contextBytes = meanTokens * deployment.cost.kvBytesPerToken
  return {
    meanTokens,
    hbm: deployment.poolTokens / meanTokens,
    dram: baseline.startsWith('local-dram') ? deployment.dramBytes / contextBytes : 0,
    live: task.load.kind === 'closed' ? task.load.sessionsPerReplica : 0,
  }
}

/** What the warehouse saves a day against the baseline, with so many GPUs. Where the load on offer is the limit, a multiplier says nothing about GPUs saved. */
export function worth({ plan, scopes }: AskedPoint, gpus: number, prices: Prices): Range | null {
  const { gpu } = plan.settings.target
  const own = scopes.mean.multiplier.warehouse
  if (own === undefined || own.bound === 'loadLimited' || prices.gpuHourUsd[gpu.name] === undefined) return null
  const gains = scopes.without.map(({ multiplier }) => multiplier.warehouse!.value)
  const multiplier = rangeOf(own.value, gains, scopes.draws)
  return multiplier === null ? null : savingsUsdPerDay(gpus, savingOf(plan, multiplier, prices))
}
