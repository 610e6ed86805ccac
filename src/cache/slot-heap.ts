import { NONE } from './policy.ts'

/** Place of a slot that is set aside. */
const aside = -2

/**
 * Slots in a binary heap, the one with the least key on top; equal keys are told apart by a second one. O(log n) a call.
 * A slot's place is kept, so that its keys can change (Knuth, TAOCP 3, 5.2.3).
 */
export class SlotHeap {
  size = 0
  #asideSlots = 0
  readonly #heap: Int32Array
  /** Of each slot, NONE where it is not here. */
  readonly #places: Int32Array
  readonly #keys: Float64Array
  readonly #ties: Float64Array

  constructor(slots: number) {
    this.#heap = new Int32Array(slots)
    this.#places = new Int32Array(slots).fill(NONE)
    this.#keys = new Float64Array(slots)
    this.#ties = new Float64Array(slots)
  }

  /** The slot with the least key, NONE where the heap is empty. */
  get least(): number {
    return this.size === 0 ? NONE : this.#heap[0]!
  }

  has(slot: number): boolean {
    return this.#places[slot] !== NONE
  }

  keyOf(slot: number): number {
    return this.#keys[slot]!
  }

  /** Puts a slot into the heap, or changes its keys. */
  set(slot: number, key: number, tie: number): void {
    this.#keys[slot] = key
    this.#ties[slot] = tie
    if (this.#places[slot] === aside) this.delete(slot)
    const place = this.#places[slot]!
    if (place === NONE) {
      this.#put(slot, this.size++)
      this.#rise(this.size - 1)
    } else if (this.#rise(place) === place) this.#sink(place)
  }

  /** Takes a slot out; nothing happens where it is not in. */
  delete(slot: number): void {
    const place = this.#places[slot]!
    if (place === NONE) return
    this.#places[slot] = NONE
    if (place === aside) {
      this.#asideSlots--
      return
    }
    const last = this.#heap[--this.size]!
    if (last === slot) return
    this.#put(last, place)
    if (this.#rise(place) === place) this.#sink(place)
  }

  /**
   * The slot with the least key that is not pinned; NONE when all are. Pinned ones met on the way are set aside, out of the
   * heap, until their keys are set again: they are touched when they are let go. So each costs O(log n) once.
   */
  leastUnpinned(isPinned: (slot: number) => boolean): number {
    while (this.size > 0) {
      const slot = this.#heap[0]!
      if (!isPinned(slot)) return slot
      this.delete(slot)
      this.#places[slot] = aside
      this.#asideSlots++
    }
    return this.#asideSlots === 0 ? NONE : this.#leastAside(isPinned)
  }

  #leastAside(isPinned: (slot: number) => boolean): number {
    let least = NONE
    for (let slot = 0; slot < this.#places.length; slot++) {
      if (this.#places[slot] !== aside || isPinned(slot)) continue
      if (least === NONE || this.#isLess(slot, least)) least = slot
    }
    return least
  }

  #isLess(a: number, b: number): boolean {
    const keyA = this.#keys[a]!
    const keyB = this.#keys[b]!
    return keyA < keyB || (keyA === keyB && this.#ties[a]! < this.#ties[b]!)
  }

  #put(slot: number, place: number): void {
    this.#heap[place] = slot
    this.#places[slot] = place
  }

  /** Where it came to rest. */
  #rise(from: number): number {
    const slot = this.#heap[from]!
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#heap[above]!
      if (!this.#isLess(slot, parent)) break
      this.#put(parent, place)
      place = above
    }
    this.#put(slot, place)
    return place
  }

  #sink(from: number): void {
    const slot = this.#heap[from]!
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= this.size) break
      if (below + 1 < this.size && this.#isLess(this.#heap[below + 1]!, this.#heap[below]!)) below++
      const child = this.#heap[below]!
      if (!this.#isLess(child, slot)) break
      this.#put(child, place)
      place = below
    }
    this.#put(slot, place)
  }
}
