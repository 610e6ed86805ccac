import { exitCodes } from '../errors.ts'
import { type Validation, type ValidationRow, validationRows } from '../experiment/validation/validation.ts'
import { alignedLines, wrap } from '../report/words/terminal-text.ts'
import { formatBytes, formatFigures, formatMs, formatShare } from '../units.ts'

/** Prints published measurements beside what the catalogue's cost model predicts. */
export async function validate(json: boolean): Promise<number> {
  const validation = await validationRows()
  process.stdout.write(json ? `${JSON.stringify(validation, undefined, 2)}\n` : `${shown(validation).join('\n')}\n`)
  return exitCodes.done
}

const roles = ['test', 'fit', 'unexplained'] as const
const titles: Readonly<Record<ValidationRow['role'], string>> = {
  test: 'test: counted in median and worst',
  fit: 'fit: the defaults were chosen on these',
  unexplained: 'unexplained: the source names no engine, number format, link or model',
}

function shown(validation: Validation): string[] {
  const { rows } = validation
  const sections = roles.flatMap((role) => ['', titles[role], ...table(rows.filter((row) => row.role === role))])
  const line = (what: string, median: number, worst: number): string =>
    `${what}: median error ${formatShare(median)}, worst ${formatShare(worst)}`
  return [
    line('Test rows', validation.medianRelativeError, validation.worstRelativeError),
    line('of which times', validation.timesMedianRelativeError, validation.timesWorstRelativeError),
    line('Rows of the fit', validation.fitMedianRelativeError, validation.fitWorstRelativeError),
    ...sections,
    '',
    ...[...new Set(rows.map(({ source }) => source))].flatMap((source) => wrap(`Source: ${source}.`)),
  ]
}

function table(rows: readonly ValidationRow[]): string[] {
  const lines = alignedLines([
    ['  metric', 'published', 'predicted', 'error'],
    ...rows.flatMap((row) => [
      [
        `  ${row.metric}${row.assumed === undefined ? '' : ' *'}`,
        value(row, row.published),
        value(row, row.predicted),
        error(row.relativeError),
      ],
      ...(row.alternative === undefined
        ? []
        : [
            [
              `    with ${row.alternative.assumed}`,
              '',
              value(row, row.alternative.predicted),
              error(row.alternative.relativeError),
            ],
          ]),
    ]),
  ])
  const notes = [...new Set(rows.flatMap(({ assumed }) => (assumed === undefined ? [] : [assumed])))]
  const missing = [...new Set(rows.flatMap(({ predicted, note }) => (predicted === null ? [note ?? ''] : [])))]
  return [...lines, ...[...notes.map((note) => `  * assumed: ${note}`), ...missing.map((note) => `  – ${note}`)]]
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
