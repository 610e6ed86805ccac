import { describe, expect, test } from 'vitest'
import { evidenceLines } from '../../src/report/evidence.ts'
import { firstScreen } from '../../src/report/first-screen.ts'
import { type Change, reportFixture } from './fixture.ts'
import { complete, interrupted, loadLimited, planned, setMultiplier, unevenReplica, variants } from './variants.ts'

const screen = (...changes: readonly Change[]) => firstScreen(reportFixture(...changes))
const topics = (lines: readonly { readonly topic: string }[]): string[] => lines.map(({ topic }) => topic)

/** Seven things at once that weaken the answer, and three that fail. */
const doubtful: Change = (report) => {
  loadLimited(report)
  unevenReplica(report)
  report.costModel.planErrorRelative = 0.5
  report.plannedWindow.requests = 10
  report.arms['infinite-cache']!.ceilingHitRate = 0.5
  setMultiplier(report, 'warehouse', { minimaRatio: 9, correction: { value: 2, low: 1.9, high: 2.1 } })
  Object.assign(report.cut, { promptTokens: 9e9 })
}
const failing: Change = (report) => {
  report.partial = true
  report.verification!.mismatches = 3
  Object.assign(report.controls[0]!, { passed: false, measured: 2 })
}

describe('the first screen', () => {
  test('of a sound run shows what a reader should know even so', () => {
    const { changes, folded } = screen()
    expect(topics(changes)).toEqual(['Single windows', 'Fabric', 'Left out'])
    expect(changes.every(({ sound }) => sound)).toBe(true)
    expect(topics(folded)).toEqual([
      'Measured',
      'Answers',
      'Controls',
      'Load',
      'Target',
      'Correction',
      'Plan',
      'Timing',
    ])
  })

  test('shows or folds every line of evidence, each once', () => {
    for (const [name, changes] of Object.entries(variants)) {
      const report = reportFixture(...changes)
      const { changes: told, folded } = firstScreen(report)
      expect(topics([...told, ...folded]).sort(), name).toEqual(topics(evidenceLines(report)).sort())
    }
  })

  test('tells at most five things; what weakens the answer before what is only good to know', () => {
    for (const [name, changes] of Object.entries(variants)) {
      const { changes: told } = screen(...changes)
      expect(told.length, name).toBeLessThanOrEqual(5)
      const firstSound = told.findIndex(({ sound }) => sound)
      if (firstSound !== -1) expect(told.slice(firstSound).every(({ sound }) => sound)).toBe(true)
    }
    const { changes } = screen(doubtful)
    expect(changes).toHaveLength(5)
    expect(changes.some(({ sound }) => sound)).toBe(false)
  })

  test('never folds what failed, and tells it first', () => {
    expect(topics(screen(doubtful, failing).changes).slice(0, 3)).toEqual(['Partial', 'Answers', 'Controls'])
    expect(screen(doubtful, failing).changes).toHaveLength(5)
    expect(topics(screen(complete, failing).changes)).toEqual([
      'Partial',
      'Answers',
      'Controls',
      'Single windows',
      'Fabric',
    ])
    expect(topics(screen(interrupted).changes).slice(0, 2)).toEqual(['Partial', 'Controls'])
    for (const [name, changes] of Object.entries(variants)) {
      const failed = screen(...changes).folded.filter(
        ({ topic, sound }) => !sound && ['Partial', 'Answers', 'Controls'].includes(topic),
      )
      expect(failed, name).toEqual([])
    }
  })

  test('a weak line takes the place of a sound one of the same kind', () => {
    const large: Change = ({ cut }) => Object.assign(cut, { promptTokens: 9e9 })
    const told = screen(large).changes
    expect(told[0]).toMatchObject({ topic: 'Left out', sound: false })
    expect(topics(told)).toEqual(['Left out', 'Single windows', 'Fabric'])
  })

  test('says that readings are planned where the answer is measured, and only there', () => {
    expect(screen().plannedHead).toBe('Planned, on the same machine’s cost model:')
    expect(screen(planned).plannedHead).toBe('')
    expect(screen(interrupted).plannedHead).toBe('')
  })
})
