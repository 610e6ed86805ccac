import { IdTable } from './id-table.ts'

/** From here on a whole number of a record stands for a longer one, and is no quantity. */
export const firstStandIn = 2 ** 52
const longest = 2n ** 64n

/**
 * Numbers too long for a double, one table a file. Whole numbers of 16 digits and more are replaced by stand-ins from 2^52 on,
 * equal where they are equal: no shorter number reaches so far, so that no two ids collapse.
 */
export class BigIds {
  readonly #table = new IdTable()

  /** @param digits a whole number; undefined where it has more than 64 bits */
  ofText(digits: string): number | undefined {
    if (digits.length < 16) return Number(digits)
    const id = BigInt(digits)
    if (id >= longest) return undefined
    return this.ofHalves(Number(id >> 32n), Number(id & 0xffffffffn))
  }

  ofHalves(high: number, low: number): number {
    const id = high * 4294967296 + low
    return id < 1e15 ? id : firstStandIn + this.#table.number(high, low)
  }
}
