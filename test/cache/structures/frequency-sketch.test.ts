import { describe, expect, it } from 'vitest'
import { FrequencySketch } from '../../../src/cache/structures/frequency-sketch.ts'

describe('frequency sketch', () => {
  it('never counts too few, up to 15, and seldom too many', () => {
    const sketch = new FrequencySketch(1000)
    for (let block = 0; block < 1000; block++) for (let i = 0; i <= block % 9; i++) sketch.add(block)
    let tooMany = 0
    for (let block = 0; block < 1000; block++) {
      expect(sketch.count(block)).toBeGreaterThanOrEqual((block % 9) + 1)
      if (sketch.count(block) > (block % 9) + 1) tooMany++
    }
    expect(tooMany).toBeLessThan(50)
    for (let i = 0; i < 100; i++) sketch.add(7)
    expect(sketch.count(7)).toBe(15)
  })

  it('halves all counts after ten additions per slot', () => {
    const sketch = new FrequencySketch(10)
    for (let i = 0; i < 12; i++) sketch.add(1)
    expect(sketch.count(1)).toBe(12)
    for (let i = 0; i < 88; i++) sketch.add(2)
    expect(sketch.count(1)).toBe(6)
    expect(sketch.count(2)).toBe(7)
  })
})
