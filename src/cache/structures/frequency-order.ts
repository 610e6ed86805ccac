import { NONE } from '../policy.ts'
import { SlotList } from './slot-list.ts'

/**
 * Slots by how often they were used, of the same count the least recently used first. One list holds them all; slots of
 * one count are neighbours in it, and their group knows the newest. After Shah, Mitra and Matani, "An O(1) algorithm for
 * implementing the LFU cache eviction scheme", 2010, without a list for each count. O(1) a call, 20 bytes a slot.
 *
 * A pinned slot that is met is taken out, and back in by the touch that comes when it is let go; that looks at as many
 * groups as have a smaller count.
 */
export class FrequencyOrder {
  /** Tail: the least used. */
  readonly #order: SlotList
  readonly #aside: SlotList
  /** Of a slot its group; of one aside its count, inverted and so negative. */
  readonly #groupOf: Int32Array
  /** Of each group its newest slot and its count, side by side: one cache line for both; of a free one the next free one. */
  readonly #groups: Int32Array
  #freeGroup = 0

  constructor(slots: number) {
    this.#order = new SlotList(slots)
    this.#aside = new SlotList(this.#order)
    this.#groupOf = new Int32Array(slots)
    this.#groups = new Int32Array(2 * slots)
    for (let group = 0; group < slots; group++) this.#groups[2 * group] = group + 1
  }

  /** Adds a slot that was used once. */
  add(slot: number): void {
    this.#place(slot, 1, this.#highestUpTo(1))
  }

  touch(slot: number): void {
    const groups = this.#groups
    const group = this.#groupOf[slot]!
    if (group < 0) {
      const count = ~group + 1
      this.#aside.remove(slot)
      this.#place(slot, count, this.#highestUpTo(count))
      return
    }
    const count = groups[2 * group + 1]! + 1
    const next = this.#order.newer(groups[2 * group]!)
    const nextGroup = next === NONE ? NONE : this.#groupOf[next]!
    if (nextGroup !== NONE && groups[2 * nextGroup + 1] === count) {
      this.#leave(slot)
      this.#join(slot, nextGroup)
    } else if (this.#isAlone(slot, group)) {
      groups[2 * group + 1] = count
    } else {
      this.#leave(slot)
      this.#place(slot, count, group)
    }
  }

  remove(slot: number): void {
    if (this.#groupOf[slot]! < 0) this.#aside.remove(slot)
    else this.#leave(slot)
  }

  /** The least used slot that is not pinned; NONE when all are. */
  leastUnpinned(isPinned: (slot: number) => boolean): number {
    for (;;) {
      const slot = this.#order.tail
      if (slot === NONE) return this.#aside.oldestUnpinned(isPinned)
      if (!isPinned(slot)) return slot
      const count = this.#groups[2 * this.#groupOf[slot]! + 1]!
      this.#leave(slot)
      this.#groupOf[slot] = ~count
      this.#aside.pushHead(slot)
    }
  }

  #isAlone(slot: number, group: number): boolean {
    if (this.#groups[2 * group] !== slot) return false
    const older = this.#order.older(slot)
    return older === NONE || this.#groupOf[older] !== group
  }

  #leave(slot: number): void {
    const group = this.#groupOf[slot]!
    if (this.#isAlone(slot, group)) {
      this.#groups[2 * group] = this.#freeGroup
      this.#freeGroup = group
    } else if (this.#groups[2 * group] === slot) {
      this.#groups[2 * group] = this.#order.older(slot)
    }
    this.#order.remove(slot)
  }

  #join(slot: number, group: number): void {
    this.#order.pushNewer(slot, this.#groups[2 * group]!)
    this.#groups[2 * group] = slot
    this.#groupOf[slot] = group
  }

  /** @param below the group with the highest count up to `count`, NONE where there is none */
  #place(slot: number, count: number, below: number): void {
    if (below !== NONE && this.#groups[2 * below + 1] === count) {
      this.#join(slot, below)
      return
    }
    if (below === NONE) this.#order.pushTail(slot)
    else this.#order.pushNewer(slot, this.#groups[2 * below]!)
    const group = this.#freeGroup
    this.#freeGroup = this.#groups[2 * group]!
    this.#groups[2 * group] = slot
    this.#groups[2 * group + 1] = count
    this.#groupOf[slot] = group
  }

  #highestUpTo(count: number): number {
    let below = NONE
    let slot = this.#order.tail
    while (slot !== NONE) {
      const group = this.#groupOf[slot]!
      if (this.#groups[2 * group + 1]! > count) break
      below = group
      slot = this.#order.newer(this.#groups[2 * group]!)
    }
    return below
  }
}
