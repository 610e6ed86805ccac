import { NONE } from '../cache/policy.ts'
import type { LowerTier } from '../warehouse/lower-tier.ts'
import { type CostModel, prefillMs } from './cost-model.ts'
import type { FetchDecision } from './plan-input.ts'
import type { Replica } from './replica.ts'
import type { Sequence } from './sequence.ts'

/** What an admission would find, looked up without changing anything. */
export interface PrefixMatch {
  /** Leading blocks in HBM. */
  readonly hbmBlocks: number
  /** Blocks behind them, without a gap, that the lower tier holds ready. */
  readonly lowerBlocks: number
  /** Slots that must be claimed for the rest of what is known of the sequence. */
  readonly neededSlots: number
  /** Whether the replica has them. */
  readonly fits: boolean
  /** Leading blocks that running sequences hold already: they take no room of their own. */
  readonly pinnedHits: number
  /** The block that ends the prefix in HBM by not being there; NONE when all that can hit is. */
  readonly missingBlock: number
}

/** Hits are whole blocks of a contiguous prefix, at most known − 1 tokens: one token is always computed. */
export function matchPrefix<F, S>(
  replica: Replica,
  lower: LowerTier<F, S> | undefined,
  sequence: Sequence,
  blockTokens: number,
): PrefixMatch {
  const limit = Math.floor((sequence.knownTokens - 1) / blockTokens)
  let hbmBlocks = 0
  let idleHits = 0
  for (; hbmBlocks < limit; hbmBlocks++) {
    const slot = replica.hbm.lookup(sequence.block(hbmBlocks))
    if (slot === NONE) break
    if (!replica.hbm.isPinned(slot)) idleHits++
  }
  let lowerBlocks = 0
  if (lower !== undefined) {
    while (
      hbmBlocks + lowerBlocks < limit &&
      lower.lookupReady(replica.index, sequence.block(hbmBlocks + lowerBlocks)) !== NONE
    ) {
      lowerBlocks++
    }
  }
  const neededSlots = Math.ceil(sequence.knownTokens / blockTokens) - hbmBlocks
  return {
    hbmBlocks,
    lowerBlocks,
    neededSlots,
    fits: neededSlots <= replica.hbm.available - idleHits,
    pinnedHits: hbmBlocks - idleHits,
    missingBlock: hbmBlocks < limit ? sequence.block(hbmBlocks) : NONE,
  }
}

/** An admitted request touches all blocks of its prompt in every tier that holds them, tail first. */
export function touchBlocks<F, S>(
  replica: Replica,
  lower: LowerTier<F, S> | undefined,
  sequence: Sequence,
  blockTokens: number,
): void {
  const store = lower?.store(replica.index)
  for (let i = Math.floor(sequence.knownTokens / blockTokens) - 1; i >= 0; i--) {
    const block = sequence.block(i)
    const slot = replica.hbm.lookup(block)
    if (slot !== NONE) replica.hbm.touch(slot)
    const below = store?.lookup(block) ?? NONE
    if (below !== NONE) store?.touch(below)
  }
}

/**
 * Whether to fetch positions from..to or to compute them. `break-even` compares two ends: of the fetch, and of computing
 * those positions after the prefill work that the replica has already admitted.
 */
export function shouldFetch<F, S>(
  decision: FetchDecision,
  replica: Replica,
  lower: LowerTier<F, S>,
  cost: CostModel,
  from: number,
  to: number,
): boolean {
  if (decision !== 'break-even') return decision === 'always'
  if (lower.reads === undefined) return true
  const fetchMs = lower.reads.estimateMs(replica.index, (to - from) * cost.kvBytesPerToken)
  let aheadMs = 0
  for (const sequence of replica.running) {
    if (sequence.computedTokens < sequence.prefillTarget) {
      aheadMs += prefillMs(cost, sequence.computedTokens, sequence.prefillTarget)
    }
  }
  return fetchMs <= aheadMs + prefillMs(cost, from, to)
}
