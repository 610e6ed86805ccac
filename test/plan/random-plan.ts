import fc from 'fast-check'
import { lru } from '../../src/cache/policies/lru.ts'
import { fcfs } from '../../src/plan/admission/fcfs.ts'
import type { CostModel } from '../../src/plan/cost-model.ts'
import type { FetchDecision, FetchMode, Load, PlanInput } from '../../src/plan/plan-input.ts'
import { roundRobin } from '../../src/plan/router/round-robin.ts'
import { sessionAffine } from '../../src/plan/router/session-affine.ts'
import { seededRandom } from '../../src/random.ts'
import type { LinkSpec } from '../../src/warehouse/link.ts'
import type { LowerTierSpec } from '../../src/warehouse/lower-tier.ts'
import { compilePool } from '../../src/workload/pool.ts'
import { randomConversations } from './random-conversations.ts'

/** A small GPU on which a prompt of 60 tokens takes 10 ms. No two durations are in a whole ratio, so ties are rare. */
export const testCost: CostModel = {
  layers: 2,
  layerFlopsPerToken: 1000,
  projectionFlopsPerRow: 137,
  layerWeightBytes: 5000,
  projectionWeightBytes: 713,
  attentionFlopsPerPair: 31,
  kvBytesPerToken: 64,
  linearFlopsPerMs: 9137.3,
  attentionFlopsPerMs: 20_011.7,
  weightBytesPerMs: 30_013.1,
  kvBytesPerMs: 52_021.9,
  stepOverheadMs: 0.0913,
  decodeRowMs: 0.001_71,
}

export const armNames = ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache'] as const
export type ArmName = (typeof armNames)[number]

/** All that a small plan is drawn from. */
export interface Knobs {
  readonly seed: number
  readonly replicas: number
  readonly sessionsPerReplica: number
  readonly start: 'warm' | 'cold'
  readonly poolBlocks: number
  readonly blockTokens: number
  readonly conversations: number
  readonly longestOutput: number
  readonly maxRunning: number
  readonly maxBatchedTokens: number
  readonly arm: ArmName
  readonly router: 'round-robin' | 'session-affine'
  readonly fetch: FetchDecision
  readonly fetchMode: FetchMode
  /** Bytes per ms; a token has 64. */
  readonly linkBytesPerMs: number
  readonly linkLimit: 'none' | 'host' | 'fabric'
  /** Capacity of a bounded lower tier, in pools. */
  readonly lowerPools: number
  readonly overheadMs: number
  readonly timeScale: number
  readonly requests: number
  readonly overrunRequests: number
}

const positive = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })

export const randomKnobs: fc.Arbitrary<Knobs> = fc.record({
  seed: fc.nat(1_000_000),
  replicas: positive(3),
  sessionsPerReplica: positive(6),
  start: fc.constantFrom('warm', 'cold'),
  poolBlocks: fc.integer({ min: 24, max: 60 }),
  blockTokens: fc.constantFrom(1, 3, 4, 8),
  conversations: positive(6),
  longestOutput: fc.constantFrom(1, 12, 40),
  maxRunning: fc.constantFrom(1, 3, 256),
  maxBatchedTokens: fc.constantFrom(7, 24, 500),
  arm: fc.constantFrom(...armNames),
  router: fc.constantFrom('round-robin', 'session-affine'),
  fetch: fc.constantFrom('always', 'always', 'break-even', 'never'),
  fetchMode: fc.constantFrom('async', 'blocking'),
  linkBytesPerMs: fc.constantFrom(61.3, 407.9, 3011.7, 90_001.3),
  linkLimit: fc.constantFrom('none', 'host', 'fabric'),
  lowerPools: fc.constantFrom(0.7, 2, Number.POSITIVE_INFINITY),
  overheadMs: fc.constantFrom(0, 0.3717),
  timeScale: fc.constantFrom(0, 0.2, 1),
  requests: fc.integer({ min: 5, max: 50 }),
  overrunRequests: fc.constantFrom(0, 0, 4),
})

/**
 * Replicas that serve the same conversation at the same time run in step, and which of two events of one instant comes
 * first hangs on the last bit of a sum: many conversations, with think times between their turns.
 */
export function withoutTies(knobs: Knobs): Knobs {
  if (knobs.replicas === 1) return knobs
  return { ...knobs, conversations: 24, timeScale: Math.max(0.2, knobs.timeScale) }
}

export const plainKnobs: Knobs = {
  seed: 1,
  replicas: 2,
  sessionsPerReplica: 4,
  start: 'warm',
  poolBlocks: 40,
  blockTokens: 4,
  conversations: 5,
  longestOutput: 12,
  maxRunning: 256,
  maxBatchedTokens: 24,
  arm: 'warehouse',
  router: 'session-affine',
  fetch: 'always',
  fetchMode: 'async',
  linkBytesPerMs: 3011.7,
  linkLimit: 'none',
  lowerPools: Number.POSITIVE_INFINITY,
  overheadMs: 0.3717,
  timeScale: 0.2,
  requests: 40,
  overrunRequests: 0,
}

export function planInput(knobs: Knobs): PlanInput {
  const conversations = randomConversations(seededRandom(knobs.seed).fork('conversations'), knobs)
  const load: Load = {
    kind: 'closed',
    seats: knobs.replicas * knobs.sessionsPerReplica,
    start: knobs.start,
    timeScale: knobs.timeScale,
    thinkCapMs: 40,
  }
  return {
    pool: compilePool(conversations, knobs.blockTokens),
    load,
    replicas: knobs.replicas,
    poolBlocks: knobs.poolBlocks,
    maxRunning: knobs.maxRunning,
    maxBatchedTokens: knobs.maxBatchedTokens,
    requestOverheadMs: knobs.overheadMs,
    router: knobs.router === 'round-robin' ? roundRobin : sessionAffine,
    admission: fcfs,
    hbmPolicy: lru,
    lowers: lowersOf(knobs),
    peerReads: false,
    fetch: knobs.fetch,
    fetchMode: knobs.fetchMode,
    fetchPart: 'whole',
    cost: testCost,
    settleRequests: undefined,
    requests: knobs.requests,
    overrunRequests: knobs.overrunRequests,
    seed: knobs.seed,
  }
}

function lowersOf(knobs: Knobs): LowerTierSpec[] {
  const { arm } = knobs
  if (arm === 'hbm-only') return []
  const capacityBlocks = Math.ceil(knobs.lowerPools * knobs.poolBlocks)
  if (arm === 'local-dram') {
    return [{ name: 'dram', shared: false, capacityBlocks, policy: lru, link: linkOf(knobs), freeStores: false }]
  }
  const isFree = arm === 'infinite-cache'
  return [
    {
      name: 'warehouse',
      shared: true,
      capacityBlocks: isFree ? Number.POSITIVE_INFINITY : capacityBlocks,
      policy: lru,
      link: isFree ? undefined : linkOf(knobs),
      freeStores: isFree,
    },
  ]
}

function linkOf({ linkBytesPerMs, linkLimit }: Knobs): LinkSpec {
  const [readBytesPerMs, writeBytesPerMs] = [linkBytesPerMs, linkBytesPerMs * 0.47]
  const limit = { readBytesPerMs: readBytesPerMs * 1.31, writeBytesPerMs: writeBytesPerMs * 1.17 }
  return {
    name: 'test link',
    readBytesPerMs,
    writeBytesPerMs,
    latencyMs: 0.0517,
    host: linkLimit === 'host' ? { replicas: 2, ...limit } : undefined,
    fabric: linkLimit === 'fabric' ? limit : undefined,
  }
}
