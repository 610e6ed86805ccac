import { formatFigures, formatNumber, formatRatio, formatShare } from '../../units.ts'
import { inArmOrder } from '../arms.ts'
import type { Report, ScaleComparison, Validation } from '../report.ts'
import { expectedWords, mismatchCell, mismatchWords } from '../words/scale.ts'
import { idleRequests } from '../words/validation.ts'
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

type Role = Validation['rows'][number]['role']

export const roles: readonly Role[] = ['test', 'fit', 'derived', 'unexplained']

const roleTitles: Readonly<Record<Role, string>> = {
  test: `Independent published measurements of ${idleRequests}`,
  fit: 'Published measurements that the defaults were fitted on, in neither median nor worst',
  derived: 'Published measurements that say what others, or a formula, say already, in neither median nor worst',
  unexplained: 'Published measurements that hang on what their source leaves out, in neither median nor worst',
}

export function validationTable({ rows }: Validation, role: Role): ReportTable | undefined {
  const shown = rows.filter((row) => row.role === role)
  if (shown.length === 0) return undefined
  const hasReasons = shown.some(({ reason }) => reason !== undefined)
  return {
    title: `${roleTitles[role]}: ${shown.length}`,
    head: ['measurement', 'published', 'predicted', 'error', 'metric', 'source', ...(hasReasons ? ['why'] : [])],
    rows: shown.map(({ id, metric, unit, published, predicted, relativeError, source, reason }) => [
      id,
      `${formatFigures(published)} ${unit}`.trim(),
      `${formatFigures(predicted)} ${unit}`.trim(),
      signedShare(relativeError),
      metric,
      source,
      ...(hasReasons ? [reason ?? ''] : []),
    ]),
    wordsFrom: 4,
  }
}

/** "+12.0 %", "−3.1 %". */
export function signedShare(share: number): string {
  return `${share < 0 ? '−' : '+'}${formatShare(Math.abs(share))}`
}
