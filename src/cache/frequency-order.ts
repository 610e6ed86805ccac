import { NONE } from './policy.ts'
import { SlotList } from './slot-list.ts'

/**
 * Slots by how often they were used, of the same count the least recently used first. One list holds them all; slots of
 * one count are neighbours in it, and their group knows the newest. After Shah, Mitra and Matani, "An O(1) algorithm for
 * implementing the LFU cache eviction scheme", 2010, without a list for each count. O(1) a call, 21 bytes a slot.
 *
 * A pinned slot that is met is taken out, and back in by the touch that comes when it is let go; that looks at as many
 * groups as have a smaller count.
 */
export class FrequencyOrder {
  /** Tail: the least used. */
  readonly #order: SlotList
  readonly #aside: SlotList
  readonly #isAside: Uint8Array
  /** Of a slot its group, of one aside its count. */
  readonly #groupOf: Int32Array
  readonly #countOf: Int32Array
  /** Of a group its newest slot, of a free one the next free one. */
  readonly #newestOf: Int32Array
  #freeGroup = 0

  constructor(slots: number) {
    this.#order = new SlotList(slots)
    this.#aside = new SlotList(this.#order)
    this.#isAside = new Uint8Array(slots)
    this.#groupOf = new Int32Array(slots)
    this.#countOf = new Int32Array(slots)
    this.#newestOf = Int32Array.from({ length: slots }, (_, group) => group + 1)
  }

  /** Adds a slot that was used once. */
  add(slot: number): void {
    this.#isAside[slot] = 0
    this.#place(slot, 1, this.#highestUpTo(1))
  }

  touch(slot: number): void {
    if (this.#isAside[slot] === 1) {
      const count = this.#groupOf[slot]! + 1
      this.remove(slot)
      this.#isAside[slot] = 0
      this.#place(slot, count, this.#highestUpTo(count))
      return
    }
    const group = this.#groupOf[slot]!
    const count = this.#countOf[group]! + 1
    const next = this.#order.newer(this.#newestOf[group]!)
    const nextGroup = next === NONE ? NONE : this.#groupOf[next]!
    if (nextGroup !== NONE && this.#countOf[nextGroup] === count) {
      this.#leave(slot)
      this.#join(slot, nextGroup)
    } else if (this.#isAlone(slot)) {
      this.#countOf[group] = count
    } else {
      this.#leave(slot)
      this.#place(slot, count, group)
    }
  }

  remove(slot: number): void {
    if (this.#isAside[slot] === 1) this.#aside.remove(slot)
    else this.#leave(slot)
  }

  /** The least used slot that is not pinned; NONE when all are. */
  leastUnpinned(isPinned: (slot: number) => boolean): number {
    for (;;) {
      const slot = this.#order.tail
      if (slot === NONE) return this.#aside.oldestUnpinned(isPinned)
      if (!isPinned(slot)) return slot
      const count = this.#countOf[this.#groupOf[slot]!]!
      this.#leave(slot)
      this.#groupOf[slot] = count
      this.#isAside[slot] = 1
      this.#aside.pushHead(slot)
    }
  }

  #isAlone(slot: number): boolean {
    const group = this.#groupOf[slot]!
    const older = this.#order.older(slot)
    return this.#newestOf[group] === slot && (older === NONE || this.#groupOf[older] !== group)
  }

  #leave(slot: number): void {
    const group = this.#groupOf[slot]!
    if (this.#isAlone(slot)) {
      this.#newestOf[group] = this.#freeGroup
      this.#freeGroup = group
    } else if (this.#newestOf[group] === slot) {
      this.#newestOf[group] = this.#order.older(slot)
    }
    this.#order.remove(slot)
  }

  #join(slot: number, group: number): void {
    this.#order.pushNewer(slot, this.#newestOf[group]!)
    this.#newestOf[group] = slot
    this.#groupOf[slot] = group
  }

  /** @param below the group with the highest count up to `count`, NONE where there is none */
  #place(slot: number, count: number, below: number): void {
    if (below !== NONE && this.#countOf[below] === count) {
      this.#join(slot, below)
      return
    }
    if (below === NONE) this.#order.pushTail(slot)
    else this.#order.pushNewer(slot, this.#newestOf[below]!)
    const group = this.#freeGroup
    this.#freeGroup = this.#newestOf[group]!
    this.#newestOf[group] = slot
    this.#countOf[group] = count
    this.#groupOf[slot] = group
  }

  #highestUpTo(count: number): number {
    let below = NONE
    let slot = this.#order.tail
    while (slot !== NONE) {
      const group = this.#groupOf[slot]!
      if (this.#countOf[group]! > count) break
      below = group
      slot = this.#order.newer(this.#newestOf[group]!)
    }
    return below
  }
}
