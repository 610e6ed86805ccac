import { type Facts, NONE } from '../policy.ts'

/** Told when a cached block gets its first child or loses its last one; not when it comes or goes itself. */
export interface LeafWatcher {
  becameInner(slot: number): void
  becameLeaf(slot: number): void
}

/**
 * The cached blocks as a tree of prefixes: which of them nothing else that is cached goes on from. Knows `parent`. O(1) a
 * call, 12 bytes a slot, as long as leaves go first; where an inner block goes, O(n).
 */
export class PrefixTree {
  readonly #facts: Facts
  readonly #watcher: LeafWatcher
  readonly #children: Int32Array
  readonly #blocks: Int32Array
  /** Slot of the block before each; NONE where that is not cached. */
  readonly #parents: Int32Array
  /** Slots of cached blocks by the block before them that is not cached. */
  readonly #orphans = new Map<number, Set<number>>()

  constructor(slots: number, facts: Facts, watcher: LeafWatcher) {
    this.#facts = facts
    this.#watcher = watcher
    this.#children = new Int32Array(slots)
    this.#blocks = new Int32Array(slots).fill(NONE)
    this.#parents = new Int32Array(slots).fill(NONE)
  }

  holds(slot: number): boolean {
    return this.#blocks[slot] !== NONE
  }

  isLeaf(slot: number): boolean {
    return this.#children[slot] === 0
  }

  add(slot: number, block: number): void {
    this.#blocks[slot] = block
    this.#children[slot] = 0
    this.#adopt(slot, block)
    const parent = this.slotBefore(block)
    if (parent === NONE) this.#orphan(slot)
    else this.#link(slot, parent)
  }

  remove(slot: number, block: number): void {
    if (this.#children[slot]! > 0) this.#abandon(slot)
    this.#blocks[slot] = NONE
    const parent = this.#parents[slot]!
    this.#parents[slot] = NONE
    if (parent === NONE) this.#forgetOrphan(slot, block)
    else if (--this.#children[parent]! === 0) this.#watcher.becameLeaf(parent)
  }

  /** Slot of the block before this one; NONE where it is not cached, or not yet known here. */
  slotBefore(block: number): number {
    const parent = this.#facts.parentOf(block)
    if (parent === NONE) return NONE
    const slot = this.#facts.slotOf(parent)
    return slot !== NONE && this.#blocks[slot] === parent ? slot : NONE
  }

  /**
   * The least of all that are not pinned, by any measure: where all leaves are pinned but not what is before them, since a
   * transfer holds some blocks of a prefix. O(n).
   */
  leastUnpinned(isPinned: (slot: number) => boolean, isLess: (slot: number, than: number) => boolean): number {
    let least = NONE
    for (let slot = 0; slot < this.#blocks.length; slot++) {
      if (this.#blocks[slot] === NONE || isPinned(slot)) continue
      if (least === NONE || isLess(slot, least)) least = slot
    }
    return least
  }

  #link(slot: number, parent: number): void {
    this.#parents[slot] = parent
    if (this.#children[parent]!++ === 0) this.#watcher.becameInner(parent)
  }

  /** What goes on from a block that was away finds it again. */
  #adopt(slot: number, block: number): void {
    if (this.#orphans.size === 0) return
    const orphans = this.#orphans.get(block)
    if (orphans === undefined) return
    this.#orphans.delete(block)
    for (const orphan of orphans) {
      this.#parents[orphan] = slot
      this.#children[slot]!++
    }
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
}
