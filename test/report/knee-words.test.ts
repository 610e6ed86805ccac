import { expect, test } from 'vitest'
import { kneeWords } from '../../src/report/knee-words.ts'
import type { KneePoint } from '../../src/report/report.ts'
import { reportFixture } from './fixture.ts'
import { planned, tensorParallel } from './variants.ts'

type Bound = KneePoint['multiplier'][string]['bound']

/** What is said of a curve of the warehouse: load → ratio, or ratio and bound. */
function words(curve: Readonly<Record<number, number | readonly [number, Bound]>>): string | undefined {
  return kneeWords(
    reportFixture((report) => {
      const [template] = report.knee
      report.knee = Object.entries(curve).map(([load, figure]) => {
        const [mean, bound] = typeof figure === 'number' ? [figure, 'exact' as const] : figure
        const ratio = { mean, low: mean, high: mean, min: mean, max: mean, bound }
        return {
          ...template!,
          scale: 'mock',
          router: 'session-affine',
          sessionsPerReplica: Number(load),
          multiplier: { warehouse: ratio },
        }
      })
    }),
    'warehouse',
  )
}

test('nothing below the load at which the gain is noticed, between two loads where it lies between', () => {
  expect(words({ 1: 1, 4: 1, 8: 3, 16: 3 })).toBe('Nothing below 5 conversations; 3.0× from 8 on.')
  expect(words({ 1: 1, 4: 1, 8: 1.2, 16: 3 })).toBe('Nothing below 6 conversations; 3.0× at 16.')
  // It is never said to begin at a load at which there was nothing, nor beyond one at which there was a gain.
  expect(words({ 4: 1.0999, 5: 3, 6: 3 })).toBe('Nothing below 5 conversations; 3.0× from 5 on.')
  expect(words({ 1: 1, 2: 1.1, 3: 1.1 })).toBe('Nothing below 2 conversations; 1.1× from 2 on.')
})

test('levels off: from the first load that is within a tenth of the highest', () => {
  expect(words({ 1: 1, 4: 2, 8: 2.75, 16: 3, 32: 2.9 })).toBe('Nothing below 2 conversations; 2.8× from 8 on.')
})

test('still rising at the highest load: what it is there', () => {
  expect(words({ 1: 1, 8: 2, 16: 3, 32: 4 })).toBe('Nothing below 2 conversations; 4.0× at 32.')
})

test('peaks, then falls: the peak and where, and no word that is one of a bound', () => {
  expect(words({ 1: 1, 8: 3, 16: 2, 32: 1.2 })).toBe('Nothing below 2 conversations; 3.0× at best, at 8.')
})

test('nothing at any load', () => {
  expect(words({ 1: 1, 8: 1.05, 32: 0.9 })).toBe('Nothing at any load tried, 1 to 32 conversations a GPU.')
})

test('where the load on offer is the limit there is no gain in capacity', () => {
  expect(words({ 1: [2, 'loadLimited'], 8: [3, 'loadLimited'] })).toMatch(/^Nothing at any load tried/)
  expect(words({ 1: [2, 'loadLimited'], 4: 3, 8: 3 })).toBe('Nothing below 2 conversations; 3.0× from 4 on.')
})

test('a gain from the first load on', () => {
  expect(words({ 1: 2, 8: 3, 16: 3 })).toBe('A gain from 1 conversation on; 3.0× from 8 on.')
  expect(words({ 4: 3, 8: 3 })).toBe('A gain from 4 conversations on; 3.0× from 4 on.')
})

test('a knee of one point, or of none, is no knee', () => {
  expect(words({ 8: 3 })).toBeUndefined()
  expect(words({})).toBeUndefined()
  expect(kneeWords(reportFixture(), 'no such arm')).toBeUndefined()
})

test('the curve is that of the run’s own scale and router', () => {
  expect(kneeWords(reportFixture(), 'warehouse')).toBe('Nothing below 5 conversations; 3.3× from 8 on.')
  expect(kneeWords(reportFixture(planned), 'warehouse')).toBe('Nothing below 5 conversations; 3.1× from 8 on.')
  const nothing = reportFixture(tensorParallel, ({ knee }) => {
    for (const { multiplier } of knee) multiplier.warehouse!.mean = 1
  })
  expect(kneeWords(nothing, 'warehouse')).toBe('Nothing at any load tried, 1 to 32 conversations a replica.')
})
