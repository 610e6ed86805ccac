import { NONE } from './policy.ts'

/**
 * Block → entry number, for blocks that were evicted and are to be remembered. Open addressing with linear probing
 * (Knuth, TAOCP 3, 6.4, algorithms L and R), half full. 12 bytes an entry, O(1) a call.
 */
export class GhostIndex {
  readonly capacity: number
  size = 0
  /** Block of each entry; of a free one the next free one. */
  readonly #blocks: Int32Array
  /** Entry by hash, NONE where empty. */
  readonly #table: Int32Array
  #free = 0

  /** @param capacity at least 1 */
  constructor(capacity: number) {
    this.capacity = Math.max(1, capacity)
    this.#blocks = Int32Array.from({ length: this.capacity }, (_, entry) => entry + 1)
    this.#table = new Int32Array(2 * this.capacity).fill(NONE)
  }

  blockOf(entry: number): number {
    return this.#blocks[entry]!
  }

  /** NONE when the block is not in the index. */
  find(block: number): number {
    return this.#table[this.#place(block)]!
  }

  /** The entry for a block that is not in the index; there must be room. */
  add(block: number): number {
    const entry = this.#free
    this.#table[this.#place(block)] = entry
    this.#free = this.#blocks[entry]!
    this.#blocks[entry] = block
    this.size++
    return entry
  }

  delete(entry: number): void {
    this.#closeGap(this.#place(this.#blocks[entry]!))
    this.#blocks[entry] = this.#free
    this.#free = entry
    this.size--
  }

  /** The high bits of a product (Fibonacci hashing), scaled to the table. */
  #home(block: number): number {
    return Math.floor((Math.imul(block, 0x9e3779b1) >>> 0) * (this.#table.length / 4294967296))
  }

  /** Where the block is in the table, or the empty place where it would go. */
  #place(block: number): number {
    const table = this.#table
    let at = this.#home(block)
    for (;;) {
      const entry = table[at]!
      if (entry === NONE || this.#blocks[entry] === block) return at
      if (++at === table.length) at = 0
    }
  }

  /** Moves back what stands behind a gap and could not be found past it. */
  #closeGap(gap: number): void {
    const table = this.#table
    let empty = gap
    let at = gap
    for (;;) {
      if (++at === table.length) at = 0
      const entry = table[at]!
      if (entry === NONE) break
      const home = this.#home(this.#blocks[entry]!)
      const isBetween = empty < at ? home > empty && home <= at : home > empty || home <= at
      if (isBetween) continue
      table[empty] = entry
      empty = at
    }
    table[empty] = NONE
  }
}
