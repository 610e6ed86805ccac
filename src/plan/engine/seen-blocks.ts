/** Which blocks some GPU has computed, ever: what a hit rate's ceiling counts. A bit a block. */
export class SeenBlocks {
  #words = new Uint32Array(1024)

  mark(block: number): void {
    const word = block >>> 5
    if (word >= this.#words.length) {
      const larger = new Uint32Array(Math.max(this.#words.length * 2, word + 1))
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words[word]! |= 1 << (block & 31)
  }

  has(block: number): boolean {
    return ((this.#words[block >>> 5] ?? 0) & (1 << (block & 31))) !== 0
  }
}
