import { expect, test } from 'vitest'
import { bestAgainstBest, kneeOf, type SweepResult } from '../../src/experiment/sweep/knee.ts'
import { answerOf } from '../../src/statistics/answer-interval.ts'

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

test('joins draws to ratios of means with their interval and range, in order of load', () => {
  const knee = kneeOf([point(8, 1, 10, 30), point(1, 1, 5, 5, 0.8), point(8, 2, 30, 60), point(1, 2, 5, 5, 0.8)])
  expect(knee.map(({ sessionsPerReplica }) => sessionsPerReplica)).toEqual([1, 8])
  const rates = [
    { arm: 30, baseline: 10 },
    { arm: 60, baseline: 30 },
  ]
  // 3 and 2; the mean throughputs are 45 and 20.
  const { value, low, high } = answerOf(rates, [])
  expect(value).toBeCloseTo(2.25, 12)
  expect(knee[1]!.multiplier.warehouse).toEqual({ mean: value, low, high, min: 2, max: 3, bound: 'exact' })
  expect(low! * high!).toBeCloseTo(value ** 2, 9)
  expect(knee[0]!.multiplier.warehouse!.bound).toBe('loadLimited')
  expect(knee[1]!.arms['hbm-only']!.tokensPerGpuSecond).toBe(20)
})

test('one draw has no interval', () => {
  const [only] = kneeOf([point(8, 1, 10, 30)])
  expect(only!.multiplier.warehouse).toEqual({
    mean: expect.closeTo(3, 12),
    low: null,
    high: null,
    min: 3,
    max: 3,
    bound: 'exact',
  })
})

test('no memory is drawn above the ceiling, and its interval still holds what is drawn', () => {
  const draw = (seed: number, warehouse: number, ceiling: number): SweepResult => {
    const one = point(8, seed, 10, warehouse)
    return { ...one, arms: { ...one.arms, 'infinite-cache': { ...one.arms.warehouse!, tokensPerGpuSecond: ceiling } } }
  }
  const [only] = kneeOf([draw(1, 30, 29), draw(2, 31, 29)])
  const { warehouse, 'infinite-cache': ceiling } = only!.multiplier
  expect(ceiling!.mean).toBe(warehouse!.mean)
  expect(ceiling!.high).toBeGreaterThanOrEqual(ceiling!.mean)
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
