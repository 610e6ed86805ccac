import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leftWords, openSteadyLeft, openTimeLeft } from '../../../src/commands/progress/time-left.ts'

/** Steps of equal work that take `stepMs` each. @returns after each step: what was estimated and what was left in truth */
function told(stepsMs: readonly number[]) {
  const left = openTimeLeft(0)
  const totalMs = stepsMs.reduce((sum, ms) => sum + ms, 0)
  let nowMs = 0
  return stepsMs.map((ms, i) => {
    nowMs += ms
    left.observe(nowMs, i + 1)
    return { nowMs, estimateMs: left.leftMs(nowMs, stepsMs.length - i - 1), trueMs: totalMs - nowMs, totalMs }
  })
}

function repeated(ms: number, times: number): number[] {
  return Array.from({ length: times }, () => ms)
}

describe('the time left', () => {
  it('is the truth where work goes on evenly', () => {
    for (const { estimateMs, trueMs } of told(repeated(500, 40)).slice(3)) expect(estimateMs).toBeCloseTo(trueMs, 6)
  })

  it('is not told before there is something to go on', () => {
    const estimates = told(repeated(100, 40)).map(({ estimateMs }) => estimateMs)
    // Four steps, and a second.
    expect(estimates.findIndex((estimateMs) => estimateMs !== undefined)).toBe(9)
    expect(openTimeLeft(0).leftMs(5000, 1)).toBeUndefined()
  })

  it('forgets a slow start', () => {
    const steps = told([...repeated(2000, 5), ...repeated(200, 95)])
    const half = steps.find(({ nowMs, totalMs }) => nowMs > 0.7 * totalMs)!
    expect(half.estimateMs! / half.trueMs).toBeGreaterThan(0.8)
    expect(half.estimateMs! / half.trueMs).toBeLessThan(1.25)
  })

  it('is right within a half once a third is done where a slow calibration goes before', () => {
    for (const calibration of [repeated(3000, 3), [9000], repeated(1000, 9), repeated(4500, 2)]) {
      for (const { estimateMs, nowMs, trueMs, totalMs } of told([...calibration, ...repeated(500, 60)])) {
        if (nowMs < totalMs / 3 || trueMs === 0) continue
        expect(Math.abs(estimateMs! / trueMs - 1)).toBeLessThan(0.5)
      }
    }
  })

  it('follows a pace that slows down', () => {
    const steps = told([...repeated(100, 100), ...repeated(1000, 40)])
    const { estimateMs, trueMs } = steps.find(({ nowMs, totalMs }) => nowMs >= totalMs / 2)!
    expect(Math.abs(estimateMs! / trueMs - 1)).toBeLessThan(0.5)
  })

  it('is right within a half once a third is done, however unequal the steps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 800, max: 1200 }), { minLength: 30, maxLength: 120 }),
        fc.constantFrom(1, 1.4, 0.7),
        (steps, slowStart) => {
          const changed = steps.map((ms, i) => (i < steps.length / 6 ? ms * slowStart : ms))
          for (const { estimateMs, nowMs, trueMs, totalMs } of told(changed)) {
            if (nowMs < totalMs / 3 || trueMs === 0) continue
            expect(estimateMs).toBeGreaterThan(0.5 * trueMs)
            expect(estimateMs).toBeLessThan(1.5 * trueMs)
          }
        },
      ),
    )
  })

  it('counts down while nothing is done', () => {
    const left = openTimeLeft(0)
    for (let step = 1; step <= 10; step++) left.observe(step * 1000, step)
    expect(left.leftMs(10_000, 5)).toBe(5000)
    expect(left.leftMs(10_400, 5)).toBe(4600)
    expect(left.leftMs(60_000, 5)).toBe(0)
  })
})

describe('the time left that is shown', () => {
  it('never doubles between two updates', () => {
    const steady = openSteadyLeft()
    expect(steady.at(0, undefined)).toBeUndefined()
    expect(steady.at(0, 20_000)).toBe(20_000)
    expect(steady.at(1000, undefined)).toBe(19_000)
    expect(steady.at(2000, 90_000)).toBeCloseTo(18_000 * 1.4, 6)
    expect(steady.at(2000, 1000)).toBeCloseTo(18_000 * 1.4 * 0.5, 6)
  })

  it('does not double between two updates while the pace is steady, nor when a slow start is forgotten', () => {
    const steady = openSteadyLeft()
    const steps = told([...repeated(2000, 5), ...repeated(200, 95)])
    const shown = steps.map(({ nowMs, estimateMs }) => steady.at(nowMs, estimateMs))
    for (const [i, leftMs] of shown.entries()) {
      const before = shown[i - 1]
      if (before !== undefined && before > 0) expect(leftMs).toBeLessThan(2 * before)
    }
  })

  it('grows again where it had been counted down to nothing', () => {
    const steady = openSteadyLeft()
    steady.at(0, 2000)
    expect(steady.at(5000, 8000)).toBe(8000)
  })

  it('is told in whole seconds, and in minutes where it is long', () => {
    expect([leftWords(0), leftWords(11_200), leftWords(200_000)]).toEqual(['1 s left', '12 s left', '3 min left'])
  })
})
