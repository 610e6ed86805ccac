import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policies } from '../../src/cache/policies/registry.ts'
import { type CachePolicy, createPolicy, type Facts, NONE, noFacts, type PolicySpec } from '../../src/cache/policy.ts'
import { naivePolicies } from './naive-policies.ts'

/** What a memory does: fill a slot, touch, pin, let go, or forget. The number chooses the slot or the block. */
const operations = fc.array(
  fc.tuple(fc.constantFrom('insert', 'insert', 'insert', 'touch', 'touch', 'pin', 'letGo', 'remove'), fc.nat(1000)),
  { minLength: 1, maxLength: 300 },
)

/** Also: a slot is claimed for a block, which is inserted later, after other claims, or never. */
const engineOperations = fc.array(
  fc.tuple(
    fc.constantFrom('claim', 'claim', 'fill', 'fill', 'abandon', 'touch', 'touch', 'pin', 'letGo', 'remove'),
    fc.nat(1000),
  ),
  { minLength: 1, maxLength: 300 },
)

/** A memory that knows everything, and whose answers follow from the block. */
const omniscient: Facts = { ...noFacts, flopsOf: (block) => 1 + (block % 5), blockBytes: 1, nextUse: 7 }

describe('the registry of policies', () => {
  it('is sorted by names that occur once', () => {
    const names = policies.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].sort())
  })

  it('has every policy that there is a naive version of', () => {
    expect(policies.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(naivePolicies)))
  })

  it.each(policies)('$name says what it is, where it comes from and what it costs', ({ summary, source, cost }) => {
    for (const text of [summary, source]) expect(text.trim().length).toBeGreaterThan(0)
    expect(cost).toMatch(/^O\(.+\)$/)
  })

  it.each(policies)('$name has defaults within the range of each parameter', ({ parameters }) => {
    for (const { default: value, least, most, summary } of Object.values(parameters)) {
      expect(value).toBeGreaterThanOrEqual(least)
      expect(value).toBeLessThanOrEqual(most)
      expect(summary.trim().length).toBeGreaterThan(0)
    }
  })
})

describe.each(policies.filter(({ name }) => name in naivePolicies))('policy $name', (policy) => {
  it('evicts what the naive version evicts, step by step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), operations, (capacity, steps) =>
        comparePolicies(policy, capacity, steps),
      ),
      { seed: 11, numRuns: 300 },
    )
  })
})

describe.each(policies)('policy $name', (policy) => {
  it('has no victim where all is pinned or nothing is there', () => {
    const fresh = createPolicy(policy, 3, omniscient)
    expect(fresh.victim(() => false, 9)).toBe(NONE)
    for (let slot = 0; slot < 3; slot++) fresh.onInsert(slot, slot)
    expect(fresh.victim(() => true, 9)).toBe(NONE)
    // A slot that is let go is touched.
    fresh.onHit(1, 1)
    expect(fresh.victim((slot) => slot !== 1, 9)).toBe(1)
  })

  it('has for a victim a block that is there and not pinned, where there is one, and always the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), engineOperations, (capacity, steps) => {
        playEngine(policy, capacity, steps)
      }),
      { seed: 12, numRuns: 150 },
    )
  })

  it('takes at most 64 bytes a slot, four of them for the block in it', () => {
    const slots = 100_003
    const before = process.memoryUsage().arrayBuffers
    const fresh = createPolicy(policy, slots, omniscient)
    expect((process.memoryUsage().arrayBuffers - before) / slots + 4).toBeLessThanOrEqual(64)
    expect(fresh.victim(() => false, 0)).toBe(NONE)
  })

  it('gives every block up in the end, whatever was seen before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), engineOperations, (capacity, steps) => {
        const { tested, held } = playEngine(policy, capacity, steps)
        for (const slot of held.keys()) tested.onHit(slot, held.get(slot)!)
        while (held.size > 0) {
          const slot = tested.victim(() => false, NONE - 1)
          expect(held.has(slot)).toBe(true)
          tested.onRemove(slot, held.get(slot)!)
          held.delete(slot)
        }
        expect(tested.victim(() => false, NONE - 1)).toBe(NONE)
      }),
      { seed: 13, numRuns: 50 },
    )
  })

  it.each(extremes(policy))('works with its parameters at $which', ({ parameters }) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), engineOperations, (capacity, steps) => {
        playEngine({ ...policy, parameters }, capacity, steps)
      }),
      { seed: 14, numRuns: 50 },
    )
  })
})

type Step = readonly [kind: string, number: number]

/** The policy with each of its parameters at an end of its range. */
function extremes(policy: PolicySpec): readonly { which: string; parameters: PolicySpec['parameters'] }[] {
  return Object.entries(policy.parameters).flatMap(([name, parameter]) =>
    (['least', 'most'] as const).map((end) => ({
      which: `${name} = ${parameter[end]}`,
      parameters: { ...policy.parameters, [name]: { ...parameter, default: parameter[end] } },
    })),
  )
}

function pick(from: Iterable<number>, number: number): number | undefined {
  const all = [...from]
  return all[number % Math.max(1, all.length)]
}

/** A few more blocks than there are slots, so that evicted ones come back. */
function blockOutside(held: ReadonlyMap<number, number>, capacity: number, number: number): number {
  const cached = new Set(held.values())
  return pick(
    Array.from({ length: 2 * capacity + 3 }, (_, block) => block).filter((block) => !cached.has(block)),
    number,
  )!
}

function comparePolicies(policy: PolicySpec, capacity: number, steps: readonly Step[]): void {
  const tested = createPolicy(policy, capacity, noFacts)
  const naive = naivePolicies[policy.name]!(capacity)
  const held = new Map<number, number>()
  const pinned = new Set<number>()
  const empty = Array.from({ length: capacity }, (_, slot) => slot)
  const drop = (slot: number): void => {
    tested.onRemove(slot, held.get(slot)!)
    naive.onRemove(slot, held.get(slot)!)
    held.delete(slot)
    empty.push(slot)
  }
  for (const [kind, number] of steps) {
    const slot = pick(kind === 'letGo' ? pinned : [...held.keys()].filter((key) => !pinned.has(key)), number)
    if (kind === 'insert') {
      const block = blockOutside(held, capacity, number)
      if (empty.length === 0) {
        const victim = naive.victim(pinned, block)
        expect(tested.victim((candidate) => pinned.has(candidate), block)).toBe(victim ?? NONE)
        if (victim === undefined) continue
        drop(victim)
      }
      const target = empty.pop()!
      held.set(target, block)
      tested.onInsert(target, block)
      naive.onInsert(target, block)
    } else if (slot === undefined) {
    } else if (kind === 'touch' || kind === 'letGo') {
      pinned.delete(slot)
      tested.onHit(slot, held.get(slot)!)
      naive.onHit(slot)
    } else if (kind === 'pin') {
      pinned.add(slot)
    } else {
      drop(slot)
    }
  }
}

/** Two instances see the same; what one chooses is checked and must be what the other chooses. */
function playEngine(
  policy: PolicySpec,
  capacity: number,
  steps: readonly Step[],
): { readonly tested: CachePolicy; readonly held: Map<number, number> } {
  const instances = [0, 1].map(() => createPolicy(policy, capacity, omniscient))
  const held = new Map<number, number>()
  const pinned = new Set<number>()
  const claimed: number[] = []
  const empty = Array.from({ length: capacity }, (_, slot) => slot)
  const isPinned = (slot: number): boolean => pinned.has(slot)
  const drop = (slot: number): void => {
    for (const instance of instances) instance.onRemove(slot, held.get(slot)!)
    held.delete(slot)
    empty.push(slot)
  }
  const claim = (block: number): void => {
    if (empty.length === 0) {
      const [victim, other] = instances.map((instance) => instance.victim(isPinned, block))
      expect(victim).toBe(other)
      const candidates = [...held.keys()].filter((slot) => !pinned.has(slot))
      if (candidates.length === 0) expect(victim).toBe(NONE)
      else expect(candidates).toContain(victim)
      if (candidates.length > 0) drop(victim!)
    }
    const slot = empty.pop()
    if (slot !== undefined) claimed.push(slot)
  }
  for (const [kind, number] of steps) {
    const slot = pick(kind === 'letGo' ? pinned : held.keys(), number)
    if (kind === 'claim') claim(blockOutside(held, capacity, number))
    else if (kind === 'abandon') empty.push(...claimed.splice(0, 1))
    else if (kind === 'fill') {
      const target = claimed.shift()
      if (target === undefined) continue
      const block = blockOutside(held, capacity, number)
      held.set(target, block)
      for (const instance of instances) instance.onInsert(target, block)
    } else if (slot === undefined) {
    } else if (kind === 'pin') pinned.add(slot)
    else if (kind === 'remove') {
      if (!pinned.has(slot)) drop(slot)
    } else {
      if (kind === 'letGo') pinned.delete(slot)
      for (const instance of instances) instance.onHit(slot, held.get(slot)!)
    }
  }
  return { tested: instances[0]!, held }
}
