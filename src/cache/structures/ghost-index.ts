import { NONE } from '../policy.ts'

/**
 * Block → entry number, for blocks that were evicted and are to be remembered. Hashing with chains (Knuth, TAOCP 3, 6.4,
 * algorithm C), as many chains as entries: what comes and goes all the time costs one look at its chain, and nothing
 * moves. 12 bytes an entry, O(1) a call.
 */
export class GhostIndex {
  readonly capacity: number
  size = 0
  /** The first entry of each chain, NONE where there is none. */
  readonly #firsts: Int32Array
  /** Of each entry the block and the next entry of its chain, side by side: one cache line for both; of a free one the next free one. */
  readonly #entries: Int32Array
  readonly #chainsPerHash: number
  #free = 0

  /** @param capacity at least 1 */
  constructor(capacity: number) {
    this.capacity = Math.max(1, capacity)
    this.#firsts = new Int32Array(this.capacity).fill(NONE)
    this.#entries = new Int32Array(2 * this.capacity)
    for (let entry = 0; entry < this.capacity; entry++) this.#entries[2 * entry + 1] = entry + 1
    this.#chainsPerHash = this.capacity / 2 ** 32
  }

  blockOf(entry: number): number {
    return this.#entries[2 * entry]!
  }

  /** NONE when the block is not in the index. */
  find(block: number): number {
    const entries = this.#entries
    let entry = this.#firsts[this.#chainOf(block)]!
    while (entry !== NONE && entries[2 * entry] !== block) entry = entries[2 * entry + 1]!
    return entry
  }

  /** The entry for a block that is not in the index; there must be room. */
  add(block: number): number {
    const entries = this.#entries
    const chain = this.#chainOf(block)
    const entry = this.#free
    this.#free = entries[2 * entry + 1]!
    entries[2 * entry] = block
    entries[2 * entry + 1] = this.#firsts[chain]!
    this.#firsts[chain] = entry
    this.size++
    return entry
  }

  delete(entry: number): void {
    const entries = this.#entries
    const chain = this.#chainOf(entries[2 * entry]!)
    const next = entries[2 * entry + 1]!
    let before = this.#firsts[chain]!
    if (before === entry) this.#firsts[chain] = next
    else {
      while (entries[2 * before + 1] !== entry) before = entries[2 * before + 1]!
      entries[2 * before + 1] = next
    }
    entries[2 * entry + 1] = this.#free
    this.#free = entry
    this.size--
  }

  /** The high bits of a product (Fibonacci hashing), scaled to the number of chains. */
  #chainOf(block: number): number {
    return ((Math.imul(block, 0x9e3779b1) >>> 0) * this.#chainsPerHash) | 0
  }
}
