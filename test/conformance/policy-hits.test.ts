import fc from 'fast-check'
import { describe, expect, it, type TestContext } from 'vitest'
import { policies } from '../../src/cache/policies/registry.ts'
import { createPolicy, type Facts, NONE, noFacts, type PolicySpec } from '../../src/cache/policy.ts'
import type { ReferenceStream } from '../../src/lab/reference-stream.ts'
import { type RequestHits, replay } from '../../src/lab/replay/replay.ts'
import { readTrace } from '../../src/workload/trace.ts'
import { realTrace } from '../workload/real-traces.ts'

const capacities = [1_000, 10_000, 30_000] as const

/** Block references found on Mooncake's conversation trace, by capacity; an independent model and libCacheSim agree. */
const anyBlock: Readonly<Record<string, readonly number[]>> = {
  '2q': [15_614, 53_338, 88_325],
  arc: [15_275, 64_205, 89_675],
  belady: [54_994, 105_710, 105_710],
  clock: [12_884, 61_830, 94_944],
  fifo: [12_559, 53_812, 87_152],
  lfu: [13_871, 38_013, 79_595],
  lru: [12_831, 60_921, 93_967],
  's3-fifo': [16_041, 56_390, 88_314],
  sieve: [13_871, 38_013, 79_595],
}

/** Those that are found with the whole prefix before them. */
const contiguousPrefix: Readonly<Record<string, readonly number[]>> = {
  arc: [15_252, 64_089, 89_635],
  belady: anyBlock.belady!,
  fifo: [12_509, 52_351, 84_936],
  lfu: anyBlock.lfu!,
  lru: anyBlock.lru!,
  's3-fifo': [16_041, 56_301, 87_669],
  sieve: anyBlock.sieve!,
}

describe('hits on a real trace', () => {
  const cells = policies.flatMap((policy) =>
    (anyBlock[policy.name] ?? []).map((hits, i) => ({
      policy,
      name: policy.name,
      capacityBlocks: capacities[i]!,
      hits,
      prefixHits: contiguousPrefix[policy.name]?.[i],
    })),
  )

  it.for(cells)('$name with $capacityBlocks blocks has the published $hits', async (cell, context) => {
    const stream = await conversationTrace(context)
    const { anyBlocks, prefixBlocks } = replayed(cell.policy, stream, cell.capacityBlocks)
    expect(total(anyBlocks)).toBe(cell.hits)
    if (cell.prefixHits !== undefined) expect(total(prefixBlocks)).toBe(cell.prefixHits)
  })

  it('are at most 105,710 of 288,500', async (context) => {
    const stream = await conversationTrace(context)
    expect(stream.blocks).toHaveLength(288_500)
    expect(stream.distinctBlocks).toBe(182_790)
    const lru = policies.find(({ name }) => name === 'lru')!
    expect(total(replayed(lru, stream, stream.distinctBlocks).anyBlocks)).toBe(105_710)
  })
})

describe('hits on random streams', () => {
  const references = fc.array(fc.nat(30), { minLength: 1, maxLength: 300 })
  const capacity = fc.integer({ min: 1, max: 20 })

  it.each(policies)('of $name are never more than of belady', (policy) => {
    const belady = policies.find(({ name }) => name === 'belady')!
    fc.assert(
      fc.property(references, capacity, (blocks, capacityBlocks) => {
        const stream = streamOf(blocks.map((block) => [block]))
        const most = total(replayed(belady, stream, capacityBlocks).anyBlocks)
        expect(total(replayed(policy, stream, capacityBlocks).anyBlocks)).toBeLessThanOrEqual(most)
      }),
      { seed: 21, numRuns: 100 },
    )
  })

  it.each(policies)('of $name are all but the first of each block where all fit', (policy) => {
    fc.assert(
      fc.property(references, (blocks) => {
        const { anyBlocks } = replayed(policy, streamOf(blocks.map((block) => [block])), 31)
        expect(total(anyBlocks)).toBe(blocks.length - new Set(blocks).size)
      }),
      { seed: 22, numRuns: 50 },
    )
  })

  it.each(['lru', 'belady'])('of %s are hits with one slot more, too', (name) => {
    const policy = policies.find((candidate) => candidate.name === name)!
    fc.assert(
      fc.property(references, capacity, (blocks, capacityBlocks) => {
        const stream = streamOf(blocks.map((block) => [block]))
        const small = replayed(policy, stream, capacityBlocks).anyBlocks
        const large = replayed(policy, stream, capacityBlocks + 1).anyBlocks
        if (name === 'belady') expect(total(large)).toBeGreaterThanOrEqual(total(small))
        else for (const [request, hit] of small.entries()) expect(large[request]).toBeGreaterThanOrEqual(hit)
      }),
      { seed: 23, numRuns: 200 },
    )
  })
})

function total(counts: Int32Array): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function replayed(policy: PolicySpec, stream: ReferenceStream, capacityBlocks: number): RequestHits {
  const nextUses = policy.knows.includes('future') ? nextUsesOf(stream.blocks) : []
  const facts: { -readonly [Key in keyof Facts]: Facts[Key] } = { ...noFacts, flopsOf: () => 1, blockBytes: 1 }
  const listener = {
    request: () => {},
    touch: (reference: number) => {
      facts.nextUse = nextUses[reference] ?? Number.NaN
    },
  }
  const slotOf = new Int32Array(stream.distinctBlocks).fill(NONE)
  return replay(stream, createPolicy(policy, capacityBlocks, facts), capacityBlocks, slotOf, 'head', listener)
}

function nextUsesOf(blocks: Int32Array): Float64Array {
  const soonest = new Map<number, number>()
  const next = new Float64Array(blocks.length)
  for (let at = blocks.length - 1; at >= 0; at--) {
    next[at] = soonest.get(blocks[at]!) ?? Number.POSITIVE_INFINITY
    soonest.set(blocks[at]!, at)
  }
  return next
}

/** Dense ids of requests that are nothing but blocks. */
function streamOf(requests: readonly (readonly number[])[]): ReferenceStream {
  const ids = new Map<number, number>()
  const starts = [0]
  for (const request of requests) {
    for (const block of request) if (!ids.has(block)) ids.set(block, ids.size)
    starts.push(starts.at(-1)! + request.length)
  }
  const zeros = new Int32Array(requests.length)
  return {
    blockTokens: 1,
    blocks: Int32Array.from(requests.flat(), (block) => ids.get(block)!),
    starts: Int32Array.from(starts),
    distinctBlocks: ids.size,
    promptTokens: zeros,
    outputTokens: zeros,
    arrivalMs: new Float64Array(requests.length),
    sessions: zeros,
    turns: zeros,
    tenants: zeros,
    categories: zeros,
    notes: [],
    isChained: false,
    isTimed: false,
    sessionsFrom: 'none',
  }
}

let conversations: Promise<ReferenceStream> | undefined

/** Read once for all cells; partial tails keep the trace's ids. */
function conversationTrace(context: TestContext): Promise<ReferenceStream> {
  const path = realTrace(context, 'mooncake_conversation_trace.jsonl.gz')
  conversations ??= readStream(path)
  return conversations
}

async function readStream(path: string): Promise<ReferenceStream> {
  const scale = { blockTokens: undefined, tokenScale: 1, outputScale: 1 }
  const trace = await readTrace(path, { scale, partialTails: 'trace' })
  if (trace.kind !== 'timed') throw new Error('not a timed trace')
  return streamOf(trace.requests.map(({ blockHashes }) => [...blockHashes]))
}
