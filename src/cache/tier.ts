import { assert } from '../errors.ts'
import { type CachePolicy, createPolicy, type Facts, NONE, noFacts, type PolicySpec } from './policy.ts'
import { BlockIndex } from './structures/block-index.ts'

/** Told which blocks a tier holds. */
export interface Presence {
  added(block: number): void
  removed(block: number): void
}

/** Told of everything that happens to the slots of a tier, each before the policy is. `block` is NONE where nothing findable is in the slot. */
export interface TierLog {
  insert(slot: number, block: number): void
  hit(slot: number, block: number): void
  /** @param block what is in the slot, or what it is claimed for */
  pin(slot: number, block: number): void
  unpin(slot: number, block: number): void
  /** @param incomingBlock for which it is evicted; NONE: it was forgotten */
  remove(slot: number, block: number, incomingBlock: number): void
}

/** Who has to do with a tier besides its users. */
export interface TierSurroundings {
  readonly presence?: Presence | undefined
  /** Makes the facts for the tier's policy. @param slotOf where a block is in the tier */
  readonly factsFor?: ((slotOf: (block: number) => number) => Facts) | undefined
  /** Makes the log of what happens here. @param facts what the policy is told */
  readonly logFor?: ((facts: Facts) => TierLog) | undefined
}

/**
 * A memory of block slots with reference counts: the HBM pool of a replica, its DRAM, or the warehouse.
 * A slot is empty, anonymous (claimed, holds no findable block) or identified (found by its block).
 * An identified slot without pins stays cached until the policy evicts it; an anonymous one without pins is empty again.
 * Letting go of the last pin counts as use (vLLM: a freed block goes to the end of the free queue).
 */
export class Tier {
  readonly capacityBlocks: number
  evictions = 0
  /** How often a slot became findable, ever. */
  identifications = 0
  /** How often a block was forgotten because it would never be asked for again. */
  #forgotten = 0
  readonly #policy: CachePolicy | undefined
  readonly #index = new BlockIndex()
  readonly #empty: number[] = []
  readonly #presence: Presence | undefined
  readonly #log: TierLog | undefined
  readonly #isPinned = (slot: number): boolean => this.#pins[slot]! > 0
  #blocks: Int32Array
  #pins: Int32Array
  #used = 0
  #evictable = 0

  /** @param capacityBlocks Infinity for a tier that never evicts */
  constructor(capacityBlocks: number, policy: PolicySpec, { presence, factsFor, logFor }: TierSurroundings = {}) {
    const slots = Number.isFinite(capacityBlocks) ? capacityBlocks : 1024
    this.capacityBlocks = capacityBlocks
    this.#blocks = new Int32Array(slots).fill(NONE)
    this.#pins = new Int32Array(slots)
    this.#presence = presence
    if (!Number.isFinite(capacityBlocks)) return
    const { name, knows } = policy
    assert(knows.length === 0 || factsFor !== undefined, 'a policy is told what it must know', { name, knows })
    const facts = knows.length === 0 ? noFacts : factsFor!((block) => this.lookup(block))
    this.#policy = createPolicy(policy, capacityBlocks, facts)
    this.#log = logFor?.(facts)
  }

  /** Slots that a claim could get: empty ones and cached ones without pins. */
  get available(): number {
    return this.capacityBlocks - this.#used + this.#empty.length + this.#evictable
  }

  /** Slots that hold a block, or are claimed for one. */
  get heldBlocks(): number {
    return this.#used - this.#empty.length
  }

  /** Slots that somebody holds. */
  get pinnedBlocks(): number {
    return this.heldBlocks - this.#evictable
  }

  /** Slots ever used: the size that a real memory for this tier would need. */
  get highWaterBlocks(): number {
    return this.#used
  }

  /** Changes whenever a block becomes findable, or is no longer. */
  get version(): number {
    return this.identifications + this.evictions + this.#forgotten
  }

  /** Whether what it holds can ever be evicted: only then does the order of use matter. */
  get evicts(): boolean {
    return this.#policy !== undefined
  }

  get cachedBlocks(): number {
    return this.#index.size
  }

  /** The slot of a block, NONE when it is not here. */
  lookup(block: number): number {
    return this.#index.get(block)
  }

  blockOf(slot: number): number {
    return this.#blocks[slot]!
  }

  isPinned(slot: number): boolean {
    return this.#pins[slot]! > 0
  }

  /** Takes a slot for a block to come, pinned once and anonymous. Empty ones first, then the policy's victim; NONE when there is neither. */
  claim(incomingBlock: number): number {
    const slot = this.#empty.pop() ?? (this.#used < this.capacityBlocks ? this.#fresh() : this.#evict(incomingBlock))
    if (slot === NONE) return NONE
    this.#pins[slot] = 1
    this.#log?.pin(slot, incomingBlock)
    return slot
  }

  /** Makes a claimed slot findable as `block`. False when the block is already found elsewhere: the slot stays anonymous. */
  identify(slot: number, block: number): boolean {
    if (!this.#index.add(block, slot)) return false
    if (this.#blocks[slot] !== NONE) assert(false, 'a slot is identified once', { slot, block })
    this.#blocks[slot] = block
    this.#log?.insert(slot, block)
    this.#policy?.onInsert(slot, block)
    this.#presence?.added(block)
    this.identifications++
    return true
  }

  /** Drops a block that will never be asked for again, if it is here and nobody holds it. */
  forget(block: number): void {
    const slot = this.#index.get(block)
    if (slot === NONE || this.#pins[slot]! > 0) return
    this.#drop(slot, NONE)
    this.#empty.push(slot)
    this.#forgotten++
  }

  touch(slot: number): void {
    this.#log?.hit(slot, this.#blocks[slot]!)
    this.#policy?.onHit(slot, this.#blocks[slot]!)
  }

  pin(slot: number): void {
    if (this.#pins[slot] === 0) this.#evictable--
    this.#pins[slot]!++
    this.#log?.pin(slot, this.#blocks[slot]!)
  }

  unpin(slot: number): void {
    const left = --this.#pins[slot]!
    this.#log?.unpin(slot, this.#blocks[slot]!)
    if (left > 0) return
    if (this.#blocks[slot] === NONE) {
      this.#empty.push(slot)
    } else {
      this.#evictable++
      this.touch(slot)
    }
  }

  /** The (slot, block) pairs now cached, in slot order. */
  *contents(): Iterable<readonly [slot: number, block: number]> {
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.#blocks[slot] !== NONE) yield [slot, this.#blocks[slot]!]
    }
  }

  #fresh(): number {
    if (this.#used === this.#blocks.length) {
      const blocks = new Int32Array(this.#blocks.length * 2).fill(NONE)
      blocks.set(this.#blocks)
      this.#blocks = blocks
      const pins = new Int32Array(blocks.length)
      pins.set(this.#pins)
      this.#pins = pins
    }
    return this.#used++
  }

  #evict(incomingBlock: number): number {
    if (this.#evictable === 0 || this.#policy === undefined) return NONE
    const slot = this.#policy.victim(this.#isPinned, incomingBlock)
    if (slot === NONE || this.#pins[slot] !== 0 || this.#blocks[slot] === NONE)
      assert(false, 'a victim is cached and not pinned', { slot })
    this.#drop(slot, incomingBlock)
    this.evictions++
    return slot
  }

  #drop(slot: number, incomingBlock: number): void {
    const block = this.#blocks[slot]!
    this.#log?.remove(slot, block, incomingBlock)
    this.#policy?.onRemove(slot, block)
    this.#presence?.removed(block)
    this.#index.delete(block)
    this.#blocks[slot] = NONE
    this.#evictable--
  }
}
