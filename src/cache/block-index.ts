import { NONE } from './policy.ts'

/** Ids of a page: those of one conversation are consecutive, and so are look-ups. */
const pageBits = 8
const pageBlocks = 1 << pageBits
const pageMask = pageBlocks - 1

interface Page {
  readonly slots: Int32Array
  used: number
}

/**
 * Block id → slot, in pages of consecutive ids. The last page is kept at hand: a prefix is looked up block after block,
 * and this look-up is the planner's hottest. A page without blocks is dropped.
 */
export class BlockIndex {
  readonly #pages = new Map<number, Page>()
  #lastNumber = NONE
  #last: Page | undefined
  size = 0

  get(block: number): number {
    const number = block >>> pageBits
    if (number !== this.#lastNumber) {
      this.#lastNumber = number
      this.#last = this.#pages.get(number)
    }
    return this.#last === undefined ? NONE : this.#last.slots[block & pageMask]!
  }

  /** Adds a block that is not in the index. */
  add(block: number, slot: number): void {
    const number = block >>> pageBits
    let page = this.#pages.get(number)
    if (page === undefined) {
      page = { slots: new Int32Array(pageBlocks).fill(NONE), used: 0 }
      this.#pages.set(number, page)
    }
    this.#lastNumber = number
    this.#last = page
    page.slots[block & pageMask] = slot
    page.used++
    this.size++
  }

  /** Removes a block that is in the index. */
  delete(block: number): void {
    const number = block >>> pageBits
    const page = this.#pages.get(number)!
    page.slots[block & pageMask] = NONE
    page.used--
    this.size--
    if (page.used > 0) return
    this.#pages.delete(number)
    if (number === this.#lastNumber) this.#last = undefined
  }
}
