import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import { halfWidthOf, jackknife, ratioOfMeans } from '../../src/statistics/jackknife.ts'
import { studentTQuantile } from '../../src/statistics/student-t.ts'

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length

describe('jackknife', () => {
  it('is the standard error of the mean where the figure is a mean', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6]
    const center = mean(values)
    const variance = values.reduce((sum, one) => sum + (one - center) ** 2, 0) / (values.length - 1)
    const drawn = jackknife(values, mean)
    expect(drawn.value).toBe(center)
    expect(drawn.standardError).toBeCloseTo(Math.sqrt(variance / values.length), 12)
    expect(halfWidthOf(drawn)).toBeCloseTo(studentTQuantile(0.975, 7) * drawn.standardError!, 12)
  })

  it('leaves one draw open', () => {
    const drawn = jackknife([2], mean)
    expect(drawn.standardError).toBeNull()
    expect(halfWidthOf(drawn)).toBeNull()
  })

  it('covers a ratio of means of correlated, skewed throughputs in 93 of 100 at least', () => {
    const random = seededRandom('ratio of means')
    const runs = 1000
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const draws = Array.from({ length: 20 }, () => {
        const shared = random.normal()
        return {
          baseline: Math.exp(0.25 * shared + 0.1 * random.normal()),
          arm: 2 * Math.exp(0.1 * shared + 0.05 * random.normal()),
        }
      })
      const truth = (2 * Math.exp((0.1 ** 2 + 0.05 ** 2) / 2)) / Math.exp((0.25 ** 2 + 0.1 ** 2) / 2)
      const drawn = jackknife(draws, (some) => Math.log(ratioOfMeans(some)))
      if (Math.abs(drawn.value - Math.log(truth)) <= halfWidthOf(drawn)!) covered++
    }
    expect(covered / runs).toBeGreaterThan(0.93)
    expect(covered / runs).toBeLessThan(0.98)
  })
})
