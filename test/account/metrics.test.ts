import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { armMetrics } from '../../src/account/metrics.ts'
import { boundOf, multiplierOf } from '../../src/account/multiplier.ts'
import { lru } from '../../src/cache/policies/lru.ts'
import { fcfs } from '../../src/plan/admission/fcfs.ts'
import type { CostModel } from '../../src/plan/cost-model.ts'
import { planTimeline } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import { sessionAffine } from '../../src/plan/router/session-affine.ts'
import { compilePool } from '../../src/workload/pool.ts'
import type { Turn } from '../../src/workload/workload.ts'

/** A prompt token takes 1 ms, a decode step 10 ms, nothing else any time. */
const cost: CostModel = {
  layers: 2,
  layerFlopsPerToken: 1,
  projectionFlopsPerRow: 0,
  layerWeightBytes: 0,
  projectionWeightBytes: 0,
  attentionFlopsPerPair: 0,
  kvBytesPerToken: 0,
  linearFlopsPerMs: 1,
  attentionFlopsPerMs: 1,
  weightBytesPerMs: 1,
  kvBytesPerMs: 1,
  stepOverheadMs: 0,
  decodeRowMs: 9,
}

/** One seat, one conversation of two turns that come again and again: 100 tokens, then the same 100 and 50 more. */
function twoTurns(changes: Partial<PlanInput> = {}): PlanInput {
  const turn = (promptTokens: number): Turn => ({
    blockHashes: Float64Array.from({ length: promptTokens / 10 }, (_, i) => i + 1),
    sharedBlocks: 0,
    promptTokens,
    outputTokens: 5,
    keptOutputTokens: 0,
    thinkMs: promptTokens === 100 ? 0 : 30,
    agent: '',
  })
  return {
    pool: compilePool([{ id: 'a', tenant: '', turns: [turn(100), turn(150)] }], 10),
    load: { kind: 'closed', seats: 1, start: 'cold', timeScale: 1, thinkCapMs: 1000 },
    replicas: 1,
    poolBlocks: 100,
    maxRunning: 256,
    maxBatchedTokens: 1000,
    requestOverheadMs: 4,
    router: sessionAffine,
    admission: fcfs,
    hbmPolicy: lru,
    lowers: [],
    peerReads: false,
    fetch: 'always',
    fetchMode: 'async',
    fetchPart: 'whole',
    cost,
    settleRequests: 0,
    requests: 2,
    overrunRequests: 0,
    seed: 1,
    ...changes,
  }
}

function metricsOf(input: PlanInput) {
  const collector = new Collector()
  planTimeline(input, collector)
  return armMetrics(collector.totals, input.replicas, 1)
}

describe('the figures of two requests, by hand', () => {
  // 0–4 on its way, 4–104 prefill, 104–144 four decodes; think 30, on its way 4; 178–228 prefill of the 50 new tokens,
  // 228–268 four decodes.
  const metrics = metricsOf(twoTurns())

  it('are those of the clock', () => {
    expect(metrics.window).toEqual({ requests: 2, seconds: 0.268 })
    expect(metrics.outputTokens).toBe(10)
    expect(metrics.tokensPerGpuSecond).toBeCloseTo(10 / 0.268, 9)
    expect(metrics.totalTokensPerGpuSecond).toBeCloseTo(260 / 0.268, 9)
    expect(metrics.ttftMs).toEqual({
      p50: 79,
      p90: expect.closeTo(99, 9),
      p95: expect.closeTo(101.5, 9),
      p99: expect.closeTo(103.5, 9),
    })
    expect(metrics.tpotMs.p50).toBeCloseTo(10, 9)
    expect(metrics.e2eMs.p50).toBeCloseTo((144 + 94) / 2, 9)
  })

  it('split prompt tokens and GPU time', () => {
    expect(metrics).toMatchObject({ promptTokens: 250, hbmHitTokens: 100, firstTimeTokens: 150, redundantTokens: 0 })
    expect([metrics.hitRate, metrics.ceilingHitRate]).toEqual([0.4, 0.4])
    expect(metrics.gpuTimeShare.usefulPrefill).toBeCloseTo(150 / 268, 9)
    expect(metrics.gpuTimeShare.decode).toBeCloseTo(80 / 268, 9)
    expect(metrics.starvedShare).toBeCloseTo(38 / 268, 9)
    expect([metrics.stalledShare, metrics.redundantPrefillOverhead]).toEqual([0, 0])
    expect(metrics.busyShare).toBeCloseTo(230 / 268, 9)
  })

  it('show as redundant what was computed before and lost', () => {
    // A pool of 16 blocks holds one conversation: the second seat's turn drives out the first's.
    const load = { kind: 'closed', seats: 2, start: 'cold', timeScale: 1, thinkCapMs: 1000 } as const
    const { redundantTokens, ...lost } = metricsOf(twoTurns({ poolBlocks: 16, load, requests: 4, maxRunning: 1 }))
    expect(lost.promptTokens).toBe(500)
    expect(lost.ceilingHitRate).toBe(0.4)
    expect(redundantTokens).toBe(200 - lost.hbmHitTokens)
    expect(redundantTokens).toBeGreaterThan(100)
    const { usefulPrefill, redundantPrefill, decode } = lost.gpuTimeShare
    expect(redundantPrefill / usefulPrefill).toBeCloseTo(redundantTokens / 300, 9)
    expect(lost.redundantPrefillOverhead).toBeCloseTo(redundantPrefill / (usefulPrefill + decode), 9)
  })

  it('count in a window that opens in mid-request only what falls into it', () => {
    const second = metricsOf(twoTurns({ settleRequests: 1, requests: 1 }))
    expect(second.window).toEqual({ requests: 1, seconds: expect.closeTo(0.124, 12) })
    expect(second).toMatchObject({ promptTokens: 150, outputTokens: 5, hbmHitTokens: 100 })
    expect(second.ttftMs.p50).toBeCloseTo(54, 9)
    expect(second.starvedShare).toBeCloseTo(34 / 124, 9)
  })
})

describe('a step across the edges of the window', () => {
  const run = {
    replica: 0,
    startMs: 0,
    endMs: 100,
    steps: 10,
    firstStepMs: 10,
    growthMs: 0,
    outputTokensPerStep: 3,
    usefulPrefillMs: 0,
    redundantPrefillMs: 0,
  }

  it('is clipped: tokens at the ends of its steps, time in proportion', () => {
    const books = new Collector()
    books.windowOpens(25)
    books.windowCloses(70)
    books.step(run)
    // Steps end at 30, 40, 50, 60 and 70.
    expect(books.totals).toMatchObject({ outputTokens: 15, decodeMs: 45 })
  })

  it('counts nothing before the window opens, and what ends as it opens belongs to before', () => {
    const books = new Collector()
    books.step({ ...run, endMs: 10, steps: 1 })
    books.windowOpens(20)
    books.step({ ...run, endMs: 20, steps: 2 })
    books.step({ ...run, startMs: 20, endMs: 30, steps: 1 })
    books.windowCloses(30)
    expect(books.totals).toMatchObject({ outputTokens: 3, decodeMs: 10 })
  })
})

describe('a multiplier', () => {
  it('is bounded by who starves', () => {
    const starving = { starvedShare: 0.11 }
    const busy = { starvedShare: 0.1 }
    expect(boundOf(busy, busy)).toBe('exact')
    expect(boundOf(starving, busy)).toBe('lower')
    expect(boundOf(busy, starving)).toBe('upper')
    expect(boundOf(starving, starving)).toBe('loadLimited')
  })

  it('is the ratio of tokens per GPU-second', () => {
    const slow = metricsOf(
      twoTurns({ cost: { ...cost, linearFlopsPerMs: 0.5, decodeRowMs: 18 }, requestOverheadMs: 0 }),
    )
    const fast = metricsOf(twoTurns({ requestOverheadMs: 0 }))
    // 490 ms against 260: all but the think time is twice as long.
    expect(multiplierOf(fast, slow).value).toBeCloseTo(490 / 260, 9)
  })
})
