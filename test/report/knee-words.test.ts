import { expect, test } from 'vitest'
import { kneeWords } from '../../src/report/knee-words.ts'
import type { KneePoint } from '../../src/report/report.ts'
import { reportFixture } from './fixture.ts'

/** Words for a curve of the warehouse. */
function words(curve: Readonly<Record<number, number>>, bounds: Readonly<Record<number, 'loadLimited'>> = {}) {
  const report = reportFixture(({ knee }) => {
    const [first] = knee
    const points = Object.entries(curve).map(([load, mean]): KneePoint => {
      const bound: 'exact' | 'loadLimited' = bounds[Number(load)] ?? 'exact'
      const figure = { mean, low: mean, high: mean, min: mean, max: mean, bound }
      return { ...first!, sessionsPerReplica: Number(load), multiplier: { warehouse: figure } }
    })
    knee.splice(0, knee.length, ...points)
  })
  return kneeWords(report, 'warehouse')
}

test('where a gain begins, between the loads that were tried, and where it levels off', () => {
  expect(words({ 1: 1, 2: 1, 4: 1, 8: 2, 12: 3, 16: 3.1 })).toBe('Nothing below 5 conversations; 3.0× from 12 on.')
})

test('a curve that rises to its end is told at its end', () => {
  expect(words({ 1: 1, 8: 2, 16: 3, 32: 4 })).toBe('Nothing below 2 conversations; 4.0× at 32.')
})

test('a curve that falls again is told at its top', () => {
  expect(words({ 1: 1, 2: 1, 4: 2.5, 8: 1.2 })).toBe('Nothing below 3 conversations; at most 2.5×, at 4.')
})

test('a gain from the first load on, and none at all', () => {
  expect(words({ 1: 2, 2: 2, 4: 2 })).toBe('A gain from 1 conversation on; 2.0× from 1 on.')
  expect(words({ 1: 1, 4: 1.05, 8: 0.9 })).toBe('Nothing at any load tried, 1 to 8 conversations a GPU.')
})

test('what the load limits is no gain, and one point is no curve', () => {
  expect(words({ 1: 1.4, 2: 1.3, 4: 1 }, { 1: 'loadLimited', 2: 'loadLimited' })).toMatch(/^Nothing at any load/)
  expect(words({ 8: 3 })).toBeUndefined()
})
