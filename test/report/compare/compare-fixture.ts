import type { CompareReport } from '../../../src/report/compare/compare-report.ts'

type Comparison = CompareReport['comparisons'][number]

const figure = {
  unit: 'tokens',
  kind: 'deterministic',
  base: 1000,
  head: 1000,
  changeRelative: 0,
  outcome: 'unchanged',
  isGated: true,
  p: null,
  attainableP: null,
} as const

const figures: Comparison['figures'] = [
  { ...figure, name: 'warehouse/tokens hit in HBM' },
  {
    ...figure,
    name: 'infinite-cache/tokens computed again',
    head: 1031,
    changeRelative: 0.031,
    outcome: 'worse',
  },
  { ...figure, name: 'warehouse/evictions', unit: 'blocks', head: 900, changeRelative: -0.1, outcome: 'better' },
  {
    ...figure,
    name: 'planning time',
    unit: 's',
    kind: 'measured',
    head: 1500,
    changeRelative: 0.5,
    outcome: 'worse',
    isGated: false,
    p: 0.5,
    attainableP: 0.5,
  },
  { ...figure, name: 'a|<b>&', base: null, changeRelative: null, outcome: 'new' },
]

export const timing: NonNullable<CompareReport['timing']> = {
  noiseRounds: 3,
  rounds: 5,
  plansDiffer: false,
  figures: [
    {
      name: 'prefill',
      changeRelative: 0.103,
      low: 0.09,
      high: 0.12,
      p: 1e-9,
      totalChangeRelative: 0.11,
      noiseHalfWidthRelative: 0.01,
      smallestFoundRelative: 0.06,
      thresholdRelative: 0.05,
      isFlagged: true,
      warns: false,
      verdict: 'regression',
    },
    {
      name: 'decode',
      changeRelative: 0.01,
      low: -0.01,
      high: 0.03,
      p: 0.2,
      totalChangeRelative: 0.3,
      noiseHalfWidthRelative: 0.02,
      smallestFoundRelative: 0.14,
      thresholdRelative: 0.05,
      isFlagged: false,
      warns: true,
      verdict: 'inconclusive',
    },
  ],
}

/** A comparison with one figure of every kind. */
export function compareFixture(change: Partial<CompareReport> = {}): CompareReport {
  return {
    schemaVersion: 1,
    createdAt: '2026-11-29T17:19:25.000Z',
    verdict: 'regression',
    base: 'base.json (2026-11-28 03:00)',
    head: 'head.json (2026-11-29 03:00)',
    comparisons: [{ experiment: 'nightly', base: 'b', head: 'h', isGated: true, notes: ['A note.'], figures }],
    notes: [],
    timing: null,
    ...change,
  }
}
