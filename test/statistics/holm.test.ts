import { expect, test } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import { holmAdjusted } from '../../src/statistics/holm.ts'

test('steps down: the smallest counts for all, the next for all but one; never smaller than the one before', () => {
  expect(holmAdjusted([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1])
  expect(holmAdjusted([0.02])).toEqual([0.02])
  expect(holmAdjusted([])).toEqual([])
})

test('rejects anything at all in at most 5 of 100 families without an effect', () => {
  const random = seededRandom(5)
  const families = 4000
  let wrong = 0
  for (let i = 0; i < families; i++) {
    const adjusted = holmAdjusted(Array.from({ length: 6 }, () => random.next()))
    if (Math.min(...adjusted) < 0.05) wrong++
  }
  expect(wrong / families).toBeLessThan(0.058)
  expect(wrong / families).toBeGreaterThan(0.038)
})
