import { NONE } from '../../cache/policy.ts'
import type { LowerTier } from '../../warehouse/lower-tier.ts'
import type { PeerBlocks } from './peer-blocks.ts'
import type { PrefixMatch, Replica } from './replica.ts'
import type { Sequence } from './sequence.ts'

/** Where blocks can be read from besides a replica's own HBM. */
export interface Below<F, S> {
  readonly lowers: readonly LowerTier<F, S>[]
  readonly peers: PeerBlocks | undefined
}

/** Hits are whole blocks of a contiguous prefix, at most known − 1 tokens: one token is always computed. */
export function hitLimit(sequence: Sequence, blockTokens: number): number {
  return Math.floor((sequence.knownTokens - 1) / blockTokens)
}

/** Leading blocks of a request that are in the replica's HBM. */
export function prefixBlocks(replica: Replica, sequence: Sequence, blockTokens: number): number {
  const limit = hitLimit(sequence, blockTokens)
  let blocks = 0
  while (blocks < limit && replica.hbm.lookup(sequence.block(blocks)) !== NONE) blocks++
  return blocks
}

export function matchPrefix<F, S>(
  replica: Replica,
  below: Below<F, S>,
  sequence: Sequence,
  blockTokens: number,
): PrefixMatch {
  const limit = hitLimit(sequence, blockTokens)
  let hbmBlocks = 0
  let idleHits = 0
  for (; hbmBlocks < limit; hbmBlocks++) {
    const slot = replica.hbm.lookup(sequence.block(hbmBlocks))
    if (slot === NONE) break
    if (!replica.hbm.isPinned(slot)) idleHits++
    // Looked up once: if the request is admitted, these are its slots.
    sequence.slots[hbmBlocks] = slot
  }
  const neededSlots = Math.ceil(sequence.knownTokens / blockTokens) - hbmBlocks
  const fits = neededSlots <= replica.hbm.available - idleHits
  const [nearest] = below.lowers
  let lowerBlocks = fits && nearest !== undefined ? nearest.readyRun(replica.index, sequence, hbmBlocks, limit) : 0
  if (fits) {
    while (hbmBlocks + lowerBlocks < limit && isBelow(replica, below, sequence.block(hbmBlocks + lowerBlocks))) {
      lowerBlocks++
    }
  }
  return {
    hbmBlocks,
    lowerBlocks,
    neededSlots,
    fits,
    pinnedHits: hbmBlocks - idleHits,
    missingBlock: hbmBlocks < limit ? sequence.block(hbmBlocks) : NONE,
  }
}

function isBelow<F, S>(replica: Replica, { lowers, peers }: Below<F, S>, block: number): boolean {
  for (const lower of lowers) if (lower.lookupReady(replica.index, block) !== NONE) return true
  return peers?.hasBesides(replica.hbm.lookup(block) === NONE ? 0 : 1, block) ?? false
}

/** An admitted request touches all blocks of its prompt in every tier that holds them, tail first. */
function touchBlocks<F, S>(
  replica: Replica,
  lowers: readonly LowerTier<F, S>[],
  sequence: Sequence,
  blockTokens: number,
): void {
  const blocks = Math.floor(sequence.knownTokens / blockTokens)
  for (const tier of [replica.hbm, ...lowers.map((lower) => lower.store(replica.index))]) {
    if (!tier.evicts) continue
    for (let i = blocks - 1; i >= 0; i--) {
      const slot = tier.lookup(sequence.block(i))
      if (slot !== NONE) tier.touch(slot)
    }
  }
}

/** Gives an admitted sequence its slots: those of its hits, and as many new ones as the rest of it takes. */
export function claimSlots<F, S>(
  replica: Replica,
  lowers: readonly LowerTier<F, S>[],
  sequence: Sequence,
  { hbmBlocks, neededSlots }: PrefixMatch,
  blockTokens: number,
): void {
  for (let i = 0; i < hbmBlocks; i++) replica.hbm.pin(sequence.slots[i]!)
  touchBlocks(replica, lowers, sequence, blockTokens)
  sequence.slotCount = hbmBlocks + neededSlots
  for (let i = hbmBlocks; i < sequence.slotCount; i++) sequence.slots[i] = replica.hbm.claim(sequence.block(i))
  sequence.computedTokens = hbmBlocks * blockTokens
  sequence.prefillTarget = sequence.knownTokens
}
