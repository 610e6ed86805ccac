import { type Facts, NONE } from '../policy.ts'
import { PrefixTree } from './prefix-tree.ts'
import { SlotHeap } from './slot-heap.ts'

/**
 * The leaves of the tree of prefixes in a heap: for policies that evict leaves only, so that no cached block ever loses the
 * one before it while there is a choice. Knows `parent`. O(log n) a call.
 */
export class Leaves {
  readonly #heap: SlotHeap
  readonly #keys: Float64Array
  readonly #tree: PrefixTree

  constructor(slots: number, facts: Facts) {
    this.#heap = new SlotHeap(slots)
    this.#keys = new Float64Array(slots)
    this.#tree = new PrefixTree(slots, facts, {
      becameInner: (slot) => this.#heap.remove(slot),
      becameLeaf: (slot) => this.#heap.set(slot, this.#keys[slot]!),
    })
  }

  holds(slot: number): boolean {
    return this.#tree.holds(slot)
  }

  keyOf(slot: number): number {
    return this.#keys[slot]!
  }

  insert(slot: number, block: number, key: number): void {
    this.#tree.add(slot, block)
    this.set(slot, key)
  }

  /** The least key goes first; of equal keys the one that was set the longest ago. */
  set(slot: number, key: number): void {
    this.#keys[slot] = key
    if (this.#tree.isLeaf(slot)) this.#heap.set(slot, key)
  }

  remove(slot: number, block: number): void {
    this.#heap.remove(slot)
    this.#tree.remove(slot, block)
  }

  /**
   * The leaf with the least key that is not pinned, and not what the incoming block goes on from unless there is no other.
   * Where all leaves are pinned but not what is before them, the least of those.
   */
  victim(isPinned: (slot: number) => boolean, incomingBlock: number): number {
    const leaf = this.#heap.leastUnpinned(isPinned)
    if (leaf === NONE) return this.#tree.leastUnpinned(isPinned, (slot, than) => this.#keys[slot]! < this.#keys[than]!)
    return leaf === this.#tree.slotBefore(incomingBlock) ? this.#nextLeast(leaf, isPinned) : leaf
  }

  /** The least besides this one; this one where there is no other. */
  #nextLeast(leaf: number, isPinned: (slot: number) => boolean): number {
    this.#heap.remove(leaf)
    const next = this.#heap.leastUnpinned(isPinned)
    this.#heap.set(leaf, this.#keys[leaf]!)
    return next === NONE ? leaf : next
  }
}
