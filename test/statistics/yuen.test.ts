import { studentt } from 'jstat'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import { studentTCdf, studentTQuantile } from '../../src/statistics/student-t.ts'
import { trimmedMean } from '../../src/statistics/yuen.ts'

test("our Student's t is jstat's", () => {
  for (const df of [1, 2, 7, 16, 71, 119]) {
    for (const t of [-5, -1.3, 0.2, 2.1, 4]) expect(studentTCdf(t, df)).toBeCloseTo(studentt.cdf(t, df), 8)
    for (const p of [0.025, 0.3, 0.95, 0.99]) expect(studentTQuantile(p, df)).toBeCloseTo(studentt.inv(p, df), 6)
  }
})

describe("Yuen's trimmed t", () => {
  const sample = [77, 87, 88, 114, 151, 210, 219, 246, 253, 262, 296, 299, 306, 376, 428, 515, 666, 1310, 2611]

  test('has the published values of the self-awareness data (Wilcox, 3.3 and 4.3)', () => {
    const { mean, standardError, degreesOfFreedom, halfWidth } = trimmedMean(sample)
    expect(mean).toBeCloseTo(282.7, 1)
    expect(standardError).toBeCloseTo(56.1, 1)
    expect(degreesOfFreedom).toBe(12)
    expect([mean - halfWidth, mean + halfWidth].map(Math.round)).toEqual([160, 405])
  })

  test('an outlier does not move it, and a shift moves it by itself', () => {
    const far = sample.map((value) => (value === 2611 ? 1e9 : value))
    expect(trimmedMean(far)).toEqual(trimmedMean(sample))
    expect(trimmedMean(sample.map((value) => value + 5)).mean).toBeCloseTo(trimmedMean(sample).mean + 5, 9)
  })

  test('what does not vary is certain', () => {
    expect(trimmedMean(new Array<number>(24).fill(0)).pAbove).toBe(1)
    expect(trimmedMean(new Array<number>(24).fill(0.1)).pAbove).toBeLessThan(1e-100)
  })

  test('says p < 0.05 in 5 of 100 samples without a shift, heavy tails or not, and its interval covers 95', () => {
    const random = seededRandom(3)
    for (const tail of [0, 0.1]) {
      let rejected = 0
      let covered = 0
      const runs = 2000
      for (let run = 0; run < runs; run++) {
        const values = Array.from({ length: 48 }, () => random.normal() * (random.next() < tail ? 10 : 1))
        const { mean, pAbove, halfWidth } = trimmedMean(values)
        if (pAbove < 0.05) rejected++
        if (Math.abs(mean) < halfWidth) covered++
      }
      expect(rejected / runs).toBeGreaterThan(0.035)
      expect(rejected / runs).toBeLessThan(0.065)
      expect(covered / runs).toBeGreaterThan(0.935)
      expect(covered / runs).toBeLessThan(0.97)
    }
  })
})
