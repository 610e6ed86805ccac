import { describe, expect, it } from 'vitest'
import { roughly, sweepWords } from '../../../src/commands/progress/sweep-words.ts'

describe('what a sweep will take', () => {
  it('is told before it starts', () => {
    const grid = { points: 48, arms: 5, sweepMs: 39_000, wholeMs: 118_000 }
    expect(sweepWords(grid)).toBe('48 points × 5 arms: about 40 s, the whole run about 2 min.')
    expect(sweepWords({ ...grid, points: 1, arms: 1 })).toMatch(/^1 point × 1 arm: /)
  })

  it('is not worth a line where it is done in a moment', () => {
    expect(sweepWords({ points: 2, arms: 2, sweepMs: 900, wholeMs: 4900 })).toBeUndefined()
  })

  it('is told roughly', () => {
    expect([400, 9200, 12_000, 88_000, 93_000, 600_000].map(roughly)).toEqual([
      '1 s',
      '10 s',
      '10 s',
      '90 s',
      '2 min',
      '10 min',
    ])
  })
})
