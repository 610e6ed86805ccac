import type { Presence } from '../../cache/tier.ts'

/** How many replicas hold each block in HBM: what a replica may read when reading from its peers is free. */
export class PeerBlocks implements Presence {
  #copies = new Uint16Array(4096)

  added(block: number): void {
    if (block >= this.#copies.length) {
      const larger = new Uint16Array(Math.max(this.#copies.length * 2, block + 1))
      larger.set(this.#copies)
      this.#copies = larger
    }
    this.#copies[block]!++
  }

  removed(block: number): void {
    this.#copies[block]!--
  }

  /** Whether a replica holds it other than the one that asks, which holds so many copies itself. */
  hasBesides(own: 0 | 1, block: number): boolean {
    return (this.#copies[block] ?? 0) > own
  }
}
