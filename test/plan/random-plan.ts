import fc from 'fast-check'
import { lru } from '../../src/cache/policies/lru.ts'
import { admissions } from '../../src/plan/admission/registry.ts'
import type { CostModel } from '../../src/plan/cost-model.ts'
import type { FetchDecision, FetchMode, FetchPart, Load, PlanInput } from '../../src/plan/plan-input.ts'
import { routers } from '../../src/plan/router/registry.ts'
import { seededRandom } from '../../src/random.ts'
import { type LinkSpec, scaledLink } from '../../src/warehouse/link.ts'
import type { LowerTierSpec } from '../../src/warehouse/lower-tier.ts'
import { compilePool } from '../../src/workload/pool.ts'
import { randomConversations } from './random-conversations.ts'

/** A small GPU on which a prompt of 60 tokens takes 10 ms. No two durations are in a whole ratio, so ties are rare. */
export const testCost: CostModel = {
  layers: 7,
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

/** Arms whose steps can be kept. */
export const armNames = ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache'] as const
export const allArmNames = [...armNames, 'dram+warehouse', 'infinite-hbm'] as const
export type ArmName = (typeof allArmNames)[number]

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
  readonly router: string
  readonly admission: string
  readonly peerReads: boolean
  readonly fetch: FetchDecision
  readonly fetchMode: FetchMode
  readonly fetchPart: FetchPart
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

/** What a plan can be drawn from whose steps are kept. */
const executable = {
  seed: fc.nat(1_000_000),
  replicas: positive(3),
  sessionsPerReplica: positive(6),
  start: fc.constantFrom<Knobs['start'][]>('warm', 'cold'),
  poolBlocks: fc.integer({ min: 24, max: 60 }),
  blockTokens: fc.constantFrom(1, 3, 4, 8),
  conversations: positive(6),
  longestOutput: fc.constantFrom(1, 12, 40),
  maxRunning: fc.constantFrom(1, 3, 256),
  maxBatchedTokens: fc.constantFrom(7, 24, 500),
  arm: fc.constantFrom<ArmName[]>(...armNames),
  router: fc.constantFrom(...routers.map(({ name }) => name)),
  admission: fc.constantFrom(...admissions.map(({ name }) => name)),
  peerReads: fc.constant(false),
  fetch: fc.constantFrom<FetchDecision[]>('always', 'always', 'break-even', 'never'),
  fetchMode: fc.constantFrom<FetchMode[]>('async', 'blocking'),
  fetchPart: fc.constant<FetchPart>('whole'),
  linkBytesPerMs: fc.constantFrom(61.3, 407.9, 3011.7, 90_001.3),
  linkLimit: fc.constantFrom<Knobs['linkLimit'][]>('none', 'host', 'fabric'),
  lowerPools: fc.constantFrom(0.7, 2, Number.POSITIVE_INFINITY),
  overheadMs: fc.constantFrom(0, 0.3717),
  timeScale: fc.constantFrom(0, 0.2, 1),
  requests: fc.integer({ min: 5, max: 50 }),
  overrunRequests: fc.constantFrom(0, 0, 4),
} satisfies { [K in keyof Knobs]: fc.Arbitrary<Knobs[K]> }

export const randomKnobs: fc.Arbitrary<Knobs> = fc.record(executable)

/** With all that a plan can be asked for whose steps are not kept. */
export const widerKnobs: fc.Arbitrary<Knobs> = fc.record({
  ...executable,
  arm: fc.constantFrom(...allArmNames, 'dram+warehouse', 'dram+warehouse'),
  peerReads: fc.boolean(),
  fetchMode: fc.constantFrom('async', 'blocking', 'layerwise', 'layerwise'),
  fetchPart: fc.constantFrom('whole', 'beyond-break-even'),
  // Between 211.9 and 407.9 a block takes as long to fetch as to compute somewhere inside a prompt.
  linkBytesPerMs: fc.constantFrom(61.3, 211.9, 307.7, 407.9, 3011.7, 90_001.3),
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
  admission: 'fcfs',
  peerReads: false,
  fetch: 'always',
  fetchMode: 'async',
  fetchPart: 'whole',
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
    poolBlocks: knobs.arm === 'infinite-hbm' ? Number.POSITIVE_INFINITY : knobs.poolBlocks,
    maxRunning: knobs.maxRunning,
    maxBatchedTokens: knobs.maxBatchedTokens,
    requestOverheadMs: knobs.overheadMs,
    router: routers.find(({ name }) => name === knobs.router)!,
    admission: admissions.find(({ name }) => name === knobs.admission)!,
    hbmPolicy: lru,
    lowers: lowersOf(knobs),
    peerReads: knobs.peerReads,
    fetch: knobs.fetch,
    fetchMode: knobs.fetchMode,
    fetchPart: knobs.fetchPart,
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
  const isFree = arm === 'infinite-cache' || arm === 'infinite-hbm'
  const link = linkOf(knobs)
  const warehouse: LowerTierSpec = {
    name: 'warehouse',
    shared: true,
    capacityBlocks: isFree ? Number.POSITIVE_INFINITY : capacityBlocks,
    policy: lru,
    link: isFree ? undefined : link,
    freeStores: isFree,
  }
  // Where both are there, the nearer one is smaller and faster, and never in step with the other.
  const isPair = arm === 'dram+warehouse'
  const dram: LowerTierSpec = {
    name: 'dram',
    shared: false,
    capacityBlocks: isPair ? Math.ceil(0.8 * knobs.poolBlocks) : capacityBlocks,
    policy: lru,
    link: isPair ? scaledLink(link, 1.733, 0.417) : link,
    freeStores: false,
  }
  if (isPair) return [dram, warehouse]
  return arm === 'local-dram' ? [dram] : [warehouse]
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
