import { NONE } from './policy.ts'

/**
 * Block id → slot, open addressing with linear probing and backward-shift deletion (Knuth, TAOCP 3, 6.4, algorithm R).
 * A JS Map does the same at several times the cost, and this lookup is the planner's hottest.
 */
export class BlockIndex {
  #keys: Int32Array
  #values: Int32Array
  #mask: number
  size = 0

  constructor(expected: number) {
    let length = 16
    while (length < expected * 2) length *= 2
    this.#keys = new Int32Array(length).fill(NONE)
    this.#values = new Int32Array(length)
    this.#mask = length - 1
  }

  get(block: number): number {
    const keys = this.#keys
    const mask = this.#mask
    for (let at = Math.imul(block, 0x9e3779b1) >>> 7; ; at++) {
      const key = keys[at & mask]!
      if (key === block) return this.#values[at & mask]!
      if (key === NONE) return NONE
    }
  }

  /** Adds a block that is not in the index. */
  add(block: number, slot: number): void {
    if (2 * this.size >= this.#keys.length) this.#grow()
    let at = (Math.imul(block, 0x9e3779b1) >>> 7) & this.#mask
    while (this.#keys[at] !== NONE) at = (at + 1) & this.#mask
    this.#keys[at] = block
    this.#values[at] = slot
    this.size++
  }

  /** Removes a block that is in the index. */
  delete(block: number): void {
    const keys = this.#keys
    const mask = this.#mask
    let hole = (Math.imul(block, 0x9e3779b1) >>> 7) & mask
    while (keys[hole] !== block) hole = (hole + 1) & mask
    for (let next = (hole + 1) & mask; keys[next] !== NONE; next = (next + 1) & mask) {
      const home = (Math.imul(keys[next]!, 0x9e3779b1) >>> 7) & mask
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        keys[hole] = keys[next]!
        this.#values[hole] = this.#values[next]!
        hole = next
      }
    }
    keys[hole] = NONE
    this.size--
  }

  #grow(): void {
    const keys = this.#keys
    const values = this.#values
    this.#keys = new Int32Array(keys.length * 2).fill(NONE)
    this.#values = new Int32Array(keys.length * 2)
    this.#mask = this.#keys.length - 1
    this.size = 0
    for (let at = 0; at < keys.length; at++) if (keys[at] !== NONE) this.add(keys[at]!, values[at]!)
  }
}
