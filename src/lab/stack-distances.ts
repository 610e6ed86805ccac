const firstUse = -1

/**
 * LRU stack distance of each reference: how many other blocks were referenced since the last reference to its block, −1 for the first.
 * LRU of capacity C hits where it is from 0 to C − 1. Mattson et al., 1970, with a Fenwick tree over the last uses: O(n log m)
 * for m distinct blocks, since times are renumbered whenever the tree is full.
 */
export function stackDistances(blocks: Int32Array, distinctBlocks: number): Int32Array {
  const distances = new Int32Array(blocks.length)
  const uses = new LastUses(distinctBlocks)
  for (let reference = 0; reference < blocks.length; reference++) {
    distances[reference] = uses.use(blocks[reference]!)
  }
  return distances
}

/** The last use of each block on a line of times, of which those later than another can be counted. */
class LastUses {
  readonly #times: number
  /** Fenwick tree: entry t covers the t & −t times up to t. */
  readonly #tree: Int32Array
  readonly #timeOf: Int32Array
  readonly #blockAt: Int32Array
  #live = 0
  #now = 0

  constructor(distinctBlocks: number) {
    this.#times = Math.max(64, 2 * distinctBlocks)
    this.#tree = new Int32Array(this.#times + 1)
    this.#blockAt = new Int32Array(this.#times + 1).fill(firstUse)
    this.#timeOf = new Int32Array(distinctBlocks)
  }

  use(block: number): number {
    if (this.#now === this.#times) this.#renumber()
    const last = this.#timeOf[block]!
    const distance = last === 0 ? firstUse : this.#live - this.#upTo(last)
    if (last === 0) this.#live++
    else this.#remove(last)
    this.#insert(++this.#now, block)
    return distance
  }

  #insert(time: number, block: number): void {
    this.#timeOf[block] = time
    this.#blockAt[time] = block
    for (let at = time; at <= this.#times; at += at & -at) this.#tree[at]!++
  }

  #remove(time: number): void {
    this.#blockAt[time] = firstUse
    for (let at = time; at <= this.#times; at += at & -at) this.#tree[at]!--
  }

  #upTo(time: number): number {
    let count = 0
    for (let at = time; at > 0; at &= at - 1) count += this.#tree[at]!
    return count
  }

  /** Closes the gaps between the last uses. */
  #renumber(): void {
    const blockAt = this.#blockAt
    let kept = 0
    for (let time = 1; time <= this.#times; time++) {
      const block = blockAt[time]!
      if (block === firstUse) continue
      blockAt[time] = firstUse
      blockAt[++kept] = block
      this.#timeOf[block] = kept
    }
    this.#now = kept
    const tree = this.#tree
    for (let at = 1; at <= this.#times; at++) tree[at] = at <= kept ? 1 : 0
    for (let at = 1; at <= this.#times; at++) {
      const above = at + (at & -at)
      if (above <= this.#times) tree[above]! += tree[at]!
    }
  }
}
