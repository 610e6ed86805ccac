import { styleText } from 'node:util'
import { formatRatio } from '../units.ts'
import { armNames, baselineArm, headlineArm, inArmOrder } from './arms.ts'
import type { EvidenceLine } from './evidence.ts'
import { type FirstScreen, firstScreen, isFailure } from './first-screen.ts'
import { againstStrongest, otherRouters } from './headline.ts'
import { choiceLines, isChoice } from './own-effect.ts'
import type { Report, Sweep } from './report.ts'
import { sweepMoves } from './sweep-moves.ts'
import { type MetricRow, metricRows } from './tables/arms.ts'
import { equalServiceCell } from './tables/readings.ts'
import { plannedRatio } from './words/ratio.ts'
import { sloName } from './words/slo.ts'
import { plain, wrap } from './words/terminal-text.ts'

export interface TerminalOptions {
  readonly colour: boolean
  readonly width: number
  readonly reportPath: string
  /** All figures and all that the answer rests on, however long. */
  readonly details?: boolean
}

const mostLines = 14
const mostColumns = 100
const leastColumns = 40
const gap = 2

type Style = 'bold' | 'dim' | 'yellow' | 'cyan'
type Paint = (style: Style, text: string) => string

/** Rows of the table up to this rank stand on the first screen. */
const firstRank = 2

/** The answer for a terminal: the line, its readings, a small table of arms, what could change one's mind, where the report is. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const { colour, details = false, reportPath } = options
  const columns = Math.max(leastColumns, Math.min(mostColumns, options.width))
  // The caller has decided about colour; styleText would look at the stream again.
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const screen = firstScreen(report)
  const path = pathLines(plain(reportPath), details, columns, paint)
  if (details) {
    const head = headLines(screen, columns, Number.POSITIVE_INFINITY, paint)
    const table = armTable(report, metricRows(report), columns, paint).flat()
    return [...head, '', ...table, ...detailLines(report, screen, columns, paint), ...path].join('\n')
  }
  // However narrow the terminal is: what failed is told before anything but the answer.
  const answer = answerLines(screen, columns, paint)
  const failed = failureLines(screen, columns, mostLines - path.length - answer.length, paint)
  const head = headLines(screen, columns, mostLines - path.length - failed.length, paint)
  const room = mostLines - path.length - failed.length - head.length
  const table = leadingRows(armTable(report, firstRows(report), columns, paint), room)
  const others = screen.changes.filter((line) => !isFailure(line))
  const changes = [...failed, ...changeLines(others, columns, room - table.length, paint)]
  const gapLine = room + failed.length - table.length - changes.length > 0 ? [''] : []
  return [...head, ...gapLine, ...table, ...changes, ...path].join('\n')
}

/** The multiplier in the answer's own figures, hit rate and waiting: what a reader compares arms by. */
function firstRows(report: Report): MetricRow[] {
  const names = armNames(report)
  const worth = names.map((name) => {
    const figure = report.multiplier[name]
    if (name === baselineArm) return 'the baseline'
    return figure === undefined ? '–' : `${boundSigns[figure.bound]}${formatRatio(figure.value)}`
  })
  const ratios = Object.keys(report.multiplier).length === 0 ? [] : [{ metric: 'worth', cells: worth, rank: 0 }]
  const measured = metricRows(report).filter(({ metric, rank }) => rank <= firstRank && !ofMultiplier.test(metric))
  return [...ratios, ...measured.filter(({ metric }) => ratios.length === 0 || !metric.startsWith('tokens per GPU'))]
}

/** Rows that say more of the multiplier. */
const ofMultiplier = /^(multiplier| {2})/

const boundSigns = { exact: '', lower: '≥ ', upper: '≤ ', loadLimited: '≈ ' } as const

function answerLines({ answer }: FirstScreen, columns: number, paint: Paint): string[] {
  return wrap(plain(answer), columns).map((text) => paint('bold', text))
}

/** What failed, cut where there is no room for all of it. */
function failureLines({ changes }: FirstScreen, columns: number, room: number, paint: Paint): string[] {
  const lines = changes.filter(isFailure).flatMap((line) => wrap(`! ${sentenceOf(line)}`, columns - gap))
  const told = lines.length <= room ? lines : [...lines.slice(0, room - 1), `${lines[room - 1]!} …`]
  return told.map((text) => paint('yellow', text))
}

/** The answer, whole, and its readings: those that fit, each whole or not at all. */
function headLines(screen: FirstScreen, columns: number, most: number, paint: Paint): string[] {
  const taken = answerLines(screen, columns, paint)
  const take = (lines: readonly string[]): boolean => {
    const fits = taken.length + lines.length <= most
    if (fits) taken.push(...lines)
    return fits
  }
  for (const line of screen.readings) take(indented(line, columns))
  let plannedHead = screen.plannedHead === '' ? [] : wrap(screen.plannedHead, columns).map((text) => paint('dim', text))
  for (const line of screen.planned) {
    if (take([...plannedHead, ...indented(line, columns)])) plannedHead = []
  }
  return taken
}

function indented(line: string, columns: number): string[] {
  return wrap(plain(line), columns - gap).map((text) => `${' '.repeat(gap)}${text}`)
}

const detailsHint = '--details shows all'

/** Where the report is, and how to see more; beside it where there is room. */
function pathLines(path: string, details: boolean, columns: number, paint: Paint): string[] {
  const shown = paint('cyan', path)
  if (details) return [shown]
  const hint = paint('dim', detailsHint)
  const fits = path.length + gap + detailsHint.length <= columns
  return fits ? [`${shown}${' '.repeat(gap)}${hint}`] : [hint, shown]
}

/** Rows of a table that fit, each whole; a head without a row says nothing. */
function leadingRows(rows: readonly (readonly string[])[], room: number): string[] {
  const taken: string[] = []
  let count = 0
  for (const lines of rows) {
    if (taken.length + lines.length > room) break
    taken.push(...lines)
    count++
  }
  return count === 1 && rows.length > 1 ? [] : taken
}

/** What could change the reader's mind: what weakens is cut where there is no room for all of it, the rest is told whole or not. */
function changeLines(changes: readonly EvidenceLine[], columns: number, room: number, paint: Paint): string[] {
  const taken: string[] = []
  for (const told of changes) {
    const lines = wrap(`${told.sound ? '' : '! '}${sentenceOf(told)}`, columns)
    const left = room - taken.length
    if (lines.length > left && (told.sound || left < 1)) continue
    const shown = lines.length > left ? [...lines.slice(0, left - 1), cutShort(lines[left - 1]!)] : lines
    taken.push(...shown.map((text) => paint(told.sound ? 'dim' : 'yellow', text)))
  }
  return taken
}

/** A line that goes on in the report. */
function cutShort(line: string): string {
  return `${line.slice(0, -2).replace(/ ?[^ ]*$/, '')} …`
}

/** Everything else: other readings, other routers, all that the answer rests on. */
function detailLines(report: Report, screen: FirstScreen, columns: number, paint: Paint): string[] {
  const told = [...readingLines(report), ...plannedLines(report), ...screen.changes, ...screen.folded]
  return told.flatMap((one) => changeLines([one], columns, Number.POSITIVE_INFINITY, paint))
}

/** Other readings of the multiplier than that of the same load. */
function readingLines(report: Report): EvidenceLine[] {
  const lines: EvidenceLine[] = sweepLine(report)
  const figures = armNames(report).flatMap((name) => {
    const figure = name === baselineArm ? undefined : againstStrongest(report, name)
    return figure === undefined ? [] : [`${name} ${plannedRatio({ mean: figure.value, bound: figure.bound })}`]
  })
  if (figures.length > 0)
    lines.push({ topic: 'Against the strongest free baseline', text: figures.join(', '), sound: true })
  for (const service of report.equalService) {
    const compared = inArmOrder(Object.keys(service.arms)).filter((name) => name !== baselineArm)
    const baseline = service.arms[baselineArm]
    const isCompared = baseline?.tokensPerGpuSecond !== null
    const arms = compared.map((name) => `${name} ${shortCell(service, name)}`)
    const text = isCompared ? arms.join(', ') : `${baselineArm} keeps it at no load; ${keepers(service, compared)}`
    if (baseline !== undefined && compared.length > 0)
      lines.push({ topic: `Equal service, ${sloName(service.slo)}`, text, sound: true })
  }
  return lines
}

/** The sweep that was asked for: the arms that it moves, from its first value to its last. */
function sweepLine({ sweep }: Report): EvidenceLine[] {
  if (sweep === undefined || sweep.points.length === 0) return []
  const effect = isChoice(sweep.parameter) ? effectLine(sweep) : []
  const moves = sweepMoves(sweep)
  if (moves.length === 0) return effect
  const { first, last } = moves[0]!
  const moving = moves.filter((move) => move.moves)
  const told = moving.map((move) => `${move.arm} ${formatRatio(move.first.mean)} to ${formatRatio(move.last.mean)}`)
  const still =
    moves.length === moving.length
      ? ''
      : moving.length === 0
        ? 'hardly moves any multiplier'
        : '; the others hardly move'
  const text = `${told.join(', ')}${still}`
  return [...effect, { topic: `Over ${sweep.parameter} ${first.value} to ${last.value}, planned`, text, sound: true }]
}

/** Throughput of each arm against its own at the first value: a multiplier does not show what a choice does to both arms. */
function effectLine(sweep: Sweep): EvidenceLine[] {
  const text = choiceLines(sweep).join('; ')
  const topic = `Each arm against itself with ${sweep.parameter} ${sweep.points[0]!.value}, planned`
  return text === '' ? [] : [{ topic, text, sound: true }]
}

function keepers({ arms }: Report['equalService'][number], names: readonly string[]): string {
  const keep = names.filter((name) => arms[name]!.tokensPerGpuSecond !== null)
  return keep.length === 0 ? 'neither does any other arm' : `kept by ${keep.join(', ')}`
}

/** Without the GPUs that the ratio is worth, which the table of the report has. */
function shortCell(service: Report['equalService'][number], name: string): string {
  return equalServiceCell(service, name)
    .replace(/, [^,]* GPUs$/, '')
    .replace('keeps it at', 'at')
    .replace(/([≥≤]) /, '$1')
}

function sentenceOf({ topic, text }: EvidenceLine): string {
  return plain(`${topic}: ${text}.`)
}

function plannedLines(report: Report): EvidenceLine[] {
  return otherRouters(report).map((point) => {
    const arms = armNames(report).filter((name) => point.multiplier[name] !== undefined)
    const text = arms.map((name) => `${name} ${plannedRatio(point.multiplier[name]!)}`).join('; ')
    return { topic: `With ${point.router}, planned`, text, sound: true }
  })
}

/** A label that is longer than this takes two lines where an arm would otherwise not be shown. */
const mostLabel = 30

/** Metrics as rows of one line or more, the arms in the first; arms that do not fit are counted. */
function armTable(report: Report, rows: readonly MetricRow[], columns: number, paint: Paint): string[][] {
  const names = armNames(report)
  if (names.length === 0) return []
  const headline = headlineArm(report)
  const widths = names.map((name, i) => Math.max(name.length, ...rows.map(({ cells }) => cells[i]!.length)))
  const longest = Math.max(...rows.map(({ metric }) => metric.length))
  const leftByAll = columns - widths.reduce((sum, width) => sum + width + gap, 0)
  const leftByOne = columns - gap - widths[names.indexOf(headline ?? names[0]!)]!
  const labelWidth = Math.min(longest, leftByOne, Math.max(mostLabel, leftByAll))
  const shown = fitting(names, widths, columns - labelWidth, headline)
  const cellsOf = (cells: readonly string[]): string =>
    shown.map((i) => ' '.repeat(gap) + cells[i]!.padStart(widths[i]!)).join('')
  const lines = rows.map(({ metric, cells }: MetricRow) => {
    const label = metric.length <= labelWidth ? [metric] : wrap(metric, labelWidth)
    const line = `${label.at(-1)!.padEnd(labelWidth)}${plain(cellsOf(cells))}`
    const isBold = metric === 'worth' || metric === 'multiplier'
    return [...label.slice(0, -1), isBold ? paint('bold', line) : line]
  })
  const hidden = names.length - shown.length
  const more = hidden === 0 ? '' : `+${hidden} in report`
  return [[paint('dim', `${more.padEnd(labelWidth).slice(0, labelWidth)}${plain(cellsOf(names))}`)], ...lines]
}

/** Columns that fit: the headline's and the baseline's before all others, in their order. */
function fitting(
  names: readonly string[],
  widths: readonly number[],
  room: number,
  headline: string | undefined,
): number[] {
  const order = names.map((_, i) => i).sort((a, b) => rank(names[a]!) - rank(names[b]!) || a - b)
  const taken: number[] = []
  let left = room
  for (const i of order) {
    if (taken.length > 0 && widths[i]! + gap > left) break
    left -= widths[i]! + gap
    taken.push(i)
  }
  return taken.sort((a, b) => a - b)

  function rank(name: string): number {
    if (name === headline) return 0
    return name === names[0] ? 1 : 2
  }
}
