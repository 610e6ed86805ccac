import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { lru } from '../../src/cache/policies/lru.ts'
import { fcfs } from '../../src/plan/admission/fcfs.ts'
import { longestPrefixFirst } from '../../src/plan/admission/longest-prefix-first.ts'
import type { CostModel } from '../../src/plan/cost-model.ts'
import { planTimeline } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import { roundRobin } from '../../src/plan/router/round-robin.ts'
import type { RequestFacts } from '../../src/plan/timeline.ts'
import type { LowerTierSpec } from '../../src/warehouse/lower-tier.ts'
import { compileTimed } from '../../src/workload/pool.ts'
import type { TimedRequest } from '../../src/workload/workload.ts'

const blockTokens = 4

/** A token costs 1 ms through the layers and nothing else; a byte of KV per token; four layers. */
const linearCost = {
  layerFlopsPerToken: 1,
  projectionFlopsPerRow: 0,
  layerWeightBytes: 0,
  projectionWeightBytes: 0,
  attentionFlopsPerPair: 0,
  kvBytesPerToken: 1,
  linearFlopsPerMs: 1,
  attentionFlopsPerMs: 1,
  weightBytesPerMs: 1,
  kvBytesPerMs: Number.POSITIVE_INFINITY,
  stepOverheadMs: 0,
  decodeRowMs: 0,
  layers: 4,
} satisfies CostModel & { layers: number }

/** A pair of query and key costs 0.01 ms and nothing else: block k of four tokens costs 0.16 k + 0.1 ms. */
const attentionCost = { ...linearCost, layerFlopsPerToken: 0, attentionFlopsPerPair: 0.01 }
const blockMs = (k: number): number => 0.16 * k + 0.1
const blocksMs = (from: number, to: number): number => {
  let sum = 0
  for (let k = from; k < to; k++) sum += blockMs(k)
  return sum
}

function tier(
  name: LowerTierSpec['name'],
  readBytesPerMs: number,
  latencyMs: number,
  capacity = Infinity,
): LowerTierSpec {
  const link = { name, readBytesPerMs, writeBytesPerMs: 1, latencyMs }
  return { name, shared: name === 'warehouse', capacityBlocks: capacity, policy: lru, link, freeStores: true }
}

function request(document: number, arrivalMs: number, blocks: number): TimedRequest {
  const blockHashes = Float64Array.from({ length: blocks }, (_, i) => 1000 * document + i)
  return {
    id: `${document} at ${arrivalMs}`,
    arrivalMs,
    blockHashes,
    promptTokens: blocks * blockTokens,
    outputTokens: 1,
  }
}

/** Plans a trace on one replica whose HBM holds twelve blocks; in the order of their ends, with the totals. */
function planTrace(trace: readonly TimedRequest[], options: Partial<PlanInput>) {
  class Listener extends Collector {
    readonly requests: { readonly facts: RequestFacts; readonly endMs: number }[] = []
    override ended(facts: RequestFacts, endMs: number): void {
      super.ended(facts, endMs)
      this.requests.push({ facts, endMs })
    }
  }
  // The window ends with the last arrival: that of a request that is never served.
  const { arrivalsMs, ...pool } = compileTimed([...trace, request(99, 1e6, 1)], blockTokens)
  const listener = new Listener()
  const counts = planTimeline(
    {
      pool,
      load: { kind: 'timed', arrivalsMs, timeScale: 1 },
      replicas: 1,
      poolBlocks: 12,
      maxRunning: 256,
      maxBatchedTokens: 1000,
      requestOverheadMs: 0,
      router: roundRobin,
      admission: fcfs,
      hbmPolicy: lru,
      lowers: [],
      peerReads: false,
      fetch: 'always',
      fetchMode: 'async',
      fetchPart: 'whole',
      cost: linearCost,
      settleRequests: undefined,
      requests: undefined,
      overrunRequests: 0,
      seed: 1,
      ...options,
    },
    listener,
  )
  return { ended: listener.requests, totals: listener.totals, counts }
}

/** A document of ten blocks, another one that drives it out of HBM, and the first again: nine of its blocks can be fetched. */
function askAgain(options: Partial<PlanInput>) {
  const { ended, totals, counts } = planTrace([request(1, 0, 10), request(2, 1000, 12), request(1, 2000, 10)], options)
  const { facts, endMs } = ended[2]!
  expect(facts.hbmHitTokens).toBe(0)
  return { ttftMs: endMs - facts.arrivalMs, facts, stalledMs: totals.stalledMs, counts }
}

describe('a layer-wise fetch', () => {
  // 36 bytes are fetched, 4 tokens computed in 4 ms, the last layer of them in 1 ms.
  it.each([
    { link: 'a slow link', rate: 2, latencyMs: 1, async: 19 + 4, layerwise: 19 + 1, stalledMs: 16 },
    {
      link: 'a link that is nearly done',
      rate: 12,
      latencyMs: 0.5,
      async: 3.5 + 4,
      layerwise: 3.5 + 1,
      stalledMs: 0.5,
    },
    { link: 'a fast link', rate: 36, latencyMs: 1, async: 2 + 4, layerwise: 4, stalledMs: 0 },
  ])('over $link ends its step when that computing ends, or a layer after the fetch', (example) => {
    const lowers = [tier('warehouse', example.rate, example.latencyMs)]
    const layerwise = askAgain({ lowers, fetchMode: 'layerwise' })
    expect(layerwise.ttftMs).toBeCloseTo(example.layerwise, 9)
    expect(layerwise.stalledMs).toBeCloseTo(example.stalledMs, 9)
    expect(layerwise.facts.warehouseHitTokens).toBe(36)
    const async = askAgain({ lowers })
    expect(async.ttftMs).toBeCloseTo(example.async, 9)
    expect(async.stalledMs).toBeCloseTo(example.async - 4, 9)
  })

  it('holds a step once: later chunks of the same prompt do not wait', () => {
    // Two chunks of 2 tokens, 2 ms each: the first ends a layer of it, 0.5 ms, after the fetch.
    const plan = askAgain({ lowers: [tier('warehouse', 2, 1)], fetchMode: 'layerwise', maxBatchedTokens: 2 })
    expect(plan.ttftMs).toBeCloseTo(19 + 0.5 + 2, 9)
    expect(plan.stalledMs).toBeCloseTo(19 + 0.5 - 2, 9)
  })

  it('holds a step until the last of the fetches that it computes behind', () => {
    const trace = [
      request(1, 0, 5),
      request(2, 1000, 5),
      request(3, 2000, 12),
      request(1, 3000, 5),
      request(2, 3000, 5),
    ]
    const { ended } = planTrace(trace, { lowers: [tier('warehouse', 2, 1)], fetchMode: 'layerwise' })
    // Each fetches 16 bytes and gets half of the link: both end at 1 + 32 ÷ 2; the step of 8 tokens has layers of 2 ms.
    for (const { endMs } of ended.slice(3)) expect(endMs - 3000).toBeCloseTo(17 + 2, 9)
  })
})

describe('fetching beyond break-even', () => {
  // A block is fetched in 0.8 ms at 5 bytes per ms: blocks 0 to 4 are quicker to compute, 5 to 8 to fetch.
  const headMs = blocksMs(0, 5)
  const lastMs = blockMs(9)
  const part = { cost: attentionCost, fetchPart: 'beyond-break-even' } as const

  it('computes the head while the rest is fetched', () => {
    expect(blockMs(4)).toBeLessThan(0.8)
    expect(blockMs(5)).toBeGreaterThan(0.8)
    for (const latencyMs of [0.01, 1, 5]) {
      const { ttftMs, facts, counts } = askAgain({ ...part, lowers: [tier('warehouse', 5, latencyMs)] })
      expect(facts.warehouseHitTokens).toBe(16)
      expect(counts.fetchedBytes).toBe(16)
      expect(ttftMs).toBeCloseTo(Math.max(headMs, latencyMs + 4 * 0.8) + lastMs, 9)
    }
  })

  it('joins the two layer by layer', () => {
    const plan = askAgain({ ...part, lowers: [tier('warehouse', 5, 1)], fetchMode: 'layerwise' })
    expect(plan.ttftMs).toBeCloseTo(Math.max(headMs + lastMs, 4.2 + lastMs / 4), 9)
  })

  it('is decided by the end of computing all of it, the head included', () => {
    const wholeMs = blocksMs(0, 9)
    for (const { latencyMs, fetches } of [
      { latencyMs: 2, fetches: true },
      { latencyMs: wholeMs - 3.21, fetches: true },
      { latencyMs: wholeMs - 3.19, fetches: false },
    ]) {
      const lowers = [tier('warehouse', 5, latencyMs)]
      const { ttftMs, facts } = askAgain({ ...part, lowers, fetch: 'break-even' })
      expect(facts.warehouseHitTokens).toBe(fetches ? 16 : 0)
      expect(ttftMs).toBeCloseTo(lastMs + (fetches ? latencyMs + 3.2 : wholeMs), 9)
    }
  })

  it('counts of the work ahead only what is computed', () => {
    // Of 20 blocks the first computes 0 to 4 and 19; of 7 the second could have block 5, at latencyMs + 0.8 ms.
    const aheadMs = headMs + blockMs(19)
    for (const { latencyMs, fetchedTokens } of [
      { latencyMs: aheadMs + blocksMs(0, 6) - 0.81, fetchedTokens: 4 },
      { latencyMs: aheadMs + blocksMs(0, 6) - 0.79, fetchedTokens: 0 },
    ]) {
      const trace = [
        request(1, 0, 20),
        request(2, 0, 7),
        request(3, 1000, 40),
        request(1, 2000, 20),
        request(2, 2000, 7),
      ]
      const lowers = [tier('warehouse', 5, latencyMs)]
      const { ended } = planTrace(trace, { ...part, lowers, poolBlocks: 40, fetch: 'break-even' })
      const hits = new Map(ended.slice(3).map(({ facts }) => [facts.promptTokens, facts.warehouseHitTokens]))
      expect([hits.get(80), hits.get(28)]).toEqual([56, fetchedTokens])
    }
  })

  it('layer by layer, holds a step for the fetch that it computes behind, not for one that it computes before', () => {
    // The first, of 20 blocks, computes 0 to 4 until 2.1 ms. The second, of 13, comes at 1 ms and finds half of the link:
    // it computes 0 to 9 in the next step, beside the first's block 19, and fetches 10 and 11.
    const trace = [
      request(1, 0, 20),
      request(2, 0, 13),
      request(3, 1000, 40),
      request(1, 2000, 20),
      request(2, 2001, 13),
    ]
    const lowers = [tier('warehouse', 5, 1)]
    const { ended } = planTrace(trace, { ...part, lowers, poolBlocks: 40, fetchMode: 'layerwise' })
    const [first, second] = ended.slice(3)
    expect([first!.facts.warehouseHitTokens, second!.facts.warehouseHitTokens]).toEqual([56, 8])
    // 56 bytes from 1 ms on, at half speed while the second's 8 flow: they end after 64 bytes. The second's end at 6.3 ms.
    const fetchEndMs = 1 + 64 / 5
    const stepMs = blockMs(19) + blocksMs(0, 10)
    expect(headMs + stepMs).toBeLessThan(fetchEndMs)
    const stepEndMs = fetchEndMs + stepMs / 4
    expect(first!.endMs - 2000).toBeCloseTo(stepEndMs, 9)
    expect(second!.endMs - 2000).toBeCloseTo(stepEndMs + blockMs(12), 9)
  })

  it('fetches all over a link that is always quicker, and nothing over one that never is', () => {
    // 0.1 ms a block, and 1.39: above block 8's 1.38.
    expect(askAgain({ ...part, lowers: [tier('warehouse', 40, 0)] }).facts.warehouseHitTokens).toBe(36)
    const never = askAgain({ ...part, lowers: [tier('warehouse', 4 / 1.39, 0)] })
    expect(never.facts.warehouseHitTokens).toBe(0)
    expect(never.counts.fetches).toBe(0)
    expect(askAgain({ ...part, lowers: [tier('warehouse', 4 / 1.37, 0)] }).facts.warehouseHitTokens).toBe(4)
  })
})

describe('DRAM before a warehouse', () => {
  // Of the first document's ten blocks, DRAM for fifteen keeps three beside the twelve of the second.
  const pair = (dramRate: number, warehouseRate: number): LowerTierSpec[] => [
    tier('dram', dramRate, 1, 15),
    tier('warehouse', warehouseRate, 2),
  ]

  it.each([
    { dramRate: 1, warehouseRate: 4, fetchMs: 1 + 12 },
    { dramRate: 12, warehouseRate: 1, fetchMs: 2 + 24 },
    { dramRate: 1, warehouseRate: 24 / 11, fetchMs: 13 },
  ])('sends side by side, each what is nearest there: $dramRate and $warehouseRate bytes per ms', (example) => {
    const lowers = pair(example.dramRate, example.warehouseRate)
    const { ttftMs, facts } = askAgain({ lowers })
    expect([facts.dramHitTokens, facts.warehouseHitTokens]).toEqual([12, 24])
    expect(ttftMs).toBeCloseTo(example.fetchMs + 4, 9)
  })

  it('breaks even by the later of the two', () => {
    // Computing takes 36 ms.
    const hits = (dramRate: number, warehouseRate: number): number[] => {
      const { facts } = askAgain({ lowers: pair(dramRate, warehouseRate), fetch: 'break-even' })
      return [facts.dramHitTokens, facts.warehouseHitTokens]
    }
    expect(hits(12 / 34.9, 24 / 33.9)).toEqual([12, 24])
    expect(hits(12 / 35.1, 24 / 33.9)).toEqual([0, 0])
    expect(hits(12 / 34.9, 24 / 34.1)).toEqual([0, 0])
  })
})

describe('the order of admission', () => {
  // While the first runs alone there come a stranger, one with half of its prefix, one with all of it, one more stranger.
  const shared = request(1, 0, 4)
  const half = { ...request(5, 2, 4), blockHashes: Float64Array.of(1000, 1001, 5002, 5003) }
  const trace = [shared, request(2, 1, 4), half, { ...shared, id: 'again', arrivalMs: 3 }, request(3, 4, 4)]

  it.each([
    { admission: fcfs, arrivals: [0, 1, 2, 3, 4], hits: [0, 0, 8, 12, 0] },
    { admission: longestPrefixFirst, arrivals: [0, 3, 2, 1, 4], hits: [0, 12, 8, 0, 0] },
  ])('$admission.name', ({ admission, arrivals, hits }) => {
    const { ended } = planTrace(trace, { admission, maxRunning: 1 })
    expect(ended.map(({ facts }) => facts.arrivalMs)).toEqual(arrivals)
    expect(ended.map(({ facts }) => facts.hbmHitTokens)).toEqual(hits)
  })

  it('lets nobody overtake the one whose turn it is while it finds no room', () => {
    // The first holds 8 of 12 blocks; the next two have 0 and 4 blocks of it, need 2 and 6 slots, and 4 are free.
    const longer = { ...request(6, 2, 10), blockHashes: Float64Array.of(1000, 1001, 1002, 1003, 6, 7, 8, 9, 10, 11) }
    const { ended } = planTrace([request(1, 0, 8), longer, request(2, 3, 2)], {
      admission: longestPrefixFirst,
      maxBatchedTokens: 16,
    })
    // Step by step of 16 tokens: the prefix can be found from 16 ms on, and the short one waits behind the long one.
    expect(ended.map(({ facts }) => facts.arrivalMs)).toEqual([0, 2, 3])
    expect(ended[1]!.facts.hbmHitTokens).toBe(16)
  })
})
