/** A slot of a naive memory: who holds it, and which block it is found as. */
export interface NaiveSlot {
  key: string | undefined
  pins: number
  lastUse: number
  isReady: boolean
}

/** A memory of block slots as a plain list, least recently used out first. */
export class NaiveMemory {
  readonly #capacity: number
  readonly #slots: NaiveSlot[] = []
  #clock = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  find(key: string): NaiveSlot | undefined {
    return this.#slots.find((slot) => slot.key === key)
  }

  /** Slots that are empty, or hold a block that nobody holds on to. */
  get room(): number {
    return this.#capacity - this.#slots.length + this.#idle.length
  }

  take(): NaiveSlot | undefined {
    if (this.#slots.length >= this.#capacity) {
      const oldest = this.#idle.sort((a, b) => a.lastUse - b.lastUse)[0]
      if (oldest === undefined) return undefined
      this.#slots.splice(this.#slots.indexOf(oldest), 1)
    }
    const slot: NaiveSlot = { key: undefined, pins: 1, lastUse: 0, isReady: false }
    this.#slots.push(slot)
    return slot
  }

  name(slot: NaiveSlot, key: string): void {
    if (this.find(key) !== undefined) return
    slot.key = key
    this.touch(slot)
  }

  touch(slot: NaiveSlot | undefined): void {
    if (slot !== undefined) slot.lastUse = ++this.#clock
  }

  letGo(slot: NaiveSlot): void {
    slot.pins--
    if (slot.pins > 0) return
    if (slot.key === undefined) this.#slots.splice(this.#slots.indexOf(slot), 1)
    else this.touch(slot)
  }

  get #idle(): NaiveSlot[] {
    return this.#slots.filter(({ pins }) => pins === 0)
  }
}
