import { formatFigures, formatNumber, formatRatio, formatShare } from '../../units.ts'
import { inArmOrder } from '../arms.ts'
import type { Report, ScaleComparison, Validation } from '../report.ts'
import { expectedWords, mismatchCell, mismatchWords } from '../words/scale.ts'
import type { ReportTable } from './report-table.ts'

export function scaleTable({ scaleModel }: Report): ReportTable {
  return {
    title: 'Scale model',
    head: ['ratio', 'target', 'mock', 'mismatch', 'reading'],
    rows: scaleModel.map((row) => [
      row.ratio,
      formatNumber(row.target),
      formatNumber(row.mock),
      mismatchCell(row),
      mismatchWords(row),
    ]),
    wordsFrom: 4,
  }
}

export function controlsTable({ controls }: Report): ReportTable {
  return {
    title: 'Controls',
    head: ['control', 'outcome', 'expected', 'verdict'],
    rows: controls.map((control) => [
      control.name,
      control.measured.toFixed(3),
      expectedWords(control),
      control.passed ? 'as expected' : 'failed',
    ]),
  }
}

/** Multipliers measured on the mock beside those planned for the target. */
export function comparisonTable({ arms }: ScaleComparison): ReportTable {
  return {
    title: 'Multipliers measured on the mock beside those planned for the target',
    head: ['arm', 'mock', 'target', 'difference'],
    rows: inArmOrder(Object.keys(arms)).map((name) => {
      const { mock, target, difference } = arms[name]!
      return [name, formatRatio(mock), formatRatio(target), signedShare(difference)]
    }),
  }
}

/** What the ratios that are off are worth, one at a time. */
export function reasonsTable({ reasons }: ScaleComparison): ReportTable | undefined {
  if (reasons.length === 0) return undefined
  return {
    title: 'What the ratios that are off are worth: the target planned once more with the mock’s value of one ratio',
    head: ['ratio', 'multiplier of the target as it is', 'with the mock’s value', 'change'],
    rows: reasons.map(({ ratio, target, withMocks }) => [
      ratio,
      formatRatio(target),
      formatRatio(withMocks),
      signedShare(withMocks / target - 1),
    ]),
  }
}

const roles = {
  test: 'Published measurements that the model was tested on',
  fit: 'Published measurements that the defaults were fitted on, in neither median nor worst',
  unexplained: 'Published measurements whose engine or link is not stated, in neither median nor worst',
} as const

export type Role = keyof typeof roles

export function validationTable({ rows }: Validation, role: Role): ReportTable | undefined {
  const shown = rows.filter((row) => row.role === role)
  if (shown.length === 0) return undefined
  return {
    title: `${roles[role]}: ${shown.length}`,
    head: ['measurement', 'published', 'predicted', 'error', 'metric', 'source'],
    rows: shown.map(({ id, metric, unit, published, predicted, relativeError, source }) => [
      id,
      `${formatFigures(published)} ${unit}`.trim(),
      `${formatFigures(predicted)} ${unit}`.trim(),
      signedShare(relativeError),
      metric,
      source,
    ]),
    wordsFrom: 4,
  }
}

/** "+12.0 %", "−3.1 %". */
export function signedShare(share: number): string {
  return `${share < 0 ? '−' : '+'}${formatShare(Math.abs(share))}`
}
