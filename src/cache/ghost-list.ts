import { NONE } from './policy.ts'
import { SlotList } from './slot-list.ts'

/**
 * Blocks that were evicted, newest first, as many as a policy wants to remember. O(1) a call. Found by open addressing
 * with linear probing (Knuth, TAOCP 3, 6.4, algorithms L and R), at most half full.
 */
export class GhostList {
  readonly #order: SlotList
  readonly #blocks: Int32Array
  /** Entry by hash, NONE where empty. */
  readonly #table: Int32Array
  readonly #mask: number
  readonly #free: Int32Array
  #freeCount: number

  /** @param capacity at least 1; one more pushes the oldest out */
  constructor(capacity: number) {
    const entries = Math.max(1, capacity)
    this.#order = new SlotList(entries)
    this.#blocks = new Int32Array(entries)
    const slots = 2 ** Math.ceil(Math.log2(entries * 2))
    this.#table = new Int32Array(slots).fill(NONE)
    this.#mask = slots - 1
    this.#free = Int32Array.from({ length: entries }, (_, i) => entries - 1 - i)
    this.#freeCount = entries
  }

  get size(): number {
    return this.#order.size
  }

  has(block: number): boolean {
    return this.#table[this.#find(block)] !== NONE
  }

  /** Remembers a block that is not in the list as the newest; the oldest goes when there is no room. */
  push(block: number): void {
    if (this.#freeCount === 0) this.dropOldest()
    const entry = this.#free[--this.#freeCount]!
    this.#blocks[entry] = block
    this.#order.pushHead(entry)
    this.#table[this.#find(block)] = entry
  }

  /** Forgets a block; false when it is not in the list. */
  delete(block: number): boolean {
    const at = this.#find(block)
    const entry = this.#table[at]!
    if (entry === NONE) return false
    this.#order.remove(entry)
    this.#free[this.#freeCount++] = entry
    this.#closeGap(at)
    return true
  }

  /** Forgets the oldest block and returns it; NONE when there is none. */
  dropOldest(): number {
    const entry = this.#order.tail
    if (entry === NONE) return NONE
    const block = this.#blocks[entry]!
    this.delete(block)
    return block
  }

  #home(block: number): number {
    return (Math.imul(block, 0x9e3779b1) >>> 7) & this.#mask
  }

  /** Where the block is in the table, or the empty place where it would go. */
  #find(block: number): number {
    let at = this.#home(block)
    for (;;) {
      const entry = this.#table[at]!
      if (entry === NONE || this.#blocks[entry] === block) return at
      at = (at + 1) & this.#mask
    }
  }

  /** Moves back what stands behind a gap and could not be found past it. */
  #closeGap(gap: number): void {
    let empty = gap
    let at = gap
    for (;;) {
      at = (at + 1) & this.#mask
      const entry = this.#table[at]!
      if (entry === NONE) break
      const home = this.#home(this.#blocks[entry]!)
      if (((at - home) & this.#mask) < ((at - empty) & this.#mask)) continue
      this.#table[empty] = entry
      empty = at
    }
    this.#table[empty] = NONE
  }
}
