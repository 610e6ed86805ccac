import { describe, expect, test } from 'vitest'
import { answerSentence } from '../../src/report/answer.ts'
import { firstScreen } from '../../src/report/first-screen.ts'
import { type Change, reportFixture } from './fixture.ts'
import {
  backlog,
  complete,
  empty,
  interrupted,
  loadLimited,
  losing,
  onlyArms,
  planned,
  setMultiplier,
  singleDraw,
  tensorParallel,
  timed,
  variants,
  withParameters,
} from './variants.ts'

const sentence = (...changes: readonly Change[]): string => answerSentence(reportFixture(...changes))

const warehouse =
  (figures: Parameters<typeof setMultiplier>[2]): Change =>
  (report) =>
    setMultiplier(report, 'warehouse', figures)

describe('the answer', () => {
  test('a measured gain: what it is worth, at which load, how well that is known', () => {
    expect(sentence()).toBe('The warehouse is worth 3.33× at 8 conversations a GPU (3.23–3.43).')
  })

  test('what nothing was measured of says so at its head, once', () => {
    expect(sentence(planned)).toBe('Planned: the warehouse is worth 3.33× at 8 conversations a GPU (3.23–3.43).')
    expect(sentence(planned, singleDraw)).toBe('Planned: the warehouse is worth 3.33× at 8 conversations a GPU.')
  })

  test('an interrupted run says so first, and that nothing was measured where it was not', () => {
    const part: Change = (report) => {
      report.partial = true
    }
    expect(sentence(part)).toBe('Interrupted: the warehouse is worth 3.33× at 8 conversations a GPU (3.23–3.43).')
    expect(sentence(interrupted)).toBe(
      'Interrupted, so planned: the warehouse is worth 3.33× at 8 conversations a GPU.',
    )
    expect(sentence(empty)).toBe('Interrupted: No arm has figures, so there is no answer yet.')
  })

  test('a loss is called one', () => {
    expect(sentence(losing)).toBe('The warehouse loses work at 8 conversations a GPU: 0.830× (0.810–0.850).')
  })

  test('an interval that holds 1 and ends below 1.1 is nothing; one that reaches further leaves it open', () => {
    expect(sentence(warehouse({ value: 1.01, low: 0.98, high: 1.04 }))).toBe(
      'The warehouse adds nothing at 8 conversations a GPU: 1.01× (0.980–1.04).',
    )
    expect(sentence(warehouse({ value: 1.2, low: 0.9, high: 1.6 }))).toBe(
      'Whether the warehouse gains anything at 8 conversations a GPU is open: 1.20× (0.90–1.6).',
    )
    expect(sentence(warehouse({ value: 0.9, low: 0.7, high: 1.2 }))).toContain(
      'Whether the warehouse gains anything at 8 conversations a GPU is open: 0.900× (0.70–1.2).',
    )
  })

  test('a gain that nobody would notice is not told as one; without an interval 2 % are none', () => {
    expect(sentence(warehouse({ value: 1.03, low: 1.01, high: 1.05 }))).toBe(
      'The warehouse adds hardly anything at 8 conversations a GPU: 1.03× (1.01–1.05).',
    )
    expect(sentence(warehouse({ value: 1.2, low: 1.05, high: 1.35 }))).toContain('is worth 1.20×')
    expect(sentence(singleDraw, warehouse({ value: 1.015 }))).toContain('adds nothing')
    expect(sentence(singleDraw, warehouse({ value: 1.2 }))).toContain('is worth 1.20×')
  })

  test('bounds are said as bounds, even where the interval holds 1', () => {
    expect(sentence(warehouse({ bound: 'lower' }))).toBe(
      'The warehouse is worth at least 3.33× at 8 conversations a GPU (3.23–3.43).',
    )
    expect(sentence(warehouse({ bound: 'upper' }))).toBe(
      'The warehouse is worth at most 3.33× at 8 conversations a GPU (3.23–3.43).',
    )
    expect(sentence(warehouse({ value: 1.01, low: 0.9, high: 1.1, bound: 'lower' }))).toContain(
      'The warehouse is worth at least 1.01× at 8 conversations a GPU (0.90–1.1).',
    )
  })

  test('load-limited is no figure of capacity, whatever the ratio', () => {
    expect(sentence(loadLimited)).toBe(
      'No gain shows at 2 conversations a GPU, where GPUs wait for work: 1.01× (0.990–1.03).',
    )
    const told = sentence(loadLimited, warehouse({ value: 1.3, low: 1.2, high: 1.4 }))
    expect(told).toBe('No gain shows at 2 conversations a GPU, where GPUs wait for work: 1.30× (1.2–1.4).')
    expect(told).not.toContain('worth')
  })

  test('what another figure of the run doubts stands beside the answer, never folded', () => {
    const topics = (...changes: readonly Change[]): string[] =>
      firstScreen(reportFixture(...changes)).changes.flatMap(({ topic, sound }) => (sound ? [] : [topic]))
    const planError =
      (planErrorRelative: number): Change =>
      (report) => {
        report.costModel.planErrorRelative = planErrorRelative
      }
    expect(topics()).toEqual([])
    expect(topics(planError(-0.44))).toEqual(['Plan'])
    expect(topics(planError(0.1))).toEqual([])
    expect(topics(warehouse({ minimaRatio: 4 }))).toEqual(['Cross-check'])
    expect(topics(warehouse({ value: 3.9, low: 3.8, high: 4, minimaRatio: 3.9 }))).toEqual(['Ceiling'])
    expect(topics(warehouse({ value: 3.5, low: 3.3, high: 3.7 }))).toEqual([])
  })

  test('a load is that of a replica; one conversation, a trace by time and a backlog', () => {
    const single: Change = (report) => {
      report.setup.sessionsPerReplica = 1
    }
    expect(sentence(tensorParallel)).toContain('at 8 conversations a replica (')
    expect(sentence(single)).toContain('at 1 conversation a GPU (')
    expect(sentence(timed)).toContain('is worth 3.33× at the trace’s own arrivals (')
    expect(sentence(backlog)).toContain('at 12 requests in flight a GPU (')
    expect(sentence(tensorParallel, backlog)).toContain('at 12 requests in flight a replica (')
  })

  test('arms in the plural take a verb in the plural', () => {
    const only = onlyArms('hbm-only', 'dram+warehouse')
    expect(sentence(withParameters, only)).toMatch(/^DRAM and the warehouse are worth 3\.36×/)
    const lost: Change = (report) => setMultiplier(report, 'dram+warehouse', { value: 0.8, low: 0.7, high: 0.9 })
    expect(sentence(withParameters, only, lost)).toMatch(/^DRAM and the warehouse lose work/)
    expect(sentence(withParameters, onlyArms('hbm-only', 'more-gpus:2'))).toMatch(/^2× the GPUs are worth/)
  })

  test('the last arm that is not the baseline stands in for a warehouse that did not run', () => {
    expect(sentence(onlyArms('hbm-only', 'local-dram'))).toMatch(/^Local DRAM is worth 2\.92×/)
  })

  test('without something to compare there is no multiplier, and it says why', () => {
    expect(sentence(onlyArms('hbm-only'))).toBe(
      'Only hbm-only ran, so there is nothing to compare it with: each GPU with HBM only gives 18.0 output tokens a second at 8 conversations a GPU.',
    )
    expect(sentence(onlyArms('warehouse'))).toBe(
      'The baseline hbm-only did not run, so there is no multiplier: each GPU with the warehouse gives 59.8 output tokens a second at 8 conversations a GPU.',
    )
  })

  test('a baseline that gave no tokens has no multiplier', () => {
    expect(sentence(warehouse({ value: Number.POSITIVE_INFINITY }))).toMatch(/^The baseline hbm-only gave no tokens/)
  })

  test('is one sentence of at most a line and a half, whatever ran', () => {
    for (const [name, changes] of Object.entries(variants)) {
      const told = sentence(...changes)
      expect(told.length, name).toBeLessThan(170)
      expect(told, name).toMatch(/^[^.]*(\.\d[^.]*)*\.$/)
    }
    expect(sentence(complete)).toBe(sentence())
  })
})
