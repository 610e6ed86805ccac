import { NONE } from './policy.ts'

/**
 * A doubly linked list over slot numbers in flat arrays: head is the newest, tail the oldest.
 * Lists that never hold the same slot at the same time can share their links.
 */
export class SlotList {
  head = NONE
  tail = NONE
  size = 0
  readonly #newer: Int32Array
  readonly #older: Int32Array

  /** @param slots how many slots there are, or a list to share links with */
  constructor(slots: number | SlotList) {
    this.#newer = typeof slots === 'number' ? new Int32Array(slots).fill(NONE) : slots.#newer
    this.#older = typeof slots === 'number' ? new Int32Array(slots).fill(NONE) : slots.#older
  }

  /** The next newer slot, NONE at the head. */
  newer(slot: number): number {
    return this.#newer[slot]!
  }

  /** The next older slot, NONE at the tail. */
  older(slot: number): number {
    return this.#older[slot]!
  }

  pushHead(slot: number): void {
    this.#newer[slot] = NONE
    this.#older[slot] = this.head
    if (this.head === NONE) this.tail = slot
    else this.#newer[this.head] = slot
    this.head = slot
    this.size++
  }

  /** Puts a slot right behind `next`, on the older side. */
  pushOlder(slot: number, next: number): void {
    const older = this.#older[next]!
    this.#newer[slot] = next
    this.#older[slot] = older
    this.#older[next] = slot
    if (older === NONE) this.tail = slot
    else this.#newer[older] = slot
    this.size++
  }

  remove(slot: number): void {
    const newer = this.#newer[slot]!
    const older = this.#older[slot]!
    if (newer === NONE) this.head = older
    else this.#older[newer] = older
    if (older === NONE) this.tail = newer
    else this.#newer[older] = newer
    this.size--
  }

  moveToHead(slot: number): void {
    if (slot === this.head) return
    this.remove(slot)
    this.pushHead(slot)
  }

  /** The oldest slot that is not pinned; NONE when all are. Pinned ones met on the way move to the head: they are touched when they are let go. */
  oldestUnpinned(isPinned: (slot: number) => boolean): number {
    for (let steps = this.size; steps > 0; steps--) {
      const oldest = this.tail
      if (!isPinned(oldest)) return oldest
      this.moveToHead(oldest)
    }
    return NONE
  }
}
