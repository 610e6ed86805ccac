import { NONE, type PolicySpec } from '../cache/policy.ts'
import { Tier, type TierSurroundings } from '../cache/tier.ts'
import { type LinkSpec, readDirection, writeDirection } from './link.ts'
import { LinkNetwork } from './link-network.ts'

/** The blocks of a request by position. */
interface BlockTable {
  block(at: number): number
}

/** A memory below HBM: DRAM of each replica's own, or one warehouse for all. */
export interface LowerTierSpec {
  readonly name: 'dram' | 'warehouse'
  /** One store for all replicas, or one each. */
  readonly shared: boolean
  /** Capacity of each store; Infinity holds everything. */
  readonly capacityBlocks: number
  readonly policy: PolicySpec
  /** Undefined is free: blocks move in no time. */
  readonly link: LinkSpec | undefined
  /** Whether storing takes no time and pins nothing, while fetching has its link. */
  readonly freeStores: boolean
}

/**
 * The stores of a lower tier with its links. A block is in three states: absent, on its way (claimed, pinned, not to be
 * fetched yet) and ready. Source: prepare and complete of vLLM's kv_offload.
 */
export class LowerTier<Fetch, Store> {
  readonly spec: LowerTierSpec
  readonly reads: LinkNetwork<Fetch> | undefined
  readonly writes: LinkNetwork<Store> | undefined
  readonly #stores: readonly Tier[]
  readonly #ready: Uint8Array[]

  constructor(spec: LowerTierSpec, replicas: number, surroundings: TierSurroundings = {}) {
    this.spec = spec
    this.#stores = Array.from(
      { length: spec.shared ? 1 : replicas },
      () => new Tier(spec.capacityBlocks, spec.policy, surroundings),
    )
    this.#ready = this.#stores.map(
      () => new Uint8Array(Number.isFinite(spec.capacityBlocks) ? spec.capacityBlocks : 1024),
    )
    this.reads = spec.link && new LinkNetwork(readDirection(spec.link), replicas)
    this.writes = spec.link && !spec.freeStores ? new LinkNetwork(writeDirection(spec.link), replicas) : undefined
  }

  /** The store that serves a replica. */
  store(replica: number): Tier {
    return this.#stores[this.spec.shared ? 0 : replica]!
  }

  get stores(): readonly Tier[] {
    return this.#stores
  }

  /** The slot of a block that can be fetched now; NONE otherwise. */
  lookupReady(replica: number, block: number): number {
    const slot = this.store(replica).lookup(block)
    return slot !== NONE && this.#ready[this.spec.shared ? 0 : replica]![slot] === 1 ? slot : NONE
  }

  /** How many blocks of a request, from position `from` on and below `limit`, can be fetched now without a gap. */
  readyRun(replica: number, blocks: BlockTable, from: number, limit: number): number {
    const store = this.store(replica)
    const ready = this.#ready[this.spec.shared ? 0 : replica]!
    let at = from
    while (at < limit) {
      const slot = store.lookup(blocks.block(at))
      if (slot === NONE || ready[slot] !== 1) break
      at++
    }
    return at - from
  }

  /** Claims a slot for a block that is neither there nor on its way; NONE when it is, or nothing can be evicted. */
  prepareStore(replica: number, block: number): number {
    const store = this.store(replica)
    if (store.lookup(block) !== NONE) return NONE
    const slot = store.claim(block)
    if (slot !== NONE) {
      store.identify(slot, block)
      this.#setReady(replica, slot, 0)
    }
    return slot
  }

  /** The block has arrived and can be fetched. */
  completeStore(replica: number, slot: number): void {
    this.#setReady(replica, slot, 1)
    this.store(replica).unpin(slot)
  }

  /** Drops a block that will never be asked for again. */
  forget(replica: number, block: number): void {
    this.store(replica).forget(block)
  }

  #setReady(replica: number, slot: number, ready: 0 | 1): void {
    const at = this.spec.shared ? 0 : replica
    let flags = this.#ready[at]!
    if (slot >= flags.length) {
      const larger = new Uint8Array(Math.max(flags.length * 2, slot + 1))
      larger.set(flags)
      this.#ready[at] = larger
      flags = larger
    }
    flags[slot] = ready
  }
}
