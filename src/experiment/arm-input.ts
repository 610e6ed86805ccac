import { lru } from '../cache/policies/lru.ts'
import type { FetchDecision, FetchMode, Load, PlanInput } from '../plan/plan-input.ts'
import type { RouterSpec } from '../plan/router/router.ts'
import type { ConversationPool } from '../workload/pool.ts'
import type { ArmSpec, TierOptions } from './arms.ts'
import { type Deployment, maxRunning } from './scale/deployment.ts'

/** What all arms of a run have in common. */
export interface RunSettings {
  readonly replicas: number
  readonly router: RouterSpec
  readonly fetch: FetchDecision
  readonly fetchMode: FetchMode
  readonly tiers: TierOptions
}

/** The plan input of one arm: same requests, GPUs, caps and router; only the tiers differ. */
export function armInput(
  arm: ArmSpec,
  deployment: Deployment,
  settings: RunSettings,
  pool: ConversationPool,
  load: Load,
  window: { readonly requests: number | undefined; readonly overrunRequests: number },
  seed: number,
): PlanInput {
  return {
    pool,
    load,
    replicas: settings.replicas,
    poolBlocks: Math.floor(deployment.poolTokens / pool.blockTokens),
    maxRunning,
    maxBatchedTokens: deployment.maxBatchedTokens,
    requestOverheadMs: deployment.requestOverheadMs,
    router: settings.router,
    policy: lru,
    lower: arm.lower(deployment, settings.tiers, pool.blockTokens),
    fetch: settings.fetch,
    fetchMode: settings.fetchMode,
    cost: deployment.cost,
    settleRequests: undefined,
    ...window,
    seed,
  }
}
