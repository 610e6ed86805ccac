import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeTrace } from '../../src/lab/describe-trace.ts'
import { type HitRates, hitRates } from '../../src/lab/hit-rates.ts'
import { flopsBetween } from '../../src/lab/replay/facts.ts'
import type { TouchOrder } from '../../src/lab/replay/replay.ts'
import {
  blockTokens,
  chainedStreams,
  cost,
  NaiveLru,
  orders,
  replayLru,
  type SmallRequest,
  streamOf,
  touched,
} from './small-streams.ts'

const seed = 11
const capacities = fc.integer({ min: 1, max: 24 })
const everyOrder = fc.constantFrom(...orders)

/** What the definitions say, token by token. */
function counted(requests: readonly SmallRequest[], capacityBlocks: number, order: TouchOrder): HitRates {
  const memory = new NaiveLru(capacityBlocks)
  const blocks = { all: 0, any: 0, prefix: 0, full: 0, anyFull: 0, prefixFull: 0 }
  const tokens = { all: 0, any: 0, prefix: 0, engine: 0 }
  const flops = { all: 0, saved: 0 }
  const conversations = new Map<number, { all: number; prefix: number }>()
  for (const { blocks: own, promptTokens, session } of requests) {
    const gap = own.findIndex((block) => !memory.held.includes(block))
    const prefix = new Set(own.slice(0, gap === -1 ? own.length : gap))
    const any = new Set<number>()
    for (const place of touched(own.length, order)) if (memory.refer(own[place]!)) any.add(own[place]!)
    const conversation = conversations.get(session) ?? { all: 0, prefix: 0 }
    conversations.set(session, conversation)
    for (const [place, block] of own.entries()) {
      const isFull = (place + 1) * blockTokens <= promptTokens
      conversation.all++
      blocks.all++
      if (isFull) blocks.full++
      if (any.has(block)) blocks.any++
      if (any.has(block) && isFull) blocks.anyFull++
      if (!prefix.has(block)) continue
      conversation.prefix++
      blocks.prefix++
      if (isFull) blocks.prefixFull++
    }
    for (let token = 0; token < promptTokens; token++) {
      const place = Math.floor(token / blockTokens)
      const block = own[place]
      const itsFlops = cost.linearFlops + cost.flopsPerPosition * (token + 0.5)
      tokens.all++
      flops.all += itsFlops
      if (block === undefined) continue
      if (any.has(block)) tokens.any++
      if (!prefix.has(block)) continue
      tokens.prefix++
      // The last token of the prompt is computed, and with it its whole block.
      if ((place + 1) * blockTokens > promptTokens - 1) continue
      tokens.engine++
      flops.saved += itsFlops
    }
  }
  const told = [...conversations.values()].filter(({ all }) => all > 0)
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return {
    anyBlockHits: blocks.any,
    prefixHits: blocks.prefix,
    anyBlockHitRate: blocks.any / blocks.all,
    prefixHitRate: blocks.prefix / blocks.all,
    anyFullBlockHitRate: share(blocks.anyFull, blocks.full),
    fullPrefixHitRate: share(blocks.prefixFull, blocks.full),
    anyTokenHitRate: share(tokens.any, tokens.all),
    prefixTokenHitRate: share(tokens.prefix, tokens.all),
    engineTokenHitRate: share(tokens.engine, tokens.all),
    perConversationHitRate: share(
      told.reduce((sum, { all, prefix }) => sum + prefix / all, 0),
      told.length,
    ),
    flopsSavedShare: share(flops.saved, flops.all),
  }
}

function ratesOf(requests: readonly SmallRequest[], capacityBlocks: number, order: TouchOrder): HitRates {
  const stream = streamOf(requests)
  return hitRates(stream, replayLru(stream, capacityBlocks, order), cost)
}

const expectClose = (found: HitRates, expected: HitRates): void => {
  for (const [key, value] of Object.entries(expected)) {
    const own = found[key as keyof HitRates]
    if (value === null) expect(own, key).toBeNull()
    else expect(own, key).toBeCloseTo(value, 12)
  }
}

describe('hit rates', () => {
  it('under every definition are what counting token by token gives, in both orders', () => {
    fc.assert(
      fc.property(chainedStreams, capacities, everyOrder, (requests, capacityBlocks, order) => {
        expectClose(ratesOf(requests, capacityBlocks, order), counted(requests, capacityBlocks, order))
      }),
      { seed, numRuns: 300 },
    )
  })

  it('lie between 0 and 1; prefixes hit no more than any block from the head, engines no more than prefixes', () => {
    fc.assert(
      fc.property(chainedStreams, capacities, everyOrder, (requests, capacityBlocks, order) => {
        const rates = ratesOf(requests, capacityBlocks, order)
        const { anyBlockHits: _any, prefixHits: _prefix, ...shares } = rates
        for (const share of Object.values(shares)) {
          expect(share ?? 0).toBeGreaterThanOrEqual(0)
          expect(share ?? 0).toBeLessThanOrEqual(1)
        }
        expect(rates.engineTokenHitRate!).toBeLessThanOrEqual(rates.prefixTokenHitRate!)
        if (order === 'tail') return
        expect(rates.anyBlockHits).toBeGreaterThanOrEqual(rates.prefixHits)
        expect(rates.anyTokenHitRate!).toBeGreaterThanOrEqual(rates.prefixTokenHitRate!)
        expect(rates.anyFullBlockHitRate ?? 0).toBeGreaterThanOrEqual(rates.fullPrefixHitRate ?? 0)
      }),
      { seed, numRuns: 200 },
    )
  })

  it('from the tail can be lower for any block than for prefixes: a prefix goes before its request comes to touch it', () => {
    const requests = [request([1, 2, 3], 12), request([1, 2, 3, 4], 16)]
    expect(ratesOf(requests, 3, 'tail')).toMatchObject({ anyBlockHits: 0, prefixHits: 3 })
    expect(ratesOf(requests, 3, 'head')).toMatchObject({ anyBlockHits: 3, prefixHits: 3 })
  })

  it('with room for all blocks reach the ceiling of the trace, any block and prefix alike', () => {
    fc.assert(
      fc.property(chainedStreams, everyOrder, (requests, order) => {
        const stream = streamOf(requests)
        const rates = ratesOf(requests, stream.distinctBlocks, order)
        const described = { format: '', stream, thinkMs: undefined, skipped: { rows: 0, reasons: [] } }
        const { ceiling } = describeTrace(described)
        expect(rates.anyBlockHitRate).toBe(ceiling.anyBlockHitRate)
        expect(rates.prefixHitRate).toBe(ceiling.prefixHitRate)
        expect(rates.prefixHits).toBe(rates.anyBlockHits)
        expect(rates.prefixTokenHitRate).toBeCloseTo(ceiling.tokenHitRate, 12)
      }),
      { seed, numRuns: 200 },
    )
  })

  it('never fall with capacity under LRU', () => {
    fc.assert(
      fc.property(chainedStreams, everyOrder, (requests, order) => {
        const hits = [1, 2, 4, 8, 16, 32].map((capacity) => ratesOf(requests, capacity, order))
        for (const [at, rates] of hits.entries()) {
          if (at === 0) continue
          expect(rates.anyBlockHits).toBeGreaterThanOrEqual(hits[at - 1]!.anyBlockHits)
          expect(rates.prefixHits).toBeGreaterThanOrEqual(hits[at - 1]!.prefixHits)
        }
      }),
      { seed, numRuns: 100 },
    )
  })

  it('save a smaller share of FLOPs than of tokens where prompts are equally long, and the same where tokens cost the same', () => {
    fc.assert(
      fc.property(chainedStreams, capacities, (requests, capacityBlocks) => {
        const same = requests.map((one) => ({ ...one, promptTokens: 30 }))
        const stream = streamOf(same)
        const hits = replayLru(stream, capacityBlocks, 'head')
        const { flopsSavedShare, engineTokenHitRate } = hitRates(stream, hits, cost)
        expect(flopsSavedShare!).toBeLessThanOrEqual(engineTokenHitRate!)
        const flat = hitRates(stream, hits, { ...cost, flopsPerPosition: 0 })
        expect(flat.flopsSavedShare).toBeCloseTo(engineTokenHitRate!, 12)
      }),
      { seed, numRuns: 100 },
    )
  })

  it('count a conversation once, however long it is, and none without blocks', () => {
    const requests = [
      request([1], 4, 0),
      ...Array.from({ length: 3 }, () => request([1, 2], 8, 1)),
      request([9], 4, 2),
      request([], 3, 3),
    ]
    // Conversation 0 hits 0 of 1, conversation 1 hits 1 + 2 + 2 of 6, conversation 2 hits 0 of 1.
    expect(ratesOf(requests, 10, 'head').perConversationHitRate).toBeCloseTo(5 / 6 / 3, 12)
  })

  it('know no prompts and no conversations where the trace has none', () => {
    const stream = streamOf([request([1, 2], 8), request([1, 3, 2], 12)], { isChained: false, sessionsFrom: 'none' })
    expect(hitRates(stream, replayLru(stream, 9, 'head'), cost)).toEqual({
      anyBlockHits: 2,
      prefixHits: 1,
      anyBlockHitRate: 2 / 5,
      prefixHitRate: 1 / 5,
      anyFullBlockHitRate: null,
      fullPrefixHitRate: null,
      anyTokenHitRate: null,
      prefixTokenHitRate: null,
      engineTokenHitRate: null,
      perConversationHitRate: null,
      flopsSavedShare: null,
    })
  })

  it('without a full block have no rate of full blocks', () => {
    const rates = ratesOf([request([1], 3), request([1], 3)], 4, 'head')
    expect(rates).toMatchObject({ anyBlockHitRate: 1 / 2, anyFullBlockHitRate: null, fullPrefixHitRate: null })
    expect(rates).toMatchObject({ anyTokenHitRate: 1 / 2, engineTokenHitRate: 0, flopsSavedShare: 0 })
  })
})

describe('by hand', () => {
  it('the partial tail counts its tokens, as no full block, and never for an engine', () => {
    // The second request finds 1, 2 and the tail 3 of two tokens: 10 of 10 tokens.
    const rates = ratesOf([request([1, 2, 3], 10), request([1, 2, 3], 10)], 3, 'head')
    expect(rates).toMatchObject({
      anyBlockHitRate: 3 / 6,
      prefixHitRate: 3 / 6,
      anyFullBlockHitRate: 2 / 4,
      fullPrefixHitRate: 2 / 4,
      anyTokenHitRate: 10 / 20,
      prefixTokenHitRate: 10 / 20,
      engineTokenHitRate: 8 / 20,
    })
  })

  it('an engine computes the last token, and so the last full block', () => {
    const rates = ratesOf([request([1, 2], 8), request([1, 2], 8)], 2, 'head')
    expect(rates).toMatchObject({ prefixTokenHitRate: 8 / 16, engineTokenHitRate: 4 / 16 })
  })

  it('the fifth token of a prompt costs more than the first', () => {
    // 10 a token and 2 for each half-open position: 0..4 is 4 × 10 + 4² = 56, 4..8 is 4 × 10 + 8² − 4² = 88.
    expect(flopsBetween(cost, 0, 4)).toBe(56)
    expect(flopsBetween(cost, 4, 8)).toBe(88)
    expect(flopsBetween(cost, 0, 8)).toBe(56 + 88)
    const { flopsSavedShare, engineTokenHitRate } = ratesOf([request([1, 2], 8), request([1, 2], 8)], 2, 'head')
    expect(engineTokenHitRate).toBe(1 / 4)
    expect(flopsSavedShare).toBe(56 / (2 * 144))
  })

  it('tokens that have no block id are prompt tokens and no hits', () => {
    // Nine tokens, two ids: the ninth has none, and so the second block is full and can be had.
    const rates = ratesOf([request([1, 2], 9), request([1, 2], 9)], 2, 'head')
    expect(rates).toMatchObject({ anyFullBlockHitRate: 2 / 4, prefixTokenHitRate: 8 / 18, engineTokenHitRate: 8 / 18 })
  })
})

function request(blocks: readonly number[], promptTokens: number, session = 0): SmallRequest {
  return { blocks, promptTokens, session }
}
