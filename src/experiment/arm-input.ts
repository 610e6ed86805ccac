import { badInput } from '../errors.ts'
import type { AdmissionSpec } from '../plan/admission/admission.ts'
import type { CostModel } from '../plan/cost-model.ts'
import type { FetchDecision, FetchMode, FetchPart, Load, PlanInput } from '../plan/plan-input.ts'
import type { RouterSpec } from '../plan/router/router.ts'
import type { ConversationPool } from '../workload/pool.ts'
import type { Arm, ArmShape, TierOptions } from './arms/arm.ts'
import { type Deployment, maxRunning } from './scale/deployment.ts'

/** What all arms of a run have in common. */
export interface RunSettings {
  readonly replicas: number
  readonly router: RouterSpec
  readonly admission: AdmissionSpec
  readonly fetch: FetchDecision
  readonly fetchMode: FetchMode
  readonly fetchPart: FetchPart
  readonly tiers: TierOptions
}

/** Which requests of a plan count. */
export interface PlanWindow {
  readonly requests: number | undefined
  readonly overrunRequests: number
  /** Completions before it; undefined: as many as there are seats. */
  readonly settleRequests: number | undefined
}

/** The plan input of one arm: same requests, GPUs, caps and router; only what the arm is about differs. */
export function armInput(
  arm: Arm,
  deployment: Deployment,
  settings: RunSettings,
  pool: ConversationPool,
  load: Load,
  window: PlanWindow,
  seed: number,
): PlanInput {
  const { tiers, router, admission, fetch, fetchMode, fetchPart } = settings
  const shape = arm.shape({ deployment, tiers, blockTokens: pool.blockTokens, replicas: settings.replicas })
  const replicas = replicasOf(arm.name, shape, settings.replicas)
  return {
    pool,
    load: sharedLoad(load, settings.replicas, replicas),
    replicas,
    poolBlocks: shape.unlimitedHbm
      ? Number.POSITIVE_INFINITY
      : Math.floor(deployment.poolTokens / shape.kvRatio / pool.blockTokens),
    maxRunning,
    maxBatchedTokens: deployment.maxBatchedTokens,
    requestOverheadMs: deployment.requestOverheadMs,
    router,
    admission,
    hbmPolicy: tiers.policies.hbm,
    lowers: shape.lowers.map((lower) => ({
      ...lower,
      capacityBlocks: Math.floor(lower.capacityBlocks / shape.kvRatio),
    })),
    peerReads: shape.peerReads,
    fetch,
    fetchMode,
    fetchPart,
    cost: compactCost(deployment.cost, shape.kvRatio),
    ...window,
    seed,
  }
}

/** Refuses an arm whose sizes make no sense in this deployment. */
export function refuseArm(arm: Arm, deployment: Deployment, settings: RunSettings): void {
  const { blockTokens } = deployment.workloadScale
  const { tiers, replicas } = settings
  replicasOf(arm.name, arm.shape({ deployment, tiers, blockTokens, replicas }), replicas)
}

function replicasOf(arm: string, { gpuFactor }: ArmShape, replicas: number): number {
  const more = replicas * gpuFactor
  if (Number.isInteger(more)) return more
  throw badInput('--arms', `"${arm}" makes ${more} of ${replicas} replicas`, 'Give a factor that makes whole replicas.')
}

/** More replicas share the total that was in flight; seats are a total as they are. */
function sharedLoad(load: Load, before: number, after: number): Load {
  if (load.kind !== 'backlog' || before === after) return load
  return { ...load, inFlightPerReplica: Math.max(1, Math.round((load.inFlightPerReplica * before) / after)) }
}

function compactCost(cost: CostModel, kvRatio: number): CostModel {
  if (kvRatio === 1) return cost
  const window = cost.window && { ...cost.window, kvBytesPerToken: cost.window.kvBytesPerToken * kvRatio }
  return { ...cost, kvBytesPerToken: cost.kvBytesPerToken * kvRatio, window }
}
