import { exitCodes } from '../errors.ts'
import type { KindErrors } from '../experiment/validation/score.ts'
import { type Validation, validationRows } from '../experiment/validation/validation.ts'
import type { ValidationRow } from '../experiment/validation/validation-row.ts'
import { alignedLines, wrap } from '../report/words/terminal-text.ts'
import { idleRequests, kindTitles, loadedNotValidated, missedAims, testedTimes } from '../report/words/validation.ts'
import { formatBytes, formatCount, formatFigures, formatMs, formatShare } from '../units.ts'

/** Prints published measurements beside what the catalogue's cost model predicts. */
export async function validate(json: boolean): Promise<number> {
  const validation = await validationRows()
  process.stdout.write(json ? `${JSON.stringify(validation, undefined, 2)}\n` : `${shown(validation).join('\n')}\n`)
  return exitCodes.done
}

const roles = ['test', 'fit', 'derived', 'unexplained'] as const
const titles: Readonly<Record<ValidationRow['role'], string>> = {
  test: 'test: independent, counted in median and worst',
  fit: 'fit: the defaults were chosen on these, not counted',
  derived: 'derived: others, or a formula, say it already, not counted',
  unexplained: 'unexplained: hangs on what the source leaves out, not counted',
}

function shown(validation: Validation): string[] {
  const { rows } = validation
  return [
    ...score(validation),
    ...roles.flatMap((role) => ['', titles[role], ...section(rows.filter((row) => row.role === role))]),
    '',
    ...[...new Set(rows.map(({ source }) => source))].flatMap((source) => wrap(`Source: ${source}.`)),
  ]
}

/** Independent rows alone, each kind for itself too, and what the figures do not cover. */
function score(validation: Validation): string[] {
  const { rows, byKind, timesMedianRelativeError: median, timesWorstRelativeError: worst } = validation
  const missed = missedAims(median, worst)
  const errors = (medianError: number, worstError: number): string =>
    `median error ${formatShare(medianError)}, worst ${formatShare(worstError)}`
  const fitted = rows.filter(({ role }) => role === 'fit')
  return [
    `${formatCount(testedTimes(rows), 'independent time')} of ${idleRequests}: ${errors(median, worst)}`,
    ...(missed === '' ? [] : [`  beyond the aim of ${missed}`]),
    ...byKind.map((kind) => `  ${kindWords(kind)}: ${errors(kind.medianRelativeError, kind.worstRelativeError)}`),
    ...kindsWithoutTest(rows).map((kind) => `  ${kindTitles[kind]}: no independent row`),
    `${formatCount(fitted.length, 'row')} of the fit: ${errors(validation.fitMedianRelativeError, validation.fitWorstRelativeError)}`,
    ...wrap(`All rows are of ${idleRequests}; ${loadedNotValidated}.`),
    ...wrap(
      `Every predicted TTFT has the overhead of a request before its first step, ${formatMs(validation.requestOverheadMs)}, whatever its source says. Where a source leaves the number format of the KV open, the worse counts.`,
    ),
  ]
}

function kindWords({ kind, rows }: KindErrors): string {
  return `${kindTitles[kind]}, ${formatCount(rows, 'row')}`
}

/** What the defaults were chosen on, and nothing else holds against. */
function kindsWithoutTest(rows: readonly ValidationRow[]): ValidationRow['kind'][] {
  const of = (role: ValidationRow['role']) => new Set(rows.filter((row) => row.role === role).map(({ kind }) => kind))
  const test = of('test')
  return [...of('fit')].filter((kind) => !test.has(kind))
}

/** Rows with the same reason under it. */
function section(rows: readonly ValidationRow[]): string[] {
  const reasons = [...new Set(rows.map(({ reason }) => reason))]
  return reasons.flatMap((reason) => [
    ...(reason === undefined ? [] : wrap(reason, 98).map((line) => `  ${line}`)),
    ...table(rows.filter((row) => row.reason === reason)),
  ])
}

function table(rows: readonly ValidationRow[]): string[] {
  const lines = alignedLines([['    metric', 'published', 'predicted', 'error'], ...rows.flatMap(cells)])
  const notes = [...new Set(rows.flatMap(({ assumed }) => (assumed === undefined ? [] : [assumed])))]
  const missing = [...new Set(rows.flatMap(({ predicted, note }) => (predicted === null ? [note ?? ''] : [])))]
  return [...lines, ...notes.map((note) => `    * assumed: ${note}`), ...missing.map((note) => `    – ${note}`)]
}

/** A row, and under it what other number formats give, where that can be seen. */
function cells(row: ValidationRow): string[][] {
  const figures = [value(row, row.predicted), error(row.relativeError)]
  const others = (row.alternatives ?? [])
    .map((other) => [
      `      with ${other.assumed}, nearer`,
      '',
      value(row, other.predicted),
      error(other.relativeError),
    ])
    .filter(([, , ...shown]) => shown.join() !== figures.join())
  const metric = `    ${row.metric}${row.assumed === undefined ? '' : ' *'}`
  return [[metric, value(row, row.published), ...figures], ...others]
}

function value({ unit }: ValidationRow, amount: number | null): string {
  if (amount === null) return '–'
  if (unit === 'ms') return formatMs(amount)
  if (unit === 'bytes') return formatBytes(amount)
  return unit === 'share' ? formatShare(amount) : `${formatFigures(amount)}×`
}

function error(relative: number | null): string {
  if (relative === null) return '–'
  const text = formatShare(Math.abs(relative))
  return text === formatShare(0) ? text : `${relative > 0 ? '+' : '−'}${text}`
}
