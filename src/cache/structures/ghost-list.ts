import { NONE } from '../policy.ts'
import { GhostIndex } from './ghost-index.ts'
import { SlotList } from './slot-list.ts'

/** Blocks that were evicted, newest first, as many as a policy wants to remember. O(1) a call, 20 bytes a block. */
export class GhostList {
  readonly #index: GhostIndex
  readonly #order: SlotList

  /** @param capacity at least 1; one more pushes the oldest out */
  constructor(capacity: number) {
    this.#index = new GhostIndex(capacity)
    this.#order = new SlotList(this.#index.capacity)
  }

  get size(): number {
    return this.#order.size
  }

  has(block: number): boolean {
    return this.#index.find(block) !== NONE
  }

  /** Remembers a block that is not in the list as the newest; the oldest goes when there is no room. */
  push(block: number): void {
    if (this.#index.size === this.#index.capacity) this.dropOldest()
    this.#order.pushHead(this.#index.add(block))
  }

  /** Forgets a block; false when it is not in the list. */
  delete(block: number): boolean {
    const entry = this.#index.find(block)
    if (entry === NONE) return false
    this.#order.remove(entry)
    this.#index.delete(entry)
    return true
  }

  /** Forgets the oldest block and returns it; NONE when there is none. */
  dropOldest(): number {
    const entry = this.#order.tail
    if (entry === NONE) return NONE
    const block = this.#index.blockOf(entry)
    this.#order.remove(entry)
    this.#index.delete(entry)
    return block
  }
}
