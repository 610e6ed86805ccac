/** No slot, no block. */
export const NONE = -1

/**
 * Orders the slots of one tier for eviction. It counts no hits, knows no bytes and frees no memory: the tier does.
 * `block` is a dense id that outlives eviction.
 */
export interface CachePolicy {
  /** A slot became a cached block. */
  onInsert(slot: number, block: number): void
  /** A request touched the block, or the last user of it let go. */
  onHit(slot: number, block: number): void
  /** The block leaves its slot. */
  onRemove(slot: number, block: number): void
  /** The slot to evict for `incomingBlock`, never a pinned one; NONE when all are pinned. A pinned slot gets an onHit when it is let go. */
  victim(isPinned: (slot: number) => boolean, incomingBlock: number): number
}

/** A member of `src/cache/policies/`. */
export interface PolicySpec {
  readonly name: string
  readonly summary: string
  readonly source: string
  create(capacityBlocks: number): CachePolicy
}
