import { type Facts, NONE } from './policy.ts'
import { SlotHeap } from './slot-heap.ts'

/**
 * The cached blocks as a tree of prefixes, and its leaves in a heap: for policies that evict leaves only, so that no cached
 * block ever loses the one before it while there is a choice. Knows `parent`.
 */
export class Leaves {
  readonly #facts: Facts
  readonly #heap: SlotHeap
  readonly #children: Int32Array
  readonly #keys: Float64Array
  readonly #blocks: Int32Array
  /** Slot of the block before each; NONE where that is not cached. */
  readonly #parents: Int32Array
  /** Slots of cached blocks by the block before them that is not cached. */
  readonly #orphans = new Map<number, Set<number>>()

  constructor(slots: number, facts: Facts) {
    this.#facts = facts
    this.#heap = new SlotHeap(slots)
    this.#children = new Int32Array(slots)
    this.#keys = new Float64Array(slots)
    this.#blocks = new Int32Array(slots).fill(NONE)
    this.#parents = new Int32Array(slots).fill(NONE)
  }

  keyOf(slot: number): number {
    return this.#keys[slot]!
  }

  insert(slot: number, block: number, key: number): void {
    this.#blocks[slot] = block
    this.#children[slot] = 0
    if (this.#orphans.size > 0) this.#adopt(slot, block)
    this.set(slot, key)
    const parent = this.#parentOf(block)
    if (parent === NONE) this.#orphan(slot)
    else this.#link(slot, parent)
  }

  /** The least key goes first; of equal keys the one that was set the longest ago. */
  set(slot: number, key: number): void {
    this.#keys[slot] = key
    if (this.#children[slot] === 0) this.#heap.set(slot, key)
  }

  remove(slot: number, block: number): void {
    this.#heap.remove(slot)
    if (this.#children[slot]! > 0) this.#abandon(slot)
    this.#blocks[slot] = NONE
    const parent = this.#parents[slot]!
    this.#parents[slot] = NONE
    if (parent === NONE) this.#forgetOrphan(slot, block)
    else if (--this.#children[parent]! === 0) this.#heap.set(parent, this.#keys[parent]!)
  }

  /**
   * The leaf with the least key that is not pinned, and not what the incoming block goes on from unless there is no other.
   * Where all leaves are pinned but not what is before them (a transfer holds some blocks of a prefix), the least of those.
   */
  victim(isPinned: (slot: number) => boolean, incomingBlock: number): number {
    const leaf = this.#heap.leastUnpinned(isPinned)
    if (leaf === NONE) return this.#leastInner(isPinned)
    return leaf === this.#parentOf(incomingBlock) ? this.#nextLeast(leaf, isPinned) : leaf
  }

  /** The least besides this one; this one where there is no other. */
  #nextLeast(leaf: number, isPinned: (slot: number) => boolean): number {
    this.#heap.remove(leaf)
    const next = this.#heap.leastUnpinned(isPinned)
    this.#heap.set(leaf, this.#keys[leaf]!)
    return next === NONE ? leaf : next
  }

  #leastInner(isPinned: (slot: number) => boolean): number {
    let least = NONE
    for (let slot = 0; slot < this.#blocks.length; slot++) {
      if (this.#blocks[slot] === NONE || isPinned(slot)) continue
      if (least === NONE || this.#keys[slot]! < this.#keys[least]!) least = slot
    }
    return least
  }

  #link(slot: number, parent: number): void {
    this.#parents[slot] = parent
    if (this.#children[parent]!++ === 0) this.#heap.remove(parent)
  }

  /** What goes on from a block that was away finds it again. */
  #adopt(slot: number, block: number): void {
    const orphans = this.#orphans.get(block)
    if (orphans === undefined) return
    this.#orphans.delete(block)
    for (const orphan of orphans) this.#link(orphan, slot)
  }

  /** An inner block goes: what goes on from it stays, without it. */
  #abandon(slot: number): void {
    for (let child = 0; child < this.#parents.length; child++) {
      if (this.#parents[child] !== slot) continue
      this.#parents[child] = NONE
      this.#orphan(child)
    }
  }

  #orphan(slot: number): void {
    const parent = this.#facts.parentOf(this.#blocks[slot]!)
    if (parent === NONE) return
    const orphans = this.#orphans.get(parent) ?? new Set()
    this.#orphans.set(parent, orphans.add(slot))
  }

  #forgetOrphan(slot: number, block: number): void {
    if (this.#orphans.size === 0) return
    const parent = this.#facts.parentOf(block)
    const orphans = this.#orphans.get(parent)
    if (orphans?.delete(slot) && orphans.size === 0) this.#orphans.delete(parent)
  }

  /** Slot of the block before this one; NONE where it is not cached, or not yet known here. */
  #parentOf(block: number): number {
    const parent = this.#facts.parentOf(block)
    if (parent === NONE) return NONE
    const slot = this.#facts.slotOf(parent)
    return slot !== NONE && this.#blocks[slot] === parent ? slot : NONE
  }
}
