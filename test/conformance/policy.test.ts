import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policies } from '../../src/cache/policies/registry.ts'
import { createPolicy, NONE, noFacts, type PolicySpec } from '../../src/cache/policy.ts'
import { Tier } from '../../src/cache/tier.ts'
import { readTrace } from '../../src/workload/trace.ts'
import { realTrace } from '../workload/real-traces.ts'
import { naivePolicies } from './naive-policies.ts'

/** Hits of unit-sized references on Mooncake's conversation trace: hit = touch, miss = evict if full, then insert. */
const publishedHits: Readonly<Record<string, readonly (readonly [capacityBlocks: number, hits: number])[]>> = {
  lru: [
    [1_000, 12_831],
    [10_000, 60_921],
    [30_000, 93_967],
  ],
}

/** What a tier does: fill a slot, touch, pin, let go, or make room. The number chooses the slot. */
const operations = fc.array(
  fc.tuple(fc.constantFrom('insert', 'insert', 'touch', 'pin', 'letGo', 'remove'), fc.nat(1000)),
  { minLength: 1, maxLength: 120 },
)

describe('the registry of policies', () => {
  it('is sorted by names that occur once', () => {
    const names = policies.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].sort())
  })

  it.each(policies)('$name says what it is and where it comes from', ({ summary, source }) => {
    expect(summary.trim().length).toBeGreaterThan(0)
    expect(source.trim().length).toBeGreaterThan(0)
  })
})

describe.each(policies)('policy $name', (policy) => {
  it('evicts what the naive version evicts, step by step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), operations, (capacity, steps) => play(policy, capacity, steps)),
      { seed: 11, numRuns: 400 },
    )
  })

  it('has no victim where all is pinned or nothing is there', () => {
    const fresh = createPolicy(policy, 3, noFacts)
    expect(fresh.victim(() => false, 9)).toBe(NONE)
    for (let slot = 0; slot < 3; slot++) fresh.onInsert(slot, slot)
    expect(fresh.victim(() => true, 9)).toBe(NONE)
    expect(fresh.victim((slot) => slot !== 1, 9)).toBe(1)
  })

  it.for(publishedHits[policy.name] ?? [])(
    'with %d blocks has the published %d hits on a real trace',
    async ([capacityBlocks, hits], context) => {
      const blocks = await referencesOf(realTrace(context, 'mooncake_conversation_trace.jsonl.gz'))
      expect(blocks).toHaveLength(288_500)
      expect(hitsOf(policy, capacityBlocks, blocks)).toBe(hits)
    },
  )
})

function play(policy: PolicySpec, capacity: number, steps: readonly (readonly [string, number])[]): void {
  const tested = createPolicy(policy, capacity, noFacts)
  const naive = naivePolicies[policy.name]!()
  const held = new Map<number, number>()
  const pinned = new Set<number>()
  const empty = Array.from({ length: capacity }, (_, slot) => slot)
  let blocks = 0
  const pick = (from: Iterable<number>, number: number): number | undefined => {
    const all = [...from]
    return all[number % Math.max(1, all.length)]
  }
  const drop = (slot: number): void => {
    tested.onRemove(slot, held.get(slot)!)
    naive.onRemove(slot, held.get(slot)!)
    held.delete(slot)
    empty.push(slot)
  }
  for (const [kind, number] of steps) {
    const slot = pick(kind === 'letGo' ? pinned : [...held.keys()].filter((key) => !pinned.has(key)), number)
    if (kind === 'insert') {
      if (empty.length === 0) {
        const victim = naive.victim(pinned)
        expect(tested.victim((candidate) => pinned.has(candidate), blocks)).toBe(victim ?? NONE)
        if (victim === undefined) continue
        drop(victim)
      }
      const target = empty.pop()!
      held.set(target, blocks)
      tested.onInsert(target, blocks)
      naive.onInsert(target, blocks++)
    } else if (slot === undefined) {
    } else if (kind === 'touch' || kind === 'letGo') {
      pinned.delete(slot)
      tested.onHit(slot, held.get(slot)!)
      naive.onHit(slot, held.get(slot)!)
    } else if (kind === 'pin') {
      pinned.add(slot)
    } else {
      drop(slot)
    }
  }
}

const cached = new Map<string, Promise<Int32Array>>()

/** Every block reference of a timed trace in order, as dense ids; partial tails keep the trace's ids. */
function referencesOf(path: string): Promise<Int32Array> {
  const known = cached.get(path) ?? readReferences(path)
  cached.set(path, known)
  return known
}

async function readReferences(path: string): Promise<Int32Array> {
  const scale = { blockTokens: undefined, tokenScale: 1, outputScale: 1 }
  const trace = await readTrace(path, { scale, partialTails: 'trace' })
  if (trace.kind !== 'timed') throw new Error('not a timed trace')
  const ids = new Map<number, number>()
  const hashes = trace.requests.flatMap((request) => [...request.blockHashes])
  return Int32Array.from(hashes, (hash) => {
    const id = ids.get(hash) ?? ids.size
    ids.set(hash, id)
    return id
  })
}

function hitsOf(policy: PolicySpec, capacityBlocks: number, blocks: Int32Array): number {
  const tier = new Tier(capacityBlocks, policy)
  let hits = 0
  for (const block of blocks) {
    const slot = tier.lookup(block)
    if (slot === NONE) {
      const claimed = tier.claim(block)
      tier.identify(claimed, block)
      tier.unpin(claimed)
    } else {
      hits++
      tier.touch(slot)
    }
  }
  return hits
}
