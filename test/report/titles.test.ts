import { describe, expect, test } from 'vitest'
import * as belief from '../../src/report/page/titles/belief.ts'
import * as load from '../../src/report/page/titles/load.ts'
import * as origin from '../../src/report/page/titles/origin.ts'
import * as run from '../../src/report/page/titles/run.ts'
import { validationNote, validationTitle } from '../../src/report/words/validation.ts'
import { type Change, reportFixture } from './fixture.ts'
import {
  complete,
  dramSweep,
  loadLimited,
  losing,
  lossy,
  namedSweep,
  noEqualService,
  onlyArms,
  setMultiplier,
  tensorParallel,
} from './variants.ts'

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
      'With the warehouse 100 GPUs do the work of no more than 100 (1.02×): no gain can be told from none',
      [change('warehouse', { value: 1.02, low: 0.99, high: 1.05 })],
    ],
    [
      'With the warehouse 100 GPUs do the work of at most 333: the baseline was not under full load',
      [change('warehouse', { bound: 'upper' })],
    ],
    [
      'With the warehouse 100 GPUs do the work of 333, of 158 against the strongest free baseline; local DRAM gives 292, the ceiling is 342',
      [complete],
    ],
    [
      'With the warehouse 100 GPUs do the work of 333, but of only 60 against the strongest free baseline; local DRAM gives 292, the ceiling is 342',
      [lossy],
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
      'A gain begins at 5 conversations a GPU, 3.30× at 8, 3.6× at 32 (planned but for the diamond)',
    )
    const flat: Change = ({ knee }) => {
      for (const { multiplier } of knee)
        for (const one of Object.values(multiplier))
          Object.assign(one, { mean: 1, low: 0.98, high: 1.01, min: 0.97, max: 1.02 })
    }
    expect(titles.kneeTitle(reportFixture(flat))).toBe(
      'At no load up to 32 conversations a GPU is a gain with the warehouse shown (planned but for the diamond)',
    )
    const passing: Change = ({ knee }) => {
      for (const { multiplier, sessionsPerReplica } of knee)
        if (sessionsPerReplica > 16)
          Object.assign(multiplier.warehouse!, { mean: 1.01, low: 0.99, high: 1.03, min: 0.98, max: 1.04 })
    }
    expect(titles.kneeTitle(reportFixture(passing))).toBe(
      'A gain begins at 5 conversations a GPU, 3.30× at 8, 3.6× at 16, none at 32 (planned but for the diamond)',
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

  test('hit rates over the load', () => {
    expect(titles.hitRateTitle(reportFixture(tensorParallel))).toBe(
      'At 8 conversations a replica HBM only hits 9.0 % of prompt tokens, with a ceiling of 96.6 %',
    )
    const kept: Change = ({ knee }) => {
      for (const { arms } of knee) arms['hbm-only']!.hitRate = 0.95
    }
    expect(titles.hitRateTitle(reportFixture(kept))).toBe(
      'HBM only keeps its hit rate within 5 points of the ceiling at every load',
    )
  })

  test('a sweep', () => {
    const title = (...changes: readonly Change[]): string => {
      const report = reportFixture(...changes)
      return titles.sweepTitle(report, report.sweep!)
    }
    expect(title(complete)).toBe(
      'The multiplier of the warehouse goes from 1.00× at link 2GB/s to 3.40× at 160GB/s (planned)',
    )
    expect(
      title(namedSweep, ({ sweep }) => {
        for (const { multiplier } of sweep!.points) multiplier.warehouse!.mean = 2
      }),
    ).toBe('kv hardly moves the multiplier of the warehouse: 2.00× to 2.00× (planned)')
    expect(title(dramSweep)).toBe(
      'The multiplier of local DRAM goes from 1.05× at dram 64GB to 1.86× at 1TB (planned); that of the warehouse hardly moves',
    )
  })

  test('where the multiplier comes from', () => {
    const title = (...changes: readonly Change[]): string =>
      titles.attributionTitle(reportFixture(...changes).attribution!)
    expect(title(complete)).toBe(
      'The warehouse gives 3.34×, planned: capacity 2.40×, sharing 1.50×; links, queueing and stores take 7.3 % of it',
    )
    expect(title(lossy)).toBe(
      'The warehouse costs throughput (0.778×): of 3.60× free of charge (capacity 2.40×, sharing 1.50×), links, queueing and stores take 78.4 %',
    )
    const none: Change = ({ attribution }) => {
      attribution!.tokensPerGpuSecond.both = attribution!.tokensPerGpuSecond.none
    }
    expect(title(complete, none)).toMatch(/^Neither capacity nor sharing gains anything here/)
  })

  test('break-even', () => {
    const title = (contextTokens: number | 'always' | 'never'): string =>
      titles.breakEvenTitle({ ...reportFixture(complete).breakEven!, contextTokens })
    expect(title(6214.3)).toBe('From 6,210 tokens of context on, a fetch over weka-amg beats a recompute')
    expect(title(5.25)).toBe('A fetch over weka-amg beats a recompute at every length in use')
    expect(title('always')).toMatch(/never slower than a recompute, whatever the context$/)
    expect(title('never')).toMatch(/slower than a recompute at every context$/)
    const { breakEven } = reportFixture(complete)
    expect(titles.breakEvenNote(breakEven!)).toBe(
      'For a context of 100,000 tokens: they break even at 2.20 GB/s a replica; a fetch wins at no MFU.',
    )
    expect(titles.breakEvenNote({ ...breakEven!, bandwidthBytesPerMs: 'always', linearMfu: 1.4 })).toContain(
      'a fetch wins at any bandwidth; even at an MFU of 100 % a recompute would be slower',
    )
  })

  test('equal service', () => {
    const title = (...changes: readonly Change[]): string => {
      const report = reportFixture(...changes)
      return titles.equalServiceTitle(report, report.equalService[0]!)
    }
    const change =
      (name: string, isHighestTried: boolean): Change =>
      ({ equalService }) => {
        equalService[0]!.arms[name]!.isHighestTried = isHighestTried
      }
    const start = 'With TTFT within 15 s and TPOT within 100 ms (p95), 100 GPUs with the warehouse do the work of 210'
    expect(title(complete)).toBe(start)
    expect(title(complete, change('warehouse', true))).toBe(`${start} (a lower bound)`)
    expect(title(complete, change('hbm-only', true))).toBe(`${start} (an upper bound)`)
    expect(title(noEqualService)).toBe(
      'The warehouse keeps TTFT within 15 s and TPOT within 100 ms (p95) at no load; an infinite cache does',
    )
    expect(
      title(complete, ({ equalService }) => {
        equalService[0]!.arms['hbm-only']!.tokensPerGpuSecond = null
      }),
    ).toMatch(/^HBM only keeps .* at no load, the warehouse does: there is no multiplier$/)
  })

  test('the same run done in other ways', () => {
    expect(titles.alternativesTitle(reportFixture(complete))).toBe(
      'How the run is done moves the multiplier of the warehouse: 1.60× (by timestamps) to 3.33× (by think time)',
    )
    expect(
      titles.alternativesTitle(
        reportFixture(complete, ({ alternatives }) => {
          for (const { multiplier } of alternatives) multiplier.warehouse = 3.3
        }),
      ),
    ).toMatch(/^How the run is done hardly moves/)
  })

  test('mock beside target, and the model beside published measurements', () => {
    const { scaleComparison, validation } = reportFixture(complete)
    expect(titles.comparisonTitle(scaleComparison!)).toBe(
      'Mock and target agree within 15 %; the furthest apart is warehouse 3.33× on the mock, 3.10× on the target, by 7.4 %',
    )
    expect(titles.comparisonTitle({ ...scaleComparison!, agrees: false, reasons: [] })).toMatch(
      /^Mock and target differ by 7.4 %, and no ratio explains it: warehouse/,
    )
    expect(validationTitle(validation!)).toBe(
      'Against 2 independent published times of single requests on an idle engine the model is off by 11.2 % (median), 36.0 % at worst',
    )
    const off = { ...validation!, timesMedianRelativeError: 0.2, timesWorstRelativeError: 0.5 }
    expect(validationTitle(off)).toMatch(/: beyond the aim of 15 % for the median and 40 % at worst$/)
    expect(validationTitle({ ...off, timesMedianRelativeError: 0.15 })).toMatch(/: beyond the aim of 40 % at worst$/)
    expect(validationTitle({ ...off, rows: off.rows.filter(({ role }) => role !== 'test') })).toBe(
      'The model was tested on no independent published time',
    )
    expect(validationNote(validation!)).toBe(
      'All rows are of single requests on an idle engine; loaded figures are not validated: no published row under load is on file. Median by kind: recomputed (2 rows) 11.2 %, 36.0 % at worst. One set of defaults and one overhead of a request hold for all rows; where a source leaves the number format of the KV open, the worse counts.',
    )
  })
})
