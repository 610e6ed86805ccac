import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import { seedSpread } from '../../src/statistics/seed-spread.ts'

describe('the spread over seeds', () => {
  it('is median and range, with the probability of the range', () => {
    expect(seedSpread([3, 1, 2, 5, 4])).toEqual({ seeds: 5, median: 3, min: 1, max: 5, coverageRatio: 4 / 6 })
    expect(seedSpread([1.5]).coverageRatio).toBe(0)
    expect(() => seedSpread([])).toThrow('needs a seed')
  })

  it.each([5, 20])('holds a new draw as often as it says, %i seeds', (seeds) => {
    const random = seededRandom(seeds)
    const draw = (): number => random.logNormal(1, 0.7)
    let inside = 0
    for (let trial = 0; trial < 4000; trial++) {
      const { min, max } = seedSpread(Array.from({ length: seeds }, draw))
      const next = draw()
      if (next >= min && next <= max) inside++
    }
    expect(Math.abs(inside / 4000 - (seeds - 1) / (seeds + 1))).toBeLessThan(0.03)
  })
})
