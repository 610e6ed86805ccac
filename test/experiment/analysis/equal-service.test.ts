import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalService } from '../../../src/experiment/analysis/equal-service.ts'
import type { KneePoint } from '../../../src/experiment/sweep/knee.ts'

type Times = readonly [tokensPerGpuSecond: number, ttftP95Ms: number | null, tpotP95Ms: number | null]

const slo = { text: 'ttft=2s,tpot=100ms', ttftMs: 2000, tpotMs: 100 }

function point(sessionsPerReplica: number, arms: Record<string, Times>): KneePoint {
  const shares = { hitRate: 0, ceilingHitRate: 0, redundantPrefillOverhead: 0 }
  const time = { busyShare: 1, stalledShare: 0, starvedShare: 0 }
  return {
    scale: 'target',
    router: 'session-affine',
    sessionsPerReplica,
    multiplier: {},
    arms: Object.fromEntries(
      Object.entries(arms).map(([name, [tokensPerGpuSecond, ttftP95Ms, tpotP95Ms]]) => [
        name,
        { tokensPerGpuSecond, ...shares, ...time, ttftP50Ms: null, ttftP95Ms, tpotP50Ms: null, tpotP95Ms },
      ]),
    ),
  }
}

/** One arm over loads 1, 2, 4, 8 … */
function alone(...times: Times[]): KneePoint[] {
  return times.map((figures, i) => point(2 ** i, { warehouse: figures }))
}

function serviceOf(points: readonly KneePoint[]) {
  return equalService(points, slo, 8).arms.warehouse!
}

describe('equal service', () => {
  it('lies where TTFT reaches its limit on the way to the next load', () => {
    // From 1,000 to 5,000 ms, the limit of 2,000 is a quarter of the way: load 2 + 0.25 × 2, 60 + 0.25 × 40.
    expect(serviceOf(alone([50, 500, 20], [60, 1000, 30], [100, 5000, 40]))).toEqual({
      tokensPerGpuSecond: 70,
      sessionsPerReplica: 2.5,
      isHighestTried: false,
      brokenBelow: [],
    })
  })

  it.each<[string, Times, number]>([
    ['TPOT alone is broken', [100, 1000, 160], 0.5],
    ['TPOT breaks before TTFT', [100, 3000, 200], 0.375],
    ['TTFT breaks before TPOT', [100, 9000, 100.001], 0.125],
    ['no token came at all', [0, null, null], 0],
  ])('%s: the limit that breaks first decides', (_title, next, share) => {
    const found = serviceOf(alone([60, 1000, 40], next))
    expect(found.sessionsPerReplica).toBeCloseTo(1 + share, 9)
    expect(found.tokensPerGpuSecond).toBeCloseTo(60 + share * (next[0] - 60), 9)
  })

  it('agrees with walking there in small steps', () => {
    const times = fc.tuple(
      fc.double({ min: 1, max: 900, noNaN: true }),
      fc.double({ min: 10, max: 6000, noNaN: true }),
      fc.double({ min: 1, max: 300, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 6 }), (drawn) => {
        const points = alone(...drawn)
        const { sessionsPerReplica, tokensPerGpuSecond } = serviceOf(points)
        const steps = 4000
        let walked: { load: number; rate: number } | undefined
        const last = points.findLastIndex((_, i) => keeps(drawn[i]!))
        for (let step = 0; last >= 0 && step <= steps; step++) {
          const share = step / steps
          const [from, to] = [drawn[last]!, drawn[last + 1] ?? drawn[last]!]
          const at = [0, 1, 2].map((k) => from[k]! + share * (to[k]! - from[k]!)) as unknown as Times
          if (keeps(at)) walked = { load: 2 ** last * (drawn[last + 1] ? 1 + share : 1), rate: at[0] }
        }
        if (walked === undefined) expect(sessionsPerReplica).toBeNull()
        else {
          expect(Math.abs(sessionsPerReplica! - walked.load)).toBeLessThan(0.001 * walked.load)
          expect(Math.abs(tokensPerGpuSecond! - walked.rate)).toBeLessThan(0.5)
        }
      }),
      { seed: 51, numRuns: 100 },
    )
  })

  it('takes the highest load that keeps it, and names the lower ones that do not', () => {
    const found = serviceOf(alone([10, 3000, 20], [20, 1000, 20], [30, 2500, 20], [40, 1900, 100], [50, 2100, 100]))
    expect(found.sessionsPerReplica).toBeCloseTo(12, 9)
    expect(found.tokensPerGpuSecond).toBeCloseTo(45, 9)
    expect(found.brokenBelow).toEqual([1, 4])
  })

  it('kept at the highest load tried: there may be a higher one', () => {
    expect(serviceOf(alone([10, 500, 20], [20, 2000, 100]))).toEqual({
      tokensPerGpuSecond: 20,
      sessionsPerReplica: 2,
      isHighestTried: true,
      brokenBelow: [],
    })
  })

  it('kept at no load is none, and so is one without a first token', () => {
    const none = { tokensPerGpuSecond: null, sessionsPerReplica: null, isHighestTried: false, brokenBelow: [] }
    expect(serviceOf(alone([10, 2001, 20], [20, 1000, 101]))).toEqual(none)
    expect(serviceOf(alone([10, null, 20]))).toEqual(none)
    expect(serviceOf(alone([10, 500, null]))).toEqual(none)
  })
})

describe('multipliers and GPU equivalents at equal service', () => {
  it('compare each arm at its own load with the baseline at its own', () => {
    const points = [
      point(1, { 'hbm-only': [20, 1000, 20], warehouse: [30, 100, 20], 'infinite-cache': [30, 100, 20] }),
      point(2, { 'hbm-only': [10, 3000, 20], warehouse: [60, 200, 20], 'infinite-cache': [80, 100, 20] }),
    ]
    const { multiplier, gpuEquivalents } = equalService(points, slo, 8)
    // Half of the way from 20 to 10.
    expect(multiplier).toEqual({ warehouse: 4, 'infinite-cache': 80 / 15 })
    expect(gpuEquivalents).toEqual({ warehouse: 32, 'infinite-cache': (80 / 15) * 8 })
  })

  it('are none where one of the two keeps it nowhere', () => {
    const broken: Times = [20, 5000, 20]
    const kept: Times = [20, 1000, 20]
    const baselineBroken = equalService([point(1, { 'hbm-only': broken, warehouse: kept })], slo, 8)
    expect([baselineBroken.multiplier, baselineBroken.gpuEquivalents]).toEqual([
      { warehouse: null },
      { warehouse: null },
    ])
    const armBroken = equalService([point(1, { 'hbm-only': kept, warehouse: broken })], slo, 8)
    expect([armBroken.multiplier, armBroken.gpuEquivalents]).toEqual([{ warehouse: null }, { warehouse: null }])
  })

  it('are left out without a baseline, and without points there is nothing', () => {
    const { arms, multiplier, gpuEquivalents } = equalService(alone([10, 500, 20]), slo, 8)
    expect(Object.keys(arms)).toEqual(['warehouse'])
    expect([multiplier, gpuEquivalents]).toEqual([{}, {}])
    expect(equalService([], slo, 8)).toEqual({ slo, arms: {}, multiplier: {}, gpuEquivalents: {} })
  })
})

function keeps([, ttft, tpot]: Times): boolean {
  return ttft !== null && tpot !== null && ttft <= slo.ttftMs && tpot <= slo.tpotMs
}
