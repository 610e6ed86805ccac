import { describe, expect, test } from 'vitest'
import * as belief from '../../src/report/page/titles/belief.ts'
import * as load from '../../src/report/page/titles/load.ts'
import * as origin from '../../src/report/page/titles/origin.ts'
import * as run from '../../src/report/page/titles/run.ts'
import { type Change, reportFixture } from './fixture.ts'
import { loadLimited, losing, onlyArms, setMultiplier } from './variants.ts'

const titles = { ...run, ...load, ...origin, ...belief }

const change =
  (name: string, figures: Parameters<typeof setMultiplier>[2]): Change =>
  (report) =>
    setMultiplier(report, name, figures)

describe('titles say the opposite when the data does', () => {
  test.each<[string, readonly Change[]]>([
    ['With the warehouse 100 GPUs do the work of 333; local DRAM gives 292, the ceiling is 342', []],
    ['With the warehouse 100 GPUs do the work of only 83: it costs throughput', [losing]],
    ['No gain in capacity is shown with the warehouse: the load is the limit, not memory', [loadLimited]],
    [
      'With the warehouse 100 GPUs do the work of 100: there is no gain that can be told from none',
      [change('warehouse', { value: 1.02, low: 0.99, high: 1.05 })],
    ],
    [
      'With the warehouse 100 GPUs do the work of at most 333: the baseline was not under full load',
      [change('warehouse', { bound: 'upper' })],
    ],
  ])('GPU equivalents: %s', (title, changes) => {
    expect(titles.equivalentsTitle(reportFixture(...changes))).toBe(title)
  })

  test('prompt tokens', () => {
    const again = (baseline: number, warehouse: number): string =>
      titles.promptTokensTitle(
        reportFixture(({ arms }) => {
          arms['hbm-only']!.redundantTokens = baseline * arms['hbm-only']!.promptTokens
          arms.warehouse!.redundantTokens = warehouse * arms.warehouse!.promptTokens
        }),
      )
    expect(again(0.876, 0)).toBe('87.6 % of prompt tokens are computed again without the warehouse, none with it')
    expect(again(0.5, 0.02)).toBe('50.0 % of prompt tokens are computed again without the warehouse, 2.0 % with it')
    expect(again(0.02, 0)).toContain('Only 2.0 % of prompt tokens are computed again without the warehouse')
    expect(again(0.3, 0.31)).toContain(
      '31.0 % of prompt tokens are computed again with the warehouse, no less than the 30.0 %',
    )
    expect(titles.promptTokensTitle(reportFixture(onlyArms('hbm-only')))).toBe(
      'With HBM only 87.6 % of prompt tokens are computed again',
    )
  })

  test('GPU time', () => {
    expect(titles.gpuTimeTitle(reportFixture())).toBe(
      'Redundant prefill is 66.0 % of GPU time without the warehouse, none with it',
    )
    expect(titles.gpuTimeTitle(reportFixture(losing))).toMatch(
      /^More GPU time is wasted with the warehouse than without: 3.0 %/,
    )
    const little = reportFixture(({ arms }) => {
      arms['hbm-only']!.gpuTimeShare.redundantPrefill = 0.03
    })
    expect(titles.gpuTimeTitle(little)).toBe(
      'Redundant prefill is only 3.0 % of GPU time without the warehouse, none with it',
    )
  })

  test('latency', () => {
    const title = (p95: number): string =>
      titles.latencyTitle(
        reportFixture(({ arms }) => {
          arms.warehouse!.tpotMs.p95 = p95
        }),
        'tpot',
      )
    expect(title(59.5)).toBe('TPOT p95 falls from 104 ms without the warehouse to 59.5 ms with it (mock time)')
    expect(title(200)).toMatch(/^TPOT p95 rises from 104 ms/)
    expect(title(102)).toMatch(/^TPOT p95 hardly changes/)
    expect(titles.latencyTitle(reportFixture(onlyArms('warehouse')), 'ttft')).toBe(
      'TTFT p95 is 2.01 s with the warehouse (mock time)',
    )
  })

  test('the knee', () => {
    expect(titles.kneeTitle(reportFixture())).toBe(
      'The gain begins at 8 conversations a GPU: 3.30×, 3.62× at 32 (planned)',
    )
    const flat: Change = ({ knee }) => {
      for (const { multiplier } of knee)
        for (const one of Object.values(multiplier)) Object.assign(one, { mean: 1, min: 0.97, max: 1.02 })
    }
    expect(titles.kneeTitle(reportFixture(flat))).toBe(
      'At no load up to 32 conversations a GPU is a gain with the warehouse shown',
    )
    const limited: Change = ({ knee }) => {
      for (const { multiplier } of knee) for (const one of Object.values(multiplier)) one.bound = 'loadLimited'
    }
    expect(titles.kneeTitle(reportFixture(limited))).toMatch(/^At no load/)
  })

  test('the baseline over load', () => {
    expect(titles.throughputTitle(reportFixture())).toBe(
      'More load slows HBM only: from 34.2 tokens per GPU-second at 4 conversations a GPU to 16.8 at 32',
    )
    const rising: Change = ({ knee }) => {
      for (const { arms, sessionsPerReplica } of knee) arms['hbm-only']!.tokensPerGpuSecond = sessionsPerReplica
    }
    expect(titles.throughputTitle(reportFixture(rising))).toBe(
      'More load does not slow HBM only: 32.0 tokens per GPU-second at 32 conversations a GPU',
    )
  })

  test('scale model and controls', () => {
    expect(titles.scaleTitle(reportFixture())).toMatch(
      /^4 of 6 ratios .*; the furthest off is weight bytes .*\(−79.5 %\)$/,
    )
    expect(titles.controlsTitle(reportFixture())).toBe('All 7 controls came out as expected')
    expect(
      titles.controlsTitle(
        reportFixture(({ controls }) => {
          controls[0]!.passed = false
        }),
      ),
    ).toBe('1 of 7 controls failed')
  })
})
