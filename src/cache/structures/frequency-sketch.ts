/**
 * How often blocks were seen lately: a count-min sketch of four rows with counters up to 15, all halved after every
 * ten additions per slot. Einziger, Friedman and Manes, "TinyLFU", ACM ToS 13(4), 2017, 3.2–3.4. The four counters of a
 * block lie in the same 64 bytes (as in Caffeine), so that a look costs one cache miss. 16 bytes a slot.
 */
export class FrequencySketch {
  readonly #counters: Uint8Array
  readonly #words: Uint32Array
  readonly #lines: number
  readonly #period: number
  #additions = 0

  constructor(slots: number) {
    this.#lines = Math.ceil(slots / 4)
    this.#words = new Uint32Array(16 * this.#lines)
    this.#counters = new Uint8Array(this.#words.buffer)
    this.#period = 10 * slots
  }

  count(block: number): number {
    const counters = this.#counters
    const base = this.#lineOf(block)
    const hash = mixed(block)
    return Math.min(
      counters[base + (hash & 15)]!,
      counters[base + 16 + ((hash >>> 8) & 15)]!,
      counters[base + 32 + ((hash >>> 16) & 15)]!,
      counters[base + 48 + ((hash >>> 24) & 15)]!,
    )
  }

  add(block: number): void {
    const counters = this.#counters
    const base = this.#lineOf(block)
    const hash = mixed(block)
    for (let row = 0; row < 4; row++) {
      const at = base + 16 * row + ((hash >>> (8 * row)) & 15)
      if (counters[at]! < 15) counters[at]!++
    }
    if (++this.#additions === this.#period) this.#halve()
  }

  #lineOf(block: number): number {
    return 64 * Math.floor((Math.imul(block, 0x9e3779b1) >>> 0) * (this.#lines / 4294967296))
  }

  #halve(): void {
    const words = this.#words
    for (let i = 0; i < words.length; i++) words[i] = (words[i]! >>> 1) & 0x07070707
    this.#additions = this.#period >> 1
  }
}

/** murmur3's finaliser. */
function mixed(block: number): number {
  let hash = Math.imul(block ^ (block >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
