import { NONE } from '../../cache/policy.ts'
import type { LowerTier } from '../../warehouse/lower-tier.ts'
import { type CostModel, prefillMs } from '../cost-model.ts'
import type { FetchDecision } from '../plan-input.ts'
import type { PrefixMatch, Replica } from './replica.ts'
import type { Sequence } from './sequence.ts'

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
function touchBlocks<F, S>(
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

/** Gives an admitted sequence its slots: those of its hits, and as many new ones as the rest of it takes. */
export function claimSlots<F, S>(
  replica: Replica,
  lower: LowerTier<F, S> | undefined,
  sequence: Sequence,
  { hbmBlocks, neededSlots }: PrefixMatch,
  blockTokens: number,
): void {
  for (let i = 0; i < hbmBlocks; i++) {
    const slot = replica.hbm.lookup(sequence.block(i))
    replica.hbm.pin(slot)
    sequence.slots[i] = slot
  }
  touchBlocks(replica, lower, sequence, blockTokens)
  sequence.slotCount = hbmBlocks + neededSlots
  for (let i = hbmBlocks; i < sequence.slotCount; i++) sequence.slots[i] = replica.hbm.claim(sequence.block(i))
  sequence.computedTokens = hbmBlocks * blockTokens
  sequence.prefillTarget = sequence.knownTokens
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
