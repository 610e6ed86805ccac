/** Which blocks some GPU has computed, ever: what a hit rate's ceiling counts. */
export class SeenBlocks {
  #flags = new Uint8Array(4096)

  mark(block: number): void {
    if (block >= this.#flags.length) {
      const larger = new Uint8Array(Math.max(this.#flags.length * 2, block + 1))
      larger.set(this.#flags)
      this.#flags = larger
    }
    this.#flags[block] = 1
  }

  has(block: number): boolean {
    return this.#flags[block] === 1
  }
}
