import { describe, expect, test } from 'vitest'
import { answerSentence } from '../../src/report/answer.ts'
import { type Change, reportFixture } from './fixture.ts'
import {
  backlog,
  empty,
  interrupted,
  loadLimited,
  losing,
  onlyArms,
  planned,
  setMultiplier,
  tensorParallel,
  timed,
  variants,
} from './variants.ts'

const sentence = (...changes: readonly Change[]): string => answerSentence(reportFixture(...changes))

const warehouse =
  (figures: Parameters<typeof setMultiplier>[2]): Change =>
  (report) =>
    setMultiplier(report, 'warehouse', figures)

describe('the answer', () => {
  test('is one line: what it is worth, at which load, how well that is known', () => {
    expect(sentence()).toBe('The warehouse is worth 3.33× at 8 conversations a GPU (3.2–3.4).')
  })

  test('says once that nothing was measured, or that it was broken off', () => {
    expect(sentence(planned)).toMatch(/^Planned: the warehouse is worth 3.33× at 8 conversations a GPU/)
    expect(sentence(interrupted)).toMatch(/^Interrupted: the warehouse is worth 3.33× at 8 conversations a GPU\.$/)
  })

  test('counts the load on a replica where that is several GPUs', () => {
    expect(sentence(tensorParallel)).toContain('at 8 conversations a replica (')
  })

  test('adds nothing where the interval holds 1 and no gain that anyone would notice', () => {
    expect(sentence(warehouse({ value: 1.01, low: 0.98, high: 1.04 }))).toBe(
      'The warehouse adds nothing at 8 conversations a GPU: 1.01× (0.98–1.0).',
    )
    expect(sentence(warehouse({ value: 1.015, low: null, high: null }))).toContain('adds nothing')
  })

  test('is open where the interval holds 1 and a gain as well', () => {
    expect(sentence(warehouse({ value: 1.3, low: 0.9, high: 1.8 }))).toBe(
      'Whether the warehouse gains anything at 8 conversations a GPU is open: 1.30× (0.90–1.8).',
    )
  })

  test('a narrow interval above 1 is a gain', () => {
    expect(sentence(warehouse({ value: 1.01, low: 1.004, high: 1.016 }))).toBe(
      'The warehouse is worth 1.01× at 8 conversations a GPU.',
    )
  })

  test('a loss is said as a loss', () => {
    expect(sentence(losing)).toBe('The warehouse loses work at 8 conversations a GPU: 0.830× (0.81–0.85).')
  })

  test('bounds are said as bounds', () => {
    expect(sentence(warehouse({ bound: 'lower' }))).toContain('is worth at least 3.33×')
    expect(sentence(warehouse({ bound: 'upper' }))).toContain('is worth at most 3.33×')
  })

  test('what the load limits is no gain', () => {
    expect(sentence(loadLimited)).toBe(
      'No gain shows at 2 conversations a GPU, where GPUs wait for work: 1.01× (0.99–1.0).',
    )
  })

  test('one conversation, a trace by time and a backlog', () => {
    const single: Change = (report) => {
      report.setup.sessionsPerReplica = 1
    }
    expect(sentence(single)).toContain('at 1 conversation a GPU')
    expect(sentence(timed)).toContain('at the trace’s own arrivals')
    expect(sentence(backlog)).toContain('at 12 requests in flight a GPU')
  })

  test('the last arm that is not the baseline stands in for a warehouse that did not run', () => {
    expect(sentence(onlyArms('hbm-only', 'local-dram'))).toContain('Local DRAM is worth 2.92×')
  })

  test('without something to compare there is no multiplier, and it says why', () => {
    expect(sentence(onlyArms('hbm-only'))).toBe(
      'Only hbm-only ran, so there is nothing to compare it with: each GPU with HBM only gives 18.0 output tokens a second at 8 conversations a GPU.',
    )
    expect(sentence(onlyArms('warehouse'))).toMatch(/^The baseline hbm-only did not run, so there is no multiplier/)
    expect(sentence(empty)).toContain('No arm has figures')
    expect(sentence(warehouse({ value: Number.POSITIVE_INFINITY }))).toMatch(/^The baseline hbm-only gave no tokens/)
  })

  test.each(Object.entries(variants))('has at most sixteen words and three figures: %s', (_, changes) => {
    const report = reportFixture(...changes)
    if (Object.keys(report.multiplier).length === 0) return
    const told = answerSentence(report).replace(/<script>.*'c'/, 'name')
    expect(told.split(' ').length).toBeLessThan(17)
    expect(told.match(/\d[\d.,]*(?:–\d[\d.,]*)?/g)!.length).toBeLessThanOrEqual(3)
  })
})
