const leastSize = 1024
const unused = -1

/** Numbers 64-bit keys in order of appearance: open addressing over flat arrays, 20 to 40 bytes a key. */
export class IdTable {
  #high = new Uint32Array(leastSize)
  #low = new Uint32Array(leastSize)
  #numbers = new Int32Array(leastSize).fill(unused)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The number of a key; a new key gets the next one. */
  number(high: number, low: number): number {
    const slot = this.#slot(high >>> 0, low >>> 0)
    const known = this.#numbers[slot]!
    if (known !== unused) return known
    const number = this.#size++
    this.#high[slot] = high
    this.#low[slot] = low
    this.#numbers[slot] = number
    if (this.#size * 2 > this.#numbers.length) this.#grow()
    return number
  }

  /** The number of a whole number from 0 to 2^53. */
  numberOf(id: number): number {
    return this.number(Math.floor(id / 4294967296), id)
  }

  clear(): void {
    this.#numbers.fill(unused)
    this.#size = 0
  }

  #slot(high: number, low: number): number {
    const mask = this.#numbers.length - 1
    let slot = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
    slot = (slot ^ (slot >>> 15)) & mask
    while (this.#numbers[slot] !== unused && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  #grow(): void {
    const [high, low, numbers] = [this.#high, this.#low, this.#numbers]
    const length = numbers.length * 2
    this.#high = new Uint32Array(length)
    this.#low = new Uint32Array(length)
    this.#numbers = new Int32Array(length).fill(unused)
    for (let from = 0; from < numbers.length; from++) {
      if (numbers[from] === unused) continue
      const slot = this.#slot(high[from]!, low[from]!)
      this.#high[slot] = high[from]!
      this.#low[slot] = low[from]!
      this.#numbers[slot] = numbers[from]!
    }
  }
}
