import { type CachePolicy, NONE } from '../../cache/policy.ts'
import { badInput } from '../../errors.ts'

const nonePinned = (): boolean => false

/**
 * A memory of unit-sized blocks without pins: a hit touches, a miss evicts where the memory is full and then inserts.
 * Flat arrays, no allocation per reference.
 */
export class LabMemory {
  readonly #policy: CachePolicy
  readonly #slotOf: Int32Array
  readonly #blockOf: Int32Array
  #used = 0

  /** @param slotOf of each block, all NONE; kept up to date, so that facts for the policy can read it */
  constructor(policy: CachePolicy, capacityBlocks: number, slotOf: Int32Array) {
    this.#policy = policy
    this.#slotOf = slotOf
    this.#blockOf = new Int32Array(capacityBlocks)
  }

  has(block: number): boolean {
    return this.#slotOf[block] !== NONE
  }

  /** Whether the block was there; it is afterwards. */
  refer(block: number): boolean {
    const held = this.#slotOf[block]!
    if (held !== NONE) {
      this.#policy.onHit(held, block)
      return true
    }
    const slot = this.#used < this.#blockOf.length ? this.#used++ : this.#evict(block)
    this.#slotOf[block] = slot
    this.#blockOf[slot] = block
    this.#policy.onInsert(slot, block)
    return false
  }

  #evict(incomingBlock: number): number {
    const slot = this.#policy.victim(nonePinned, incomingBlock)
    const evicted = this.#blockOf[slot]
    if (evicted === undefined)
      throw badInput(
        '--policies',
        `a victim is slot ${slot}, which is none of ${this.#blockOf.length}`,
        'Give a slot in use: nothing is pinned in the lab.',
      )
    this.#policy.onRemove(slot, evicted)
    this.#slotOf[evicted] = NONE
    return slot
  }
}
