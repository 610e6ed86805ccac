import { NONE } from './policy.ts'

/**
 * Block → entry number, for blocks that were evicted and are to be remembered. Open addressing with linear probing
 * (Knuth, TAOCP 3, 6.4, algorithms L and R), two thirds full. 16 bytes an entry, O(1) a call.
 */
export class GhostIndex {
  readonly capacity: number
  size = 0
  /** Block of each entry; of a free one the next free one. */
  readonly #blocks: Int32Array
  /** Block and entry by hash, side by side: a look costs one cache miss. The block is NONE where empty. */
  readonly #table: Int32Array
  readonly #places: number
  readonly #placesPerHash: number
  #free = 0

  /** @param capacity at least 1 */
  constructor(capacity: number) {
    this.capacity = Math.max(1, capacity)
    this.#blocks = Int32Array.from({ length: this.capacity }, (_, entry) => entry + 1)
    this.#places = Math.ceil(1.5 * this.capacity)
    this.#placesPerHash = this.#places / 2 ** 32
    this.#table = new Int32Array(2 * this.#places).fill(NONE)
  }

  blockOf(entry: number): number {
    return this.#blocks[entry]!
  }

  /** NONE when the block is not in the index. */
  find(block: number): number {
    const at = this.#place(block)
    return this.#table[2 * at] === NONE ? NONE : this.#table[2 * at + 1]!
  }

  /** The entry for a block that is not in the index; there must be room. */
  add(block: number): number {
    const entry = this.#free
    this.#free = this.#blocks[entry]!
    this.#blocks[entry] = block
    this.#put(this.#place(block), block, entry)
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
    return ((Math.imul(block, 0x9e3779b1) >>> 0) * this.#placesPerHash) | 0
  }

  /** Where the block is in the table, or the empty place where it would go. */
  #place(block: number): number {
    const table = this.#table
    let at = this.#home(block)
    for (;;) {
      const other = table[2 * at]
      if (other === block || other === NONE) return at
      if (++at === this.#places) at = 0
    }
  }

  #put(at: number, block: number, entry: number): void {
    this.#table[2 * at] = block
    this.#table[2 * at + 1] = entry
  }

  /** Moves back what stands behind a gap and could not be found past it. */
  #closeGap(gap: number): void {
    const table = this.#table
    let empty = gap
    let at = gap
    for (;;) {
      if (++at === this.#places) at = 0
      const block = table[2 * at]!
      if (block === NONE) break
      const home = this.#home(block)
      const isBetween = empty < at ? home > empty && home <= at : home > empty || home <= at
      if (isBetween) continue
      this.#put(empty, block, table[2 * at + 1]!)
      empty = at
    }
    table[2 * empty] = NONE
  }
}
