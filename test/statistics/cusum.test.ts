import { describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../src/random.ts'
import { cusumThresholds, levelChange } from '../../src/statistics/cusum.ts'

/** Nights of a shared machine: normal noise of 2 %, one in twenty three times as far off. */
function nights(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => 0.02 * random.normal() * (random.next() < 0.05 ? 3 : 1))
}

/** The night on which a mark is made, watching night by night. */
function firstMark(series: readonly number[], threshold: number, from = 16): number | undefined {
  for (let night = from; night <= series.length; night++) {
    if (levelChange(series.slice(0, night), threshold) !== undefined) return night
  }
  return undefined
}

describe('CUSUM on robust scores', () => {
  test.each([
    ['headline', cusumThresholds.headline, 0.1],
    ['a dozen', cusumThresholds.dozen, 0.06],
  ])('marks few quiet series of 100 nights: %s', (_, threshold, most) => {
    const random = seededRandom(21)
    const series = Array.from({ length: 300 }, () => nights(random, 100))
    const marked = series.filter((one) => firstMark(one, threshold) !== undefined)
    expect(marked.length / series.length).toBeLessThanOrEqual(most)
  })

  test.each([
    ['headline', cusumThresholds.headline, 0.9],
    ['a dozen', cusumThresholds.dozen, 0.75],
  ])('finds a step of 10 % within seven nights: %s', (_, threshold, least) => {
    const random = seededRandom(22)
    const runs = 300
    let found = 0
    for (let run = 0; run < runs; run++) {
      const series = [...nights(random, 40), ...nights(random, 7).map((value) => value + Math.log(1.1))]
      if (firstMark(series, threshold, 41) !== undefined) found++
    }
    expect(found / runs).toBeGreaterThanOrEqual(least)
  })

  test('dates a step, and says how far it goes', () => {
    const random = seededRandom(23)
    const series = [...nights(random, 50), ...nights(random, 8).map((value) => value - Math.log(1.1))]
    const change = levelChange(series, cusumThresholds.headline)!
    expect(Math.abs(change.at - 50)).toBeLessThanOrEqual(1)
    expect(change.step).toBeCloseTo(-Math.log(1.1), 1)
  })

  test('says nothing of fewer than 16 points', () => {
    const series = [...new Array<number>(8).fill(0), ...new Array<number>(7).fill(1)]
    expect(levelChange(series, cusumThresholds.headline)).toBeUndefined()
    expect(levelChange([0, ...series], cusumThresholds.headline)).toBeDefined()
  })

  test('a single wild night marks nothing', () => {
    const random = seededRandom(24)
    expect(levelChange([...nights(random, 40), 3], cusumThresholds.headline)).toBeUndefined()
  })
})
