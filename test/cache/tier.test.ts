import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lru } from '../../src/cache/policies/lru.ts'
import { NONE } from '../../src/cache/policy.ts'
import { Tier } from '../../src/cache/tier.ts'

/** A slot in use: pinned or cached, and under which block it is found. */
interface Held {
  pins: number
  block: number | undefined
  lastUse: number
}

/** The tier as a Map of slots, with the time of their last use in place of a list. */
class NaiveTier {
  readonly held = new Map<number, Held>()
  #clock = 0
  readonly #capacity: number
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  find(block: number): number | undefined {
    return [...this.held].find(([, slot]) => slot.block === block)?.[0]
  }

  get idle(): [number, Held][] {
    return [...this.held].filter(([, { pins }]) => pins === 0).sort(([, a], [, b]) => a.lastUse - b.lastUse)
  }

  get available(): number {
    return this.#capacity - this.held.size + this.idle.length
  }

  /** Makes room where there is none; the slot that was evicted, if one was. */
  makeRoom(): number | undefined {
    if (this.held.size < this.#capacity) return undefined
    const victim = this.idle[0]?.[0]
    if (victim !== undefined) this.held.delete(victim)
    return victim
  }

  use(slot: number): void {
    this.held.get(slot)!.lastUse = ++this.#clock
  }

  unpin(slot: number): void {
    const entry = this.held.get(slot)!
    if (--entry.pins > 0) return
    if (entry.block === undefined) this.held.delete(slot)
    else this.use(slot)
  }
}

const steps = fc.array(
  fc.tuple(fc.constantFrom('claim', 'claim', 'identify', 'identify', 'pin', 'unpin', 'unpin', 'touch'), fc.nat(1000)),
  { maxLength: 200 },
)

describe('tier', () => {
  it.each([1, 2, 5, 12])('of %d slots does what a Map does', (capacity) => {
    fc.assert(
      fc.property(steps, (operations) => {
        const tier = new Tier(capacity, lru)
        const model = new NaiveTier(capacity)
        for (const [kind, number] of operations) {
          step(tier, model, kind, number)
          compare(tier, model, capacity)
        }
      }),
      { seed: 7, numRuns: 100 },
    )
  })

  it('without a limit never evicts, and hands out slots anew', () => {
    const tier = new Tier(Number.POSITIVE_INFINITY, lru)
    for (let block = 0; block < 3000; block++) {
      const slot = tier.claim(block)
      expect(slot).toBe(block)
      tier.identify(slot, block)
      tier.unpin(slot)
    }
    expect([tier.evictions, tier.cachedBlocks, tier.highWaterBlocks]).toEqual([0, 3000, 3000])
    expect(tier.lookup(1234)).toBe(1234)
    expect(tier.available).toBe(Number.POSITIVE_INFINITY)
    tier.unpin(tier.claim(9000))
    expect(tier.claim(9001)).toBe(3000)
  })
})

function step(tier: Tier, model: NaiveTier, kind: string, number: number): void {
  const choose = (accept: (held: Held) => boolean): number | undefined => {
    const slots = [...model.held].filter(([, held]) => accept(held)).map(([slot]) => slot)
    return slots[number % Math.max(1, slots.length)]
  }
  if (kind === 'claim') {
    const isFull = model.available === 0
    const evicted = isFull ? undefined : model.makeRoom()
    const slot = tier.claim(number)
    if (isFull) {
      expect(slot).toBe(NONE)
      return
    }
    if (evicted !== undefined) expect(slot).toBe(evicted)
    expect(model.held.has(slot)).toBe(false)
    model.held.set(slot, { pins: 1, block: undefined, lastUse: 0 })
  } else if (kind === 'identify') {
    const slot = choose(({ block, pins }) => block === undefined && pins > 0)
    if (slot === undefined) return
    const block = number % 9
    const isNew = model.find(block) === undefined
    expect(tier.identify(slot, block)).toBe(isNew)
    if (!isNew) return
    model.held.get(slot)!.block = block
    model.use(slot)
  } else if (kind === 'unpin') {
    const slot = choose(({ pins }) => pins > 0)
    if (slot === undefined) return
    tier.unpin(slot)
    model.unpin(slot)
  } else {
    const slot = choose(({ block }) => block !== undefined)
    if (slot === undefined) return
    if (kind === 'pin') {
      tier.pin(slot)
      model.held.get(slot)!.pins++
    } else {
      tier.touch(slot)
      model.use(slot)
    }
  }
}

function compare(tier: Tier, model: NaiveTier, capacity: number): void {
  expect(tier.available).toBe(model.available)
  for (let block = 0; block < 9; block++) expect(tier.lookup(block)).toBe(model.find(block) ?? NONE)
  for (const [slot, { pins, block }] of model.held) {
    expect(slot).toBeLessThan(capacity)
    expect([tier.isPinned(slot), tier.blockOf(slot)]).toEqual([pins > 0, block ?? NONE])
  }
  const identified = [...model.held].filter(([, { block }]) => block !== undefined).sort(([a], [b]) => a - b)
  expect([...tier.contents()]).toEqual(identified.map(([slot, { block }]) => [slot, block]))
  expect(tier.cachedBlocks).toBe(identified.length)
}
