import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import { sliceNoise } from '../../src/statistics/slice-noise.ts'

const sd = 0.08
const count = 24

/** Slices with noise of a known size, and a cost model that is off by an amount that drifts. */
function slices(drift: number, seed: number) {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, k) => ({
    baseline: Math.exp(sd * random.normal() + drift * Math.sin(k / 6)),
    arm: Math.exp(sd * random.normal() - drift * Math.sin(k / 6)),
  }))
}

function typical(drift: number): number {
  const values = Array.from({ length: 400 }, (_, seed) => sliceNoise(slices(drift, seed))! ** 2)
  return Math.sqrt(values.reduce((sum, one) => sum + one, 0) / values.length)
}

describe('sliceNoise', () => {
  it('is the noise of the ratio over all slices', () => {
    const truth = (sd * Math.SQRT2) / Math.sqrt(count)
    expect(typical(0) / truth).toBeGreaterThan(0.95)
    expect(typical(0) / truth).toBeLessThan(1.05)
  })

  it('hardly grows with what the cost model gets wrong slowly, and never shrinks', () => {
    expect(typical(0.1) / typical(0)).toBeGreaterThan(0.98)
    expect(typical(0.1) / typical(0)).toBeLessThan(1.1)
  })

  it('is nothing from three slices', () => {
    expect(sliceNoise(slices(0, 1).slice(0, 3))).toBeNull()
  })
})
