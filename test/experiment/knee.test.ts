import { expect, test } from 'vitest'
import { bestAgainstBest, kneeOf, type SweepResult } from '../../src/experiment/sweep/knee.ts'

function point(
  sessionsPerReplica: number,
  seed: number,
  baseline: number,
  warehouse: number,
  starved = 0,
): SweepResult {
  const figures = (tokensPerGpuSecond: number) => ({
    tokensPerGpuSecond,
    hitRate: 0.5,
    ceilingHitRate: 0.9,
    redundantPrefillOverhead: 0.2,
    busyShare: 1 - starved,
    stalledShare: 0,
    starvedShare: starved,
    ttftP50Ms: null,
    ttftP95Ms: 900,
    tpotP50Ms: null,
    tpotP95Ms: null,
  })
  const arms = { 'hbm-only': figures(baseline), warehouse: figures(warehouse) }
  return { scale: 'target', router: 'session-affine', sessionsPerReplica, seed, arms }
}

test('joins draws to a ratio of means with its interval and range, in order of load', () => {
  const knee = kneeOf([point(8, 1, 10, 30), point(1, 1, 5, 5, 0.8), point(8, 2, 10, 20), point(1, 2, 5, 5, 0.8)])
  expect(knee.map(({ sessionsPerReplica }) => sessionsPerReplica)).toEqual([1, 8])
  const { low, high, ...figure } = knee[1]!.multiplier.warehouse!
  expect(figure).toEqual({ mean: 2.5, min: 2, max: 3, bound: 'exact' })
  expect(low).toBeLessThan(2.5)
  expect(high).toBeGreaterThan(2.5)
  expect(knee[0]!.multiplier.warehouse!.bound).toBe('loadLimited')
  expect(knee[1]!.arms['hbm-only']!.tokensPerGpuSecond).toBe(10)
})

test('best against best takes each arm at its own best load', () => {
  const knee = kneeOf([point(4, 1, 40, 44), point(8, 1, 20, 60), point(16, 1, 10, 50)])
  expect(bestAgainstBest(knee, 'session-affine').target!.warehouse).toEqual({
    value: 1.5,
    sessionsPerReplica: 8,
    baselineSessionsPerReplica: 4,
  })
  expect(bestAgainstBest(knee, 'round-robin')).toEqual({})
})
