import { describe, expect, test } from 'vitest'
import { answerSentence } from '../../src/report/answer.ts'
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
  tensorParallel,
  timed,
  withoutKnee,
} from './variants.ts'

const sentence = (...changes: readonly Change[]): string => answerSentence(reportFixture(...changes))

const warehouse =
  (figures: Parameters<typeof setMultiplier>[2]): Change =>
  (report) =>
    setMultiplier(report, 'warehouse', figures)

describe('the answer', () => {
  test('a measured gain: GPUs, interval, round-robin beside it, best against best on the mock', () => {
    expect(sentence()).toBe(
      'At 8 conversations a GPU, 100 of these GPUs with the warehouse do the work of 333 (3.33×, 95 % interval of timing 3.23–3.43, fabric unlimited; planned over 5 workloads: 3.07–3.50, mean of their ratios 3.30×; with round-robin 4.09×); each at its own best load, planned, of at least 181, on the target of at least 172.',
    )
  })

  test('a planned run takes the scale of the target', () => {
    expect(sentence(planned)).toBe(
      'At 8 conversations a GPU, 100 of these GPUs with the warehouse do the work of 333 (3.33×, planned, fabric unlimited; planned over 5 workloads: 2.88–3.29, mean of their ratios 3.10×; with round-robin 3.85×); each at its own best load, planned, of at least 172.',
    )
  })

  test('the strongest free baseline stands beside the one that the vendor runs', () => {
    expect(sentence(planned, complete)).toBe(
      'At 8 conversations a GPU, 100 of these GPUs with the warehouse do the work of 333 (3.33×, planned, fabric unlimited; planned over 5 workloads: 2.88–3.29, mean of their ratios 3.10×; with round-robin 3.85×) against HBM only as the vendor runs it, and of 158 against the strongest free baseline (session-affine, longest-prefix-first, host DRAM; planned); each at its own best load, planned, of at least 172.',
    )
    const against =
      (multiplier: number): Change =>
      (report) => {
        report.strongestBaseline!.multiplier = multiplier
      }
    expect(sentence(complete, against(1.01))).toContain(
      'and of no more than 100 (1.01×) against the strongest free baseline',
    )
    expect(sentence(complete, against(0.7))).toContain('and of only 70 against the strongest free baseline')
    expect(sentence(complete, loadLimited)).not.toContain('strongest')
  })

  test('a load is that of a replica, GPUs are counted as GPUs', () => {
    expect(sentence(planned, tensorParallel)).toMatch(
      /^At 8 conversations a replica of 8 GPUs, 100 of these GPUs with the warehouse do the work of 333/,
    )
    expect(sentence(tensorParallel, loadLimited)).toContain('planned, 3.30× at 8 conversations a replica')
    expect(sentence(tensorParallel, backlog)).toMatch(/^With 12 requests in flight a replica of 8 GPUs, /)
  })

  test('a stated fabric total is not mentioned, and no arm without the warehouse mentions it', () => {
    expect(
      sentence((report) => {
        report.setup.fabricUnlimited = false
      }),
    ).not.toContain('fabric')
    expect(sentence(onlyArms('hbm-only', 'local-dram'))).not.toContain('fabric')
  })

  test('an interval that holds 1 is no gain', () => {
    expect(sentence(withoutKnee, warehouse({ value: 1.01, low: 0.98, high: 1.04, minimaRatio: 1.02 }))).toBe(
      'At 8 conversations a GPU, 100 of these GPUs with the warehouse do the work of no more than 100 (1.01×, 95 % interval of timing 0.980–1.04, fabric unlimited).',
    )
  })

  test('a narrow interval above 1 is a gain; without an interval 2 % are none', () => {
    expect(sentence(warehouse({ value: 1.01, low: 1.004, high: 1.016 }))).toContain('do the work of 101 (')
    expect(sentence(warehouse({ value: 1.015, low: null, high: null }))).toContain('do the work of no more than 100 (')
  })

  test('a loss says only', () => {
    expect(sentence(losing)).toContain('do the work of only 83 (0.830×, 95 % interval of timing 0.810–0.850')
  })

  test('bounds are said as bounds, with their reason', () => {
    expect(sentence(withoutKnee, warehouse({ bound: 'lower' }))).toMatch(
      /do the work of at least 333 \(.*; a lower bound, since it ran out of requests\)\.$/,
    )
    expect(sentence(withoutKnee, warehouse({ bound: 'upper' }))).toMatch(
      /do the work of at most 333 \(.*; an upper bound, since HBM only ran out of requests\)\.$/,
    )
  })

  test('what another figure of the run doubts says so itself', () => {
    const planError =
      (planErrorRelative: number): Change =>
      (report) => {
        report.costModel.planErrorRelative = planErrorRelative
      }
    expect(sentence(planError(-0.44))).toMatch(/; the machine was busy, run again\.$/)
    expect(sentence(planError(0.1))).not.toContain('run again')
    expect(sentence(warehouse({ minimaRatio: 4 }))).toMatch(/; the machine was busy, run again\.$/)
    expect(sentence(loadLimited, planError(0.5))).toMatch(/; the machine was busy, run again\.$/)
    const above = warehouse({ value: 3.9, low: 3.8, high: 4, minimaRatio: 3.9 })
    expect(sentence(above)).toMatch(/; above its ceiling: the machine was busy, run again\.$/)
    expect(sentence(warehouse({ value: 3.5, low: 3.3, high: 3.7 }))).not.toContain('above its ceiling')
    expect(sentence(planned, warehouse({ value: 3.9 }))).toMatch(/; above its ceiling: more requests are needed\.$/)
  })

  test('load-limited is no figure of capacity: no number of GPUs at that load', () => {
    const told = sentence(loadLimited)
    expect(told).toContain(
      'At 2 conversations a GPU the load on offer is the limit, not memory: there is no gain with the warehouse',
    )
    expect(told).toContain('load-limited, no figure of capacity')
    expect(told).toContain('planned, 3.30× at 8 conversations a GPU')
    expect(told).not.toContain('101')
    expect(sentence(loadLimited, withoutKnee)).not.toContain('do the work')
  })

  test('load-limited with a ratio above 1 shows no gain in capacity', () => {
    expect(sentence(loadLimited, warehouse({ value: 1.3, low: 1.2, high: 1.4 }))).toContain(
      'no gain in capacity with the warehouse can be shown (1.30×',
    )
  })

  test('best against best that is no gain, and one that is a loss', () => {
    const best =
      (value: number, sessionsPerReplica = 16): Change =>
      (report) => {
        Object.assign(report.bestAgainstBest.mock!.warehouse!, { value, sessionsPerReplica })
      }
    expect(sentence(best(1.01))).toMatch(
      /load, planned, of no more than 100 \(1\.01×\), on the target of at least 172\.$/,
    )
    expect(sentence(best(0.9))).toMatch(/best load, planned, of only 90, on the target of at least 172\.$/)
    expect(sentence(best(1.01, 32))).toContain('best load, planned, of at least 101, on the target')
  })

  test('one conversation a GPU, a trace by time and a backlog', () => {
    const single: Change = (report) => {
      report.setup.sessionsPerReplica = 1
    }
    expect(sentence(single)).toMatch(/^At 1 conversation a GPU, /)
    expect(sentence(timed)).toMatch(/^With requests arriving as the trace has them, 100 of these GPUs/)
    expect(sentence(backlog)).toMatch(/^With 12 requests in flight a GPU, 100 of these GPUs/)
  })

  test('an interrupted run says so first and has no interval', () => {
    expect(sentence(interrupted)).toMatch(
      /^Interrupted, so from a part of the run: at 8 conversations a GPU, .*\(3\.33×, planned/,
    )
  })

  test('the last arm that is not the baseline stands in for a warehouse that did not run', () => {
    expect(sentence(onlyArms('hbm-only', 'local-dram'))).toContain('with local DRAM do the work of 292')
  })

  test('without something to compare there is no multiplier, and it says why', () => {
    expect(sentence(onlyArms('hbm-only'))).toBe(
      'Only hbm-only ran, so there is nothing to compare it with: at 8 conversations a GPU, each GPU with HBM only gives 18.0 output tokens a second.',
    )
    expect(sentence(onlyArms('warehouse'))).toBe(
      'The baseline hbm-only did not run, so there is no multiplier: at 8 conversations a GPU, each GPU with the warehouse gives 59.8 output tokens a second.',
    )
    expect(sentence(empty)).toContain('No arm has figures')
  })

  test('a baseline that gave no tokens has no multiplier', () => {
    expect(sentence(warehouse({ value: Number.POSITIVE_INFINITY }))).toMatch(/^The baseline hbm-only gave no tokens/)
  })
})
