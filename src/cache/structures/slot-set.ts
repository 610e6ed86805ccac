import { NONE } from '../policy.ts'

/** A set of slots that can be drawn from by number: what is taken out, the last one replaces. O(1) a call, 8 bytes a slot. */
export class SlotSet {
  size = 0
  readonly #members: Int32Array
  readonly #placeOf: Int32Array

  constructor(slots: number) {
    this.#members = new Int32Array(slots)
    this.#placeOf = new Int32Array(slots)
  }

  /** @param place in [0, size) */
  at(place: number): number {
    return this.#members[place]!
  }

  add(slot: number): void {
    this.#placeOf[slot] = this.size
    this.#members[this.size++] = slot
  }

  remove(slot: number): void {
    const place = this.#placeOf[slot]!
    const last = this.#members[--this.size]!
    this.#members[place] = last
    this.#placeOf[last] = place
  }

  /** The first slot from a place on, round the end, that is not pinned; NONE when all are. */
  unpinnedFrom(place: number, isPinned: (slot: number) => boolean): number {
    for (let step = 0; step < this.size; step++) {
      const slot = this.#members[(place + step) % this.size]!
      if (!isPinned(slot)) return slot
    }
    return NONE
  }
}
