import { NONE } from './policy.ts'

/** A doubly linked list over slot numbers in flat arrays: head is the newest, tail the oldest. */
export class SlotList {
  head = NONE
  tail = NONE
  size = 0
  readonly #newer: Int32Array
  readonly #older: Int32Array

  constructor(capacity: number) {
    this.#newer = new Int32Array(capacity).fill(NONE)
    this.#older = new Int32Array(capacity).fill(NONE)
  }

  /** The next newer slot, NONE at the head. */
  newer(slot: number): number {
    return this.#newer[slot]!
  }

  pushHead(slot: number): void {
    this.#newer[slot] = NONE
    this.#older[slot] = this.head
    if (this.head === NONE) this.tail = slot
    else this.#newer[this.head] = slot
    this.head = slot
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
}
