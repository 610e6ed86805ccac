import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerDraws,
  answerWindow,
  besideWindow,
  drawSeeds,
  settledPerSeat,
  settleRequestsOf,
} from '../../../src/experiment/draws/window.ts'
import type { Load } from '../../../src/plan/plan-input.ts'

const closed = (seats: number, start: 'warm' | 'cold', timeScale = 1): Load => ({
  kind: 'closed',
  seats,
  start,
  timeScale,
  thinkCapMs: 1000,
})

describe('draws of a run', () => {
  it('begin with the run’s own seed', () => {
    expect(drawSeeds(7, 1)).toEqual([7])
    expect(drawSeeds(7, 20)[0]).toBe(7)
    expect(drawSeeds(7, 3)).toEqual(drawSeeds(7, 20).slice(0, 3))
  })

  it('are shared by no two runs with neighbouring seeds', () => {
    const runs = Array.from({ length: 1000 }, (_, seed) => drawSeeds(seed, 20)).flat()
    expect(new Set(runs).size).toBe(runs.length)
    expect(runs.every(Number.isSafeInteger)).toBe(true)
  })

  it('are so many that all windows together hold enough, and never fewer than five', () => {
    expect(answerDraws(32)).toBe(20)
    expect([answerDraws(100), answerDraws(200), answerDraws(400), answerDraws(100_000)]).toEqual([20, 10, 5, 5])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seats) => {
        const draws = answerDraws(seats)
        expect(draws).toBeGreaterThanOrEqual(5)
        expect(draws).toBeLessThanOrEqual(20)
        expect(draws * answerWindow(seats)).toBeGreaterThanOrEqual(20 * 2000)
      }),
      { seed: 7 },
    )
  })
})

describe('a planned window', () => {
  it('depends on the seats alone, and holds twenty requests of every seat at least', () => {
    expect([answerWindow(1), answerWindow(100), answerWindow(101), answerWindow(256)]).toEqual([2000, 2000, 2020, 5120])
    expect([besideWindow(1), besideWindow(25), besideWindow(26)]).toEqual([500, 500, 520])
    // A machine of another speed has other think times and other steps, never another window.
    for (const timeScale of [0.001, 1, 50])
      expect(settleRequestsOf(closed(32, 'warm', timeScale))).toBe(settledPerSeat * 32)
  })

  it('opens after eight requests of every seat in a warm closed loop, and after one of each elsewhere', () => {
    expect(settledPerSeat).toBe(8)
    expect(settleRequestsOf(closed(32, 'warm'))).toBe(256)
    expect(settleRequestsOf(closed(32, 'cold'))).toBeUndefined()
    expect(settleRequestsOf({ kind: 'backlog', inFlightPerReplica: 4 })).toBeUndefined()
    expect(settleRequestsOf({ kind: 'timed', arrivalsMs: Float64Array.of(1), timeScale: 1 })).toBeUndefined()
  })
})
