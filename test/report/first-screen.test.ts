import { describe, expect, test } from 'vitest'
import { evidenceLines } from '../../src/report/evidence.ts'
import { firstScreen } from '../../src/report/first-screen.ts'
import { type Change, reportFixture } from './fixture.ts'
import { complete, empty, loadLimited, losing, planned, setMultiplier, variants } from './variants.ts'

const screen = (...changes: readonly Change[]) => firstScreen(reportFixture(...changes))

describe('readings beneath the answer', () => {
  test('in GPUs, against what is free, each at its own best, where it begins', () => {
    const { readings, planned: told, plannedHead } = screen(complete)
    expect(readings).toEqual(['100 GPUs with the warehouse do the work of 333 with HBM only.'])
    expect(told).toEqual([
      'Against the best you can do for free (session affinity, longest-prefix first, host DRAM): 1.58×.',
      'Each at its own best load: at least 1.81×.',
      'Nothing below 5 conversations; 3.3× from 8 on.',
    ])
    expect(plannedHead).toMatch(/^Planned/)
    expect(screen(complete, planned).plannedHead).toBe('')
  })

  test('a ratio of 1 against what is free is called no gain', () => {
    const same: Change = (report) => {
      report.strongestBaseline!.multipliers.warehouse = 1.01
    }
    expect(screen(complete, same).planned[0]).toMatch(/: 1\.01×, no gain\.$/)
    expect(screen(complete, loadLimited).planned[0]).toMatch(/as far as this load shows\.$/)
  })

  test('no GPUs for what is no gain, and none without figures', () => {
    expect(screen(loadLimited).readings).toEqual([])
    expect(screen(losing).readings).toEqual(['100 GPUs with the warehouse do the work of only 83 with HBM only.'])
    expect(screen(empty)).toMatchObject({ readings: [], planned: [] })
  })
})

describe('what could change the reader’s mind', () => {
  test.each(Object.entries(variants))('is at most five lines, and nothing is lost: %s', (_, changes) => {
    const report = reportFixture(...changes)
    const { changes: told, folded } = firstScreen(report)
    expect(told.length).toBeLessThanOrEqual(5)
    const all = evidenceLines(report)
    expect([...told, ...folded].map(({ topic }) => topic).sort()).toEqual(all.map(({ topic }) => topic).sort())
  })

  test('failures come first and never fold, however many doubts there are', () => {
    const doubtful: Change = (report) => {
      report.partial = true
      report.verification!.mismatches = 3
      Object.assign(report.controls[0]!, { measured: 2, passed: false })
      report.costModel.planErrorRelative = 0.6
      report.cut.promptTokens = 1e12
      setMultiplier(report, 'warehouse', { minimaRatio: 9, correction: { value: 0.5, low: null, high: null } })
    }
    const { changes } = screen(loadLimited, doubtful)
    expect(changes.slice(0, 3).map(({ topic }) => topic)).toEqual(['Partial', 'Answers', 'Controls'])
    expect(changes).toHaveLength(5)
  })

  test('a doubt of the machine, of the cross-check and of the ceiling is among them', () => {
    const topics = (change: Change): string[] => screen(change).changes.map(({ topic }) => topic)
    const off: Change = ({ costModel }) => void Object.assign(costModel, { planErrorRelative: -0.44 })
    expect(topics(off)).toContain('Plan')
    expect(topics((report) => setMultiplier(report, 'warehouse', { minimaRatio: 4 }))).toContain('Cross-check')
    expect(topics((report) => setMultiplier(report, 'warehouse', { value: 3.9, low: 3.8, high: 4 }))).toContain(
      'Ceiling',
    )
    expect(
      topics((report) => setMultiplier(report, 'warehouse', { correction: { value: 0.7, low: 0.6, high: 0.8 } })),
    ).toContain('Correction')
  })

  test('what a single window may show and an unlimited fabric are told where nothing is wrong', () => {
    expect(screen().changes.map(({ topic }) => topic)).toEqual(['Single windows', 'Fabric', 'Left out'])
  })
})
