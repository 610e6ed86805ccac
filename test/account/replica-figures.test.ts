import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { armMetrics } from '../../src/account/metrics.ts'
import { replicaFigures } from '../../src/account/replica-figures.ts'
import { emptyTotals, sumOfTotals, type WindowTotals } from '../../src/account/window-totals.ts'
import type { RequestFacts } from '../../src/plan/timeline.ts'

function totals(changes: Partial<WindowTotals>): WindowTotals {
  return { ...emptyTotals(1000, 3000), ...changes }
}

describe('totals of several replicas', () => {
  it('are the sums of every count and time, and all samples, over one window', () => {
    const numbers = Object.entries(emptyTotals(0, 0)).filter(([, value]) => typeof value === 'number')
    const part = (first: number): WindowTotals => {
      const counted = numbers.map(([key], i) => [key, first + i])
      return { ...totals(Object.fromEntries(counted)), ttftMs: [first], tpotMs: [first, 1], e2eMs: [] }
    }
    const sum = sumOfTotals([part(10), part(100), part(1000)], 5, 7)
    expect([sum.openMs, sum.closeMs]).toEqual([5, 7])
    numbers.forEach(([key], i) => {
      if (key !== 'openMs' && key !== 'closeMs') expect(sum[key as keyof WindowTotals], key).toBe(1110 + 3 * i)
    })
    expect([sum.ttftMs, sum.tpotMs, sum.e2eMs]).toEqual([[10, 100, 1000], [10, 1, 100, 1, 1000, 1], []])
  })

  it('of none are nothing', () => {
    expect(sumOfTotals([], 5, 7)).toEqual(emptyTotals(5, 7))
  })
})

describe('figures of each replica', () => {
  const busy = totals({
    outputTokens: 800,
    usefulPrefillMs: 200,
    redundantPrefillMs: 300,
    decodeMs: 500,
    stalledMs: 600,
    starvedMs: 400,
    promptTokens: 1000,
    hbmHitTokens: 500,
    dramHitTokens: 100,
    warehouseHitTokens: 200,
    ceilingTokens: 900,
    requestsEnded: 7,
    ttftMs: [300, 100, 200],
  })
  const starving = totals({ starvedMs: 2000 })

  it('by hand: two seconds of a replica of four GPUs', () => {
    expect(replicaFigures([busy, starving], 4)).toEqual([
      {
        tokensPerGpuSecond: 100,
        hitRate: 0.8,
        ceilingHitRate: 0.9,
        busyShare: 0.5,
        stalledShare: 0.3,
        starvedShare: 0.2,
        ttftP50Ms: 200,
        ttftP95Ms: expect.closeTo(290, 9),
        requests: 7,
      },
      {
        tokensPerGpuSecond: 0,
        hitRate: 0,
        ceilingHitRate: 0,
        busyShare: 0,
        stalledShare: 0,
        starvedShare: 1,
        ttftP50Ms: null,
        ttftP95Ms: null,
        requests: 0,
      },
    ])
  })

  it('have the arm’s as their mean', () => {
    const arm = armMetrics(sumOfTotals([busy, starving], 1000, 3000), 2, 4)
    const mean = (key: 'tokensPerGpuSecond' | 'busyShare' | 'starvedShare'): number => {
      const [first, second] = replicaFigures([busy, starving], 4)
      return (first![key] + second![key]) / 2
    }
    for (const key of ['tokensPerGpuSecond', 'busyShare', 'starvedShare'] as const) expect(arm[key]).toBe(mean(key))
    expect(arm).toMatchObject({ gpus: 8, tokensPerSecond: 400, tokensPerGpuSecond: 50 })
  })
})

describe('the collector', () => {
  it('keeps the books of each replica, of those too that a window finds idle', () => {
    const collector = new Collector()
    collector.idle(0, 0, 100, 'starved')
    collector.windowOpens(50)
    const request: RequestFacts = {
      replica: 2,
      turn: 0,
      promptTokens: 10,
      outputTokens: 3,
      hbmHitTokens: 4,
      dramHitTokens: 0,
      warehouseHitTokens: 1,
      ceilingTokens: 6,
      arrivalMs: 40,
      firstTokenMs: 60,
    }
    collector.admitted(request)
    collector.firstToken(request)
    collector.ended(request, 80)
    collector.windowCloses(90)
    const { replicas } = collector
    expect(replicas).toHaveLength(3)
    expect(replicas[0]).toEqual(emptyTotals(50, 90))
    expect(replicas[1]).toEqual(emptyTotals(50, 90))
    expect(replicas[2]).toMatchObject({ promptTokens: 10, requestsEnded: 1, ttftMs: [20], tpotMs: [10], e2eMs: [40] })
    expect(collector.totals).toEqual(sumOfTotals(replicas, 50, 90))
  })
})
