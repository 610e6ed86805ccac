import { NONE } from '../policy.ts'

/** Ids of a page: those of one conversation are consecutive, and so are look-ups. */
const pageBits = 8
const pageBlocks = 1 << pageBits
const pageMask = pageBlocks - 1

const mostSpare = 64

interface Page {
  readonly slots: Int32Array
  used: number
}

/**
 * Block id → slot, in pages of consecutive ids. The last page is kept at hand: a prefix is looked up block after block,
 * and this look-up is the planner's hottest. What goes is mostly another conversation's, so that page is kept apart.
 * A page without blocks is dropped.
 */
export class BlockIndex {
  readonly #pages = new Map<number, Page>()
  #lastNumber = NONE
  #last: Page | undefined
  #leavingNumber = NONE
  #leaving: Page | undefined
  /** Empty pages to be used again: memory of their own is dear to make. */
  readonly #spare: Page[] = []
  size = 0

  get(block: number): number {
    const number = block >>> pageBits
    if (number !== this.#lastNumber) {
      this.#lastNumber = number
      this.#last = this.#pages.get(number)
    }
    return this.#last === undefined ? NONE : this.#last.slots[block & pageMask]!
  }

  /** Adds a block; false when it is in the index already. */
  add(block: number, slot: number): boolean {
    const number = block >>> pageBits
    if (number !== this.#lastNumber || this.#last === undefined) {
      this.#lastNumber = number
      this.#last = this.#pages.get(number)
    }
    if (this.#last === undefined) {
      this.#last = this.#spare.pop() ?? { slots: new Int32Array(pageBlocks).fill(NONE), used: 0 }
      this.#pages.set(number, this.#last)
      if (number === this.#leavingNumber) this.#leavingNumber = NONE
    }
    const { slots } = this.#last
    if (slots[block & pageMask] !== NONE) return false
    slots[block & pageMask] = slot
    this.#last.used++
    this.size++
    return true
  }

  /** Removes a block that is in the index. */
  delete(block: number): void {
    const number = block >>> pageBits
    if (number !== this.#leavingNumber) {
      this.#leavingNumber = number
      this.#leaving = this.#pages.get(number)
    }
    const page = this.#leaving!
    page.slots[block & pageMask] = NONE
    page.used--
    this.size--
    if (page.used > 0) return
    this.#pages.delete(number)
    if (this.#spare.length < mostSpare) this.#spare.push(page)
    this.#leavingNumber = NONE
    if (number === this.#lastNumber) this.#last = undefined
  }
}
