import { NONE } from '../policy.ts'
import { GhostIndex } from './ghost-index.ts'

/** Times are counted in steps that grow by a quarter of a doubling, from 1 ms to about 50 days. */
const steps = 128
const stepsPerDoubling = 4
/** A use counts as one without a return when as much of all returns have come sooner. */
const ripeShare = 0.9
/** Uses that a class is judged by before its own share outweighs its family's. */
const priorUses = 20
/** Sampled uses after which old ones count half. */
const memoryUses = 1 << 17
const learnEvery = 64

/**
 * Whether and when blocks come back, learned from a sample of their uses: for each class of uses the share that was
 * followed by another, and for all together how long that took. Blocks are sampled by a hash of their number, so that one
 * is seen at each of its uses or at none, whether it is cached or not. O(1) amortised; the memory is a ring of uses.
 */
export class ReturnTimes {
  readonly #sampleMask: number
  readonly #perFamily: number
  readonly #uses: Float64Array
  readonly #returns: Float64Array
  readonly #familyUses: Float64Array
  readonly #familyReturns: Float64Array
  readonly #gaps = new Float64Array(steps)
  /** Of each step the share of returns that come later than it. */
  readonly #later = new Float64Array(steps + 1).fill(1)
  readonly #shares: Float64Array
  readonly #index: GhostIndex
  /** Ring of sampled uses, oldest first: class, time, and the entry of the block in the index; NONE where a newer use has taken over. */
  readonly #ringClass: Int32Array
  readonly #ringMs: Float64Array
  readonly #ringEntry: Int32Array
  /** Of each entry the place of its newest use in the ring. */
  readonly #placeOf: Int32Array
  #next = 0
  #filled = 0
  /** Uses from here on are not ripe yet. */
  #unripe = 0
  #ripeMs = 1
  #sampled = 0

  /**
   * @param families groups of classes of which one lends its share to a class with few uses
   * @param perFamily classes in each; a class is family × perFamily + member
   * @param ringUses sampled uses that are remembered
   * @param sampleOne in so many blocks, a power of 2
   */
  constructor(families: number, perFamily: number, ringUses: number, sampleOne: number) {
    const classes = families * perFamily
    this.#sampleMask = sampleOne - 1
    this.#perFamily = perFamily
    this.#uses = new Float64Array(classes)
    this.#returns = new Float64Array(classes)
    this.#familyUses = new Float64Array(families)
    this.#familyReturns = new Float64Array(families)
    this.#shares = new Float64Array(classes).fill(0.5)
    this.#index = new GhostIndex(ringUses)
    this.#ringClass = new Int32Array(ringUses)
    this.#ringMs = new Float64Array(ringUses)
    this.#ringEntry = new Int32Array(ringUses)
    this.#placeOf = new Int32Array(ringUses)
  }

  /** A block is used, by a request that puts it into a class. */
  use(block: number, ofClass: number, nowMs: number): void {
    if (((Math.imul(block, 0x9e3779b1) >>> 8) & this.#sampleMask) !== 0) return
    this.#ripen(nowMs)
    let entry = this.#index.find(block)
    if (entry !== NONE) {
      const place = this.#placeOf[entry]!
      const before = this.#ringClass[place]!
      this.#ringEntry[place] = NONE
      this.#returns[before]!++
      this.#familyReturns[Math.floor(before / this.#perFamily)]!++
      this.#gaps[stepOf(nowMs - this.#ringMs[place]!)]!++
    }
    const place = this.#takePlace()
    if (entry === NONE) entry = this.#index.add(block)
    this.#ringClass[place] = ofClass
    this.#ringMs[place] = nowMs
    this.#ringEntry[place] = entry
    this.#placeOf[entry] = place
    if (++this.#sampled % learnEvery === 0) this.#learn()
  }

  /** Chance that a block of a class comes back, when it has not done so for `ageMs`. Bayes over whether it ever will. */
  chance(ofClass: number, ageMs: number): number {
    const later = this.#shares[ofClass]! * this.#later[stepOf(ageMs)]!
    return later / (later + 1 - this.#shares[ofClass]!)
  }

  /** Counts uses whose return, if there were one, would most likely have come by now. */
  #ripen(nowMs: number): void {
    const size = this.#ringMs.length
    while (this.#unripe > 0) {
      const place = (this.#next - this.#unripe + size) % size
      if (this.#ringMs[place]! >= nowMs - this.#ripeMs) return
      this.#count(place)
    }
  }

  #count(place: number): void {
    const ofClass = this.#ringClass[place]!
    this.#uses[ofClass]!++
    this.#familyUses[Math.floor(ofClass / this.#perFamily)]!++
    this.#unripe--
  }

  /** The next place of the ring; the oldest use goes when it is full. */
  #takePlace(): number {
    const size = this.#ringMs.length
    const place = this.#next
    if (this.#filled === size) {
      if (this.#unripe === size) this.#count(place)
      const entry = this.#ringEntry[place]!
      if (entry !== NONE) this.#index.delete(entry)
    } else this.#filled++
    this.#next = (place + 1) % size
    this.#unripe++
    return place
  }

  #learn(): void {
    let whole = 0
    for (const count of this.#gaps) whole += count
    if (whole > memoryUses) {
      for (const counts of [this.#gaps, this.#uses, this.#returns, this.#familyUses, this.#familyReturns]) {
        for (let i = 0; i < counts.length; i++) counts[i]! /= 2
      }
      whole /= 2
    }
    if (whole === 0) return
    let sooner = 0
    let ripeStep = 0
    for (let step = 0; step < steps; step++) {
      this.#later[step] = 1 - sooner / whole
      sooner += this.#gaps[step]!
      if (sooner < ripeShare * whole) ripeStep = step + 1
    }
    this.#ripeMs = 2 ** ((ripeStep + 1) / stepsPerDoubling)
    for (let ofClass = 0; ofClass < this.#shares.length; ofClass++) {
      const family = Math.floor(ofClass / this.#perFamily)
      const prior = (this.#familyReturns[family]! + 1) / (this.#familyUses[family]! + 2)
      const share = (this.#returns[ofClass]! + priorUses * prior) / (this.#uses[ofClass]! + priorUses)
      this.#shares[ofClass] = Math.min(0.999, share)
    }
  }
}

function stepOf(ms: number): number {
  return ms < 1 ? 0 : Math.min(steps - 1, 1 + Math.floor(stepsPerDoubling * Math.log2(ms)))
}
