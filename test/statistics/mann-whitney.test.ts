import { normal } from 'jstat'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import { mannWhitney, splitDistance } from '../../src/statistics/mann-whitney.ts'

/** All ways to choose n of the values, by brute force. */
function naiveP(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second]
  const uOf = (chosen: readonly number[], others: readonly number[]): number =>
    chosen.flatMap((a) => others.map((b) => (Math.sign(a - b) + 1) / 2)).reduce((sum, pair) => sum + pair, 0)
  const middle = (first.length * second.length) / 2
  const distance = Math.abs(uOf(second, first) - middle)
  let extreme = 0
  let splits = 0
  for (let bits = 0; bits < 1 << all.length; bits++) {
    const chosen = all.filter((_, i) => (bits >> i) & 1)
    if (chosen.length !== second.length) continue
    splits++
    const others = all.filter((_, i) => !((bits >> i) & 1))
    if (Math.abs(uOf(chosen, others) - middle) >= distance - 1e-9) extreme++
  }
  return extreme / splits
}

describe('the rank-sum test of Mann and Whitney', () => {
  test('is what counting every split gives, with ties and without', () => {
    const random = seededRandom(11)
    for (let run = 0; run < 40; run++) {
      const draw = (): number => (run % 2 === 0 ? random.next() : random.integer(5))
      const first = Array.from({ length: 1 + random.integer(5) }, draw)
      const second = Array.from({ length: 1 + random.integer(5) }, draw)
      expect(mannWhitney(first, second).p).toBeCloseTo(naiveP(first, second), 10)
    }
  })

  test('cannot go under 0.1 at three against three, nor 0.008 at five against five', () => {
    expect(mannWhitney([1, 2, 3], [4, 5, 6])).toEqual({ u: 9, p: 0.1, attainableP: 0.1 })
    const five = mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])
    expect(five.p).toBeCloseTo(2 / 252, 12)
    expect(five.attainableP).toBeCloseTo(2 / 252, 12)
    expect(mannWhitney([1, 2, 3], [9]).attainableP).toBe(0.5)
  })

  test('beyond small samples is the normal distribution of U', () => {
    // 21 against 21 without ties: U has mean 220.5 and variance 21 × 21 × 43 ÷ 12.
    const first = Array.from({ length: 21 }, (_, i) => 2 * i)
    const second = Array.from({ length: 21 }, (_, i) => 2 * i + 9)
    const { u, p } = mannWhitney(first, second)
    const z = (Math.abs(u - 220.5) - 0.5) / Math.sqrt((21 * 21 * 43) / 12)
    expect(p).toBeCloseTo(2 * normal.cdf(-z, 0, 1), 6)
  })

  test('large samples without a shift: p under 0.05 in 5 of 100', () => {
    const random = seededRandom(8)
    let rejected = 0
    for (let run = 0; run < 1000; run++) {
      const sample = (): number[] => Array.from({ length: 25 }, () => random.normal())
      if (mannWhitney(sample(), sample()).p < 0.05) rejected++
    }
    expect(rejected / 1000).toBeGreaterThan(0.03)
    expect(rejected / 1000).toBeLessThan(0.07)
  })

  test('values that are all equal show nothing', () => {
    expect(mannWhitney([1, 1, 1], [1, 1]).p).toBe(1)
    expect(mannWhitney(new Array<number>(30).fill(1), new Array<number>(30).fill(1)).p).toBe(1)
  })

  test('a step is farthest apart where it is', () => {
    const series = [0, 0.1, -0.1, 0.05, 1, 1.1, 0.9]
    const best = [1, 2, 3, 4, 5, 6].sort((a, b) => splitDistance(series, b) - splitDistance(series, a))[0]
    expect(best).toBe(4)
  })
})
