import { NONE } from '../policy.ts'

/**
 * Slots by key, the least on top; of equal keys the one that was set the longest ago. A binary heap that knows where each
 * slot is (Williams, "Heapsort", 1964). O(log n) a call, 24 bytes a slot.
 */
export class SlotHeap {
  size = 0
  readonly #heap: Int32Array
  readonly #placeOf: Int32Array
  readonly #keys: Float64Array
  readonly #setAt: Float64Array
  #sets = 0

  constructor(slots: number) {
    this.#heap = new Int32Array(slots)
    this.#placeOf = new Int32Array(slots).fill(NONE)
    this.#keys = new Float64Array(slots)
    this.#setAt = new Float64Array(slots)
  }

  key(slot: number): number {
    return this.#keys[slot]!
  }

  /** Adds a slot, or gives it another key; keys are less than Infinity. */
  set(slot: number, key: number): void {
    this.#keys[slot] = key
    this.#setAt[slot] = this.#sets++
    const place = this.#placeOf[slot]!
    if (place === NONE) this.#rise(this.size++, slot)
    else this.#settle(place, slot)
  }

  /** Nothing happens where the slot is not in the heap. */
  remove(slot: number): void {
    const place = this.#placeOf[slot]!
    if (place === NONE) return
    this.#placeOf[slot] = NONE
    const last = this.#heap[--this.size]!
    if (last !== slot) this.#settle(place, last)
  }

  /**
   * The slot with the least key that is not pinned; NONE when all are. Pinned ones met on the way get the key Infinity
   * and so are met once: they are set anew by the touch that comes when they are let go.
   */
  leastUnpinned(isPinned: (slot: number) => boolean): number {
    while (this.size > 0) {
      const slot = this.#heap[0]!
      if (this.#keys[slot] === Number.POSITIVE_INFINITY) return this.#anyUnpinned(isPinned)
      if (!isPinned(slot)) return slot
      this.set(slot, Number.POSITIVE_INFINITY)
    }
    return NONE
  }

  #anyUnpinned(isPinned: (slot: number) => boolean): number {
    for (let place = 0; place < this.size; place++) {
      const slot = this.#heap[place]!
      if (!isPinned(slot)) return slot
    }
    return NONE
  }

  #isBefore(a: number, b: number): boolean {
    const difference = this.#keys[a]! - this.#keys[b]!
    if (difference < 0) return true
    // Two infinite keys of one sign have no difference (NaN), and are equal.
    return !(difference > 0) && this.#setAt[a]! < this.#setAt[b]!
  }

  #settle(place: number, slot: number): void {
    if (place > 0 && this.#isBefore(slot, this.#heap[(place - 1) >> 1]!)) this.#rise(place, slot)
    else this.#sink(place, slot)
  }

  #rise(from: number, slot: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const other = this.#heap[above]!
      if (!this.#isBefore(slot, other)) break
      this.#put(place, other)
      place = above
    }
    this.#put(place, slot)
  }

  #sink(from: number, slot: number): void {
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= this.size) break
      if (below + 1 < this.size && this.#isBefore(this.#heap[below + 1]!, this.#heap[below]!)) below++
      const other = this.#heap[below]!
      if (!this.#isBefore(other, slot)) break
      this.#put(place, other)
      place = below
    }
    this.#put(place, slot)
  }

  #put(place: number, slot: number): void {
    this.#heap[place] = slot
    this.#placeOf[slot] = place
  }
}
