import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leafLru } from '../../../src/cache/policies/leaf-lru.ts'
import { pgdsf } from '../../../src/cache/policies/pgdsf.ts'
import type { policies } from '../../../src/cache/policies/registry.ts'
import { stepsToReuse } from '../../../src/cache/policies/steps-to-reuse.ts'
import { type Facts, NONE, noFacts } from '../../../src/cache/policy.ts'
import { Tier } from '../../../src/cache/tier.ts'

const branching = 2
const depth = 5

/** Blocks of a tree of prompts: block b goes on from block (b − 1) ÷ 2. */
const parentOf = (block: number): number => (block <= 0 ? NONE : Math.floor((block - 1) / branching))

function pathTo(block: number): number[] {
  return block === NONE ? [] : [...pathTo(parentOf(block)), block]
}

const blocks = (branching ** depth - 1) / (branching - 1)

/** A request holds its whole prefix, computes blocks behind what is cached, and lets go of all; transfers hold single blocks for a while. */
const operations = fc.array(
  fc.tuple(
    fc.constantFrom('admit', 'admit', 'admit', 'compute', 'compute', 'compute', 'end', 'end', 'hold', 'letGo', 'touch'),
    fc.nat(1e6),
  ),
  { minLength: 1, maxLength: 150, size: 'max' },
)

interface Request {
  readonly path: readonly number[]
  readonly slots: number[]
  computed: number
}

/** A tier under requests, and what it has been seen to do. */
class Played {
  evictions = 0
  orphaned = 0
  readonly #tier: Tier
  readonly #requests: Request[] = []
  readonly #held: number[] = []

  constructor(capacity: number, policy: (typeof policies)[number]) {
    const factsFor = (slotOf: (block: number) => number): Facts => ({
      ...noFacts,
      slotOf,
      parentOf,
      positionOf: (block) => pathTo(block).length - 1,
      flopsOf: (block) => pathTo(block).length,
      blockBytes: 1,
      session: 0,
      turn: 0,
      tenant: 0,
      category: 0,
    })
    this.#tier = new Tier(capacity, policy, { factsFor })
  }

  step(kind: string, number: number): void {
    if (kind === 'admit') this.#admit(pathTo(number % blocks))
    else if (kind === 'end') this.#end(number)
    else if (kind === 'compute') this.#compute(number)
    else if (kind === 'hold') this.#hold(number)
    else if (kind === 'letGo') this.#letGo(number)
    else this.#touch(pathTo(number % blocks))
    this.#check()
  }

  #admit(path: readonly number[]): void {
    const tier = this.#tier
    const slots: number[] = []
    for (const block of path) {
      const slot = tier.lookup(block)
      if (slot === NONE) break
      tier.pin(slot)
      slots.push(slot)
    }
    const request = { path, slots, computed: slots.length }
    if (path.length - slots.length > tier.available) {
      for (const slot of slots.reverse()) tier.unpin(slot)
      return
    }
    this.#touch(path)
    while (slots.length < path.length) slots.push(this.#claim(path[slots.length]!))
    this.#requests.push(request)
  }

  /** Evicts an inner block only where no unpinned leaf is left. */
  #claim(block: number): number {
    const before = new Set(this.#cached())
    const leaves = [...before].filter((one) => !this.#isPinned(one) && this.#isLeaf(one, before))
    const slot = this.#tier.claim(block)
    expect(slot).not.toBe(NONE)
    const gone = [...before].find((one) => this.#tier.lookup(one) === NONE)
    if (gone === undefined) return slot
    this.evictions++
    if (leaves.length > 0) expect(leaves).toContain(gone)
    else this.orphaned++
    if (gone === parentOf(block)) expect(leaves.length).toBeLessThan(2)
    return slot
  }

  #compute(number: number): void {
    const request = this.#requests[number % Math.max(1, this.#requests.length)]
    if (request === undefined || request.computed === request.path.length) return
    const to = number % 2 === 0 ? request.path.length : request.computed + 1
    for (; request.computed < to; request.computed++) {
      this.#tier.identify(request.slots[request.computed]!, request.path[request.computed]!)
    }
  }

  #end(number: number): void {
    const [request] = this.#requests.splice(number % Math.max(1, this.#requests.length), 1)
    for (const slot of request?.slots.reverse() ?? []) this.#tier.unpin(slot)
  }

  #hold(number: number): void {
    const cached = this.#cached()
    if (cached.length === 0) return
    const slot = this.#tier.lookup(cached[number % cached.length]!)
    this.#tier.pin(slot)
    this.#held.push(slot)
  }

  #letGo(number: number): void {
    const [slot] = this.#held.splice(number % Math.max(1, this.#held.length), 1)
    if (slot !== undefined) this.#tier.unpin(slot)
  }

  #touch(path: readonly number[]): void {
    for (const block of [...path].reverse()) {
      const slot = this.#tier.lookup(block)
      if (slot !== NONE) this.#tier.touch(slot)
    }
  }

  #cached(): number[] {
    return Array.from(this.#tier.contents(), ([, block]) => block)
  }

  #isPinned(block: number): boolean {
    return this.#tier.isPinned(this.#tier.lookup(block))
  }

  #isLeaf(block: number, cached: ReadonlySet<number>): boolean {
    return ![...cached].some((other) => parentOf(other) === block)
  }

  #check(): void {
    const pinned = new Set([...this.#held, ...this.#requests.flatMap(({ slots }) => slots)])
    const cached = [...this.#tier.contents()]
    const unpinned = cached.filter(([slot]) => !pinned.has(slot)).length
    expect(this.#tier.available).toBe(this.#tier.capacityBlocks - pinned.size)
    expect(unpinned).toBeLessThanOrEqual(this.#tier.available)
  }
}

describe.each([leafLru, pgdsf, stepsToReuse])('$name under pins along prefixes', (policy) => {
  it('evicts a leaf where one is not pinned, else what is not, and finds room whenever there is some', () => {
    let evictions = 0
    let orphaned = 0
    fc.assert(
      fc.property(fc.integer({ min: depth, max: 12 }), operations, (capacity, steps) => {
        const played = new Played(capacity, policy)
        for (const [kind, number] of steps) played.step(kind, number)
        evictions += played.evictions
        orphaned += played.orphaned
      }),
      { seed: 21, numRuns: 400 },
    )
    expect(evictions).toBeGreaterThan(1000)
    expect(orphaned).toBeGreaterThan(50)
  })
})
