import { describe, expect, test } from 'vitest'
import { readingsOf } from '../../src/report/readings.ts'
import { type Change, reportFixture } from './fixture.ts'
import {
  complete,
  empty,
  loadLimited,
  losing,
  onlyArms,
  planned,
  setMultiplier,
  variants,
  withoutKnee,
} from './variants.ts'

const told = (...changes: readonly Change[]) => readingsOf(reportFixture(...changes))
const warehouse =
  (figures: Parameters<typeof setMultiplier>[2]): Change =>
  (report) =>
    setMultiplier(report, 'warehouse', figures)

describe('the readings beneath the answer', () => {
  test('are the answer in GPUs, against what is free, each at its own best, and where it begins', () => {
    expect(told(complete)).toEqual({
      own: ['100 GPUs with the warehouse do the work of 333 with HBM only.'],
      planned: [
        'Against the best you can do for free (session affinity, longest-prefix-first, host DRAM): 1.58×.',
        'Each at its own best load, against HBM only: at least 1.81×.',
        'Nothing below 5 conversations; 3.3× from 8 on.',
      ],
    })
  })

  test('are at most four, a sentence each, whatever a run has', () => {
    for (const [name, changes] of Object.entries(variants)) {
      const { own, planned } = told(...changes)
      expect(own.length + planned.length, name).toBeLessThanOrEqual(4)
      expect(own.length, name).toBeLessThanOrEqual(1)
      for (const line of [...own, ...planned]) expect(line, name).toMatch(/^[A-Z1].*\.$/)
    }
  })

  test('none are there without a multiplier', () => {
    for (const change of [empty, onlyArms('hbm-only'), onlyArms('warehouse')])
      expect(told(complete, change)).toEqual({ own: [], planned: [] })
  })

  test('GPUs have as many figures as the answer, and its bound', () => {
    expect(told(warehouse({ value: 3.3499 })).own).toEqual([
      '100 GPUs with the warehouse do the work of 335 with HBM only.',
    ])
    expect(told(warehouse({ value: 12.34, low: 12, high: 13 })).own[0]).toContain('the work of 1,230 with')
    expect(told(losing).own).toEqual(['100 GPUs with the warehouse do the work of only 83 with HBM only.'])
    expect(told(warehouse({ bound: 'lower' })).own[0]).toContain('the work of at least 333 with')
    expect(told(warehouse({ bound: 'upper' })).own[0]).toContain('the work of at most 333 with')
  })

  test('no number of GPUs where there is no figure of capacity, or no gain', () => {
    expect(told(loadLimited).own).toEqual([])
    expect(told(warehouse({ value: 1.01, low: 0.98, high: 1.04 })).own).toEqual([])
    expect(told(warehouse({ value: 1.2, low: 0.9, high: 1.6 })).own).toEqual([])
  })

  test('what the load limits is said of the free baseline, too', () => {
    expect(told(complete, loadLimited).planned[0]).toMatch(/: 1\.58×, as far as this load shows\.$/)
    expect(told(complete, losing).planned[0]).toMatch(/: 1\.58×\.$/)
  })

  test('the free baseline in the words of who runs it', () => {
    const named: Change = ({ strongestBaseline }) => {
      strongestBaseline!.name = 'round-robin routing, HBM alone, at most 6 at once a replica'
    }
    expect(told(complete, named).planned[0]).toBe(
      'Against the best you can do for free (round-robin, HBM alone, at most 6 at once a replica): 1.58×.',
    )
  })

  test('best against best: exact within the loads tried, a bound at their edge, nothing where both are', () => {
    const best = (sessionsPerReplica: number, baselineSessionsPerReplica: number, value = 1.4): string | undefined =>
      told(({ bestAgainstBest }) => {
        bestAgainstBest.mock!.warehouse = { value, sessionsPerReplica, baselineSessionsPerReplica }
      }).planned.find((line) => line.startsWith('Each at'))
    expect(best(16, 4)).toBe('Each at its own best load, against HBM only: 1.40×.')
    expect(best(16, 4, 0.9)).toBe('Each at its own best load, against HBM only: 0.900×.')
    expect(best(32, 4)).toBe('Each at its own best load, against HBM only: at least 1.40×.')
    expect(best(16, 32)).toBe('Each at its own best load, against HBM only: at most 1.40×.')
    expect(best(32, 32)).toBeUndefined()
  })

  test('a planned run takes the scale of the target', () => {
    expect(told(planned).planned).toContain('Each at its own best load, against HBM only: at least 1.72×.')
    expect(told(withoutKnee).planned).toEqual([])
  })
})
