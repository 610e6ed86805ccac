import { describe, expect, it } from 'vitest'
import { regularisedBeta, studentTCdf, studentTQuantile } from '../../src/statistics/student-t.ts'

describe("Student's t", () => {
  it.each([
    [0.975, 1, 12.706204736],
    [0.975, 2, 4.30265273],
    [0.975, 8, 2.306004135],
    [0.975, 16, 2.119905299],
    [0.975, 1000, 1.962339081],
    [0.95, 5, 2.015048373],
    [0.999, 3, 10.214531852],
  ])('has %d at the tabulated value, %d degrees of freedom', (probability, df, t) => {
    expect(studentTQuantile(probability, df)).toBeCloseTo(t, 7)
    expect(studentTQuantile(1 - probability, df)).toBeCloseTo(-t, 7)
    expect(studentTCdf(t, df)).toBeCloseTo(probability, 9)
  })

  it('has closed forms at 1 and 2 degrees of freedom', () => {
    for (const t of [-30, -2, -0.1, 0, 0.5, 3, 400]) {
      expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
      expect(studentTCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
    }
  })

  it('ends where it must', () => {
    expect(studentTQuantile(0.5, 7)).toBeCloseTo(0, 12)
    expect(studentTQuantile(1, 7)).toBe(Number.POSITIVE_INFINITY)
    expect(studentTQuantile(0, 7)).toBe(Number.NEGATIVE_INFINITY)
    expect([regularisedBeta(0, 2, 3), regularisedBeta(1, 2, 3)]).toEqual([0, 1])
  })
})
