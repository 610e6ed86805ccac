import { formatCount, formatInterval, formatShare } from '../../units.ts'
import { headlineArm } from '../arms.ts'
import { againstStrongest, headlineMultiplier, type Multiplier } from '../headline.ts'
import type { Report } from '../report.ts'
import { none, type ReportTable } from '../tables/report-table.ts'
import { plannedRatio } from '../words/ratio.ts'
import { failedExperiments, type SuiteOutcome, type SuiteReport } from './suite.ts'

/** What became of a suite, in a sentence. */
export function suiteSentence(suite: SuiteReport): string {
  const names = Object.keys(suite.experiments)
  const failed = failedExperiments(suite)
  const count = formatCount(names.length, 'experiment')
  if (failed.length === 0) return `Suite ${suite.suite}: ${count}, every check passed.`
  return `Suite ${suite.suite}: ${failed.length} of ${count} failed: ${failed.join(', ')}.`
}

const trustWords: Readonly<Record<Report['trust'], string>> = {
  tensors: 'real tensors',
  fitted: 'fitted cost model',
  catalogue: 'planned',
}

/** A row for each experiment: what the arm in question is worth, against what, and how far that is to be trusted. */
export function suiteTable(suite: SuiteReport): ReportTable {
  return {
    title: 'Experiments',
    head: [
      'experiment',
      'arm',
      'multiplier',
      'against strongest free baseline',
      'hit rate',
      'ceiling',
      'trust',
      'checks',
    ],
    rows: Object.entries(suite.experiments).map(([name, outcome]) => [name, ...cells(outcome)]),
    wordsFrom: 6,
  }
}

function cells({ report, problems }: SuiteOutcome): string[] {
  const headline = headlineMultiplier(report)
  const name = headline?.arm ?? headlineArm(report) ?? Object.keys(report.arms).at(-1)
  const arm = name === undefined ? undefined : report.arms[name]
  const strongest = headline && againstStrongest(report, headline.arm)
  return [
    name ?? none,
    headline === undefined ? none : multiplierCell(headline.multiplier),
    strongest === undefined ? none : plannedRatio({ ...strongest, mean: strongest.value }),
    arm === undefined ? none : formatShare(arm.hitRate),
    arm === undefined ? none : formatShare(arm.ceilingHitRate),
    trustWords[report.trust],
    problems.length === 0 ? 'passed' : `failed: ${problems.join('; ')}`,
  ]
}

/** "1.42× (1.40–1.45)", with the bound that it is. */
function multiplierCell({ value, bound, low, high }: Multiplier): string {
  const interval = low === null || high === null ? '' : ` (${formatInterval(low, high)})`
  return plannedRatio({ mean: value, bound }) + interval
}
