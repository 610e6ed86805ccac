import { createPolicy, NONE, type PolicySpec } from '../../cache/policy.ts'
import { type HitRates, hitRates } from '../hit-rates.ts'
import type { ReferenceStream } from '../reference-stream.ts'
import { LabFacts, refuseIgnorant, type TokenCost } from './facts.ts'
import { replay, type TouchOrder } from './replay.ts'
import { type CreateRouter, type LabTier, replayTwoTiers, type TierHits } from './two-tier.ts'

/** What threads of the lab share: a policy comes by name, since functions do not cross threads. */
interface SharedTask {
  readonly stream: ReferenceStream
  readonly touch: TouchOrder
  readonly cost: TokenCost
}

/** One policy at one size. */
export interface PolicyTask extends SharedTask {
  readonly kind: 'policy'
  readonly policy: string
  readonly capacityBlocks: number
}

export interface PolicyHits extends HitRates {
  readonly policy: string
  readonly capacityBlocks: number
  /** Whether it is told what comes later: no policy of an engine is. */
  readonly foresees: boolean
  readonly seconds: number
}

/** HBM of several GPUs above a warehouse. */
export interface TwoTierTask extends SharedTask {
  readonly kind: 'twoTier'
  readonly gpus: number
  readonly router: string
  readonly hbmPolicy: string
  readonly hbmBlocks: number
  readonly warehousePolicy: string
  /** 0: there is none; Infinity: it holds everything. */
  readonly warehouseBlocks: number
}

export type LabTask = PolicyTask | TwoTierTask

export interface TwoTierHits extends TierHits {
  readonly gpus: number
  readonly router: string
  readonly hbmPolicy: string
  readonly hbmBlocks: number
  readonly warehousePolicy: string
  readonly warehouseBlocks: number
}

export function runPolicy(policy: PolicySpec, task: PolicyTask): PolicyHits {
  const { stream, touch, cost, capacityBlocks } = task
  const tier = openTier(policy, capacityBlocks, task)
  const started = performance.now()
  // A policy that asks nothing is told nothing: that is twice as fast.
  const listener = policy.knows.length === 0 ? undefined : tier.listener
  const hits = replay(stream, tier.policy, tier.capacityBlocks, tier.slotOf, touch, listener)
  const seconds = (performance.now() - started) / 1000
  const foresees = policy.knows.some((knowledge) => knowledge === 'future' || knowledge === 'schedule')
  return { policy: policy.name, capacityBlocks, foresees, ...hitRates(stream, hits, cost), seconds }
}

export function runTwoTiers(
  policies: { readonly hbm: PolicySpec; readonly warehouse: PolicySpec },
  createRouter: CreateRouter,
  task: TwoTierTask,
): TwoTierHits {
  const { stream, gpus, router, hbmBlocks, warehouseBlocks, touch } = task
  const hbm = Array.from({ length: gpus }, () => openTier(policies.hbm, hbmBlocks, task))
  const warehouse = warehouseBlocks === 0 ? undefined : openTier(policies.warehouse, warehouseBlocks, task)
  const hits = replayTwoTiers(stream, hbm, warehouse, createRouter, touch)
  const named = { hbmPolicy: policies.hbm.name, warehousePolicy: policies.warehouse.name }
  return { gpus, router, hbmBlocks, warehouseBlocks, ...named, ...hits }
}

function openTier(policy: PolicySpec, size: number, { stream, touch, cost }: SharedTask): LabTier {
  refuseIgnorant(policy.name, policy.knows, stream)
  // A memory that holds every block evicts none: more slots than blocks would be memory for nothing.
  const capacityBlocks = Math.max(1, Math.min(size, stream.distinctBlocks))
  const slotOf = new Int32Array(stream.distinctBlocks).fill(NONE)
  const facts = new LabFacts(stream, policy.knows, touch, slotOf, cost)
  return { policy: createPolicy(policy, capacityBlocks, facts), capacityBlocks, slotOf, listener: facts }
}
