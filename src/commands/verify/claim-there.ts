import type { Claim } from '../../claims/claim.ts'
import type { Prices } from '../../claims/economics/prices.ts'
import { savingsUsdPerDay } from '../../claims/economics/savings.ts'
import { judgePoint } from '../../claims/judge.ts'
import type { ClaimThere, Range } from '../../claims/result.ts'
import { askPoint, type ClaimContext } from './claim-curves.ts'
import { savingOf } from './claim-economics.ts'
import { asStated, type ClaimPlan } from './claim-point.ts'
import type { BuyerDeployment } from './deployment-file.ts'

/** Whether a claim holds in the buyer's own deployment, and what it is worth there against what the buyer has. */
export async function claimThere(
  claim: Claim,
  buyer: BuyerDeployment,
  prices: Prices,
  context: ClaimContext,
): Promise<ClaimThere> {
  const arms = claim.experiment.arms
  const names = Array.isArray(arms) ? arms : ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache']
  const baseline = names.includes(claim.baseline) && claim.baseline !== 'hbm-only' ? claim.baseline : buyer.baseline
  // A backlog has no conversations: its load stays the claim's own.
  const { 'sessions-per-replica': sessions, ...others } = buyer.options
  const load = claim.experiment['in-flight-per-replica'] === undefined ? { 'sessions-per-replica': sessions } : {}
  const options = { ...others, ...load, arms: [...new Set([...names, baseline])] }
  const point = await askPoint(claim, { ...asStated, baseline }, options, context)
  if (point === undefined)
    return { holds: null, measured: null, against: baseline, usdPerDay: null, assumed: buyer.assumed }
  const { decided, measured } = judgePoint(claim, 'there', point.scopes)
  return {
    holds: decided === 'undecided' ? null : decided === 'true',
    measured,
    against: baseline,
    // Where the load on offer is the limit, a multiplier says nothing about GPUs saved.
    usdPerDay:
      point.scopes.mean.multiplier.warehouse?.bound === 'loadLimited'
        ? null
        : worth(
            point.plan,
            point.scopes.seeds.map(({ multiplier }) => multiplier.warehouse?.value ?? Number.NaN),
            prices,
          ),
    assumed: buyer.assumed,
  }
}

function worth(plan: ClaimPlan, gains: readonly number[], prices: Prices): Range | null {
  const { gpu } = plan.settings.target
  if (prices.gpuHourUsd[gpu.name] === undefined || !gains.every(Number.isFinite)) return null
  const value = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  const multiplier = { value, low: Math.min(...gains), high: Math.max(...gains) }
  return savingsUsdPerDay(plan.settings.gpus, savingOf(plan, multiplier, prices))
}
