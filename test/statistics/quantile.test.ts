import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile, quantiles } from '../../src/statistics/quantile.ts'

describe('quantiles of a sample', () => {
  it('are linear between order statistics, as in NumPy', () => {
    expect(quantiles([4, 1, 3, 2], [0, 0.25, 0.5, 0.9, 1])).toEqual([1, 1.75, 2.5, 3.7, 4])
    expect(quantile([7], 0.3)).toBe(7)
  })

  it('lie in the sample’s range, and rise with the share', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
    const shares = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(numbers, shares, (sample, [a, b]) => {
        const [low, high] = quantiles(sample, [Math.min(a, b), Math.max(a, b)])
        const slack = 1e-9
        expect(
          low! <= high! + slack && low! >= Math.min(...sample) - slack && high! <= Math.max(...sample) + slack,
        ).toBe(true)
      }),
      { seed: 1 },
    )
  })

  it('need a sample and a share', () => {
    expect(() => quantile([], 0.5)).toThrow('needs a sample')
    expect(() => quantile([1], 50)).toThrow('is a share')
  })
})
