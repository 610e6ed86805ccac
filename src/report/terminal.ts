import { styleText } from 'node:util'
import { formatRatio } from '../units.ts'
import { answerSentence } from './answer.ts'
import { armNames, baselineArm, headlineArm, inArmOrder } from './arms.ts'
import { type EvidenceLine, evidenceLines } from './evidence.ts'
import { againstStrongest, otherRouters } from './headline.ts'
import type { Report } from './report.ts'
import { sweepMoves } from './sweep-moves.ts'
import { type MetricRow, metricRows, minimaRow } from './tables/arms.ts'
import { equalServiceCell } from './tables/readings.ts'
import { plannedRatio } from './words/ratio.ts'
import { sloName } from './words/slo.ts'
import { plain, wrap } from './words/terminal-text.ts'

export interface TerminalOptions {
  readonly colour: boolean
  readonly width: number
  readonly reportPath: string
}

const mostLines = 24
const mostColumns = 100
const leastColumns = 40
const gap = 2

type Style = 'bold' | 'dim' | 'yellow' | 'cyan'
type Paint = (style: Style, text: string) => string

/** Lines of the table that a narrow terminal keeps before anything else. */
const leastTableLines = 3
/** Rows of the table up to this rank come before what weakens the answer. */
const tableRank = 2
/** Lines of what weakens the answer that come before the other readings. */
const leastWeakening = 4

/** What the answer cannot be read without. */
const kept = ['Measured', 'Planned', 'Answers', 'Controls', 'Left out']

/** The answer for a terminal: the sentence, the table of arms, what it rests on, where the report is. */
export function renderTerminal(report: Report, { colour, width, reportPath }: TerminalOptions): string {
  const columns = Math.max(leastColumns, Math.min(mostColumns, width))
  // The caller has decided about colour; styleText would look at the stream again.
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const path = [paint('cyan', plain(reportPath))]
  const sentence = wrap(plain(answerSentence(report)), columns).slice(0, mostLines - path.length)
  const rows = metricRows(report).filter(({ metric }) => metric !== minimaRow)
  let left = mostLines - sentence.length - path.length
  const take = (lines: number): number => {
    const taken = Math.max(0, Math.min(lines, left))
    left -= taken
    return taken
  }
  const { weakening, supporting } = evidenceOf(report)
  const must = [...weakening, ...supporting].filter(isKept)
  let tableRoom = take(leastTableLines)
  const mustRoom = take(trustLength(must, columns, left))
  tableRoom += take(1 + rows.filter(({ rank }) => rank <= tableRank).length - tableRoom)
  const weakeningRoom = take(
    Math.min(
      leastWeakening,
      trustLength(
        weakening.filter((told) => !isKept(told)),
        columns,
        left,
      ),
    ),
  )
  const readings = whatFits(readingLines(report), columns, left)
  left -= readings.length
  // In a narrow terminal the sentence needs the room of the empty line.
  const gapLine = take(1) > 0 ? [''] : []
  tableRoom += take(rows.length + 1 - tableRoom)
  const table = armTable(report, rows, columns, tableRoom, paint)
  const trust = trustLines(
    weakening,
    supporting,
    columns,
    mustRoom + weakeningRoom + left + tableRoom - table.length,
    paint,
  )
  return [...sentence.map((text) => paint('bold', text)), ...gapLine, ...table, ...readings, ...trust, ...path].join(
    '\n',
  )
}

/** What weakens the answer, and what supports it. */
function evidenceOf(report: Report) {
  // With a knee the sentence itself has the spread over workloads; what was not compared is no evidence.
  const lines = evidenceLines(report).filter(({ topic }) => topic !== 'Workloads' || report.knee.length === 0)
  const compared = lines.filter(({ topic }) => topic !== 'Answers' || report.verification !== null)
  return {
    weakening: compared.filter(({ sound }) => !sound),
    supporting: [
      ...compared.filter((told) => told.sound && isKept(told)),
      ...compared.filter((told) => told.sound && !isKept(told)),
      ...plannedLines(report),
      ...lines.filter((told) => !compared.includes(told)),
    ],
  }
}

function isKept({ topic }: EvidenceLine): boolean {
  return kept.includes(topic)
}

/** Lines that these take: what weakens one each, the rest as a paragraph. */
function trustLength(lines: readonly EvidenceLine[], columns: number, room: number): number {
  const paragraph = lines.filter(({ sound }) => sound).map(sentenceOf)
  const told = paragraph.length === 0 ? 0 : wrap(paragraph.join(' '), columns).length
  return (
    told +
    whatFits(
      lines.filter(({ sound }) => !sound),
      columns,
      room,
    ).length
  )
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
  const moves = sweepMoves(sweep)
  if (moves.length === 0) return []
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
  return [{ topic: `Over ${sweep.parameter} ${first.value} to ${last.value}, planned`, text, sound: true }]
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

/** What weakens the answer comes first; the rest is one paragraph, as far as there is room. What is kept has its room. */
function trustLines(
  weakening: readonly EvidenceLine[],
  supporting: readonly EvidenceLine[],
  columns: number,
  room: number,
  paint: Paint,
): string[] {
  const keptRoom = trustLength(supporting.filter(isKept), columns, room)
  const ordered = [...weakening.filter(isKept), ...weakening.filter((told) => !isKept(told))]
  const taken = whatFits(ordered, columns, room - keptRoom)
  const told: string[] = []
  let paragraph: string[] = []
  for (const one of supporting) {
    const longer = wrap([...told, sentenceOf(one)].join(' '), columns)
    if (taken.length + longer.length > room) continue
    told.push(sentenceOf(one))
    paragraph = longer
  }
  return [...taken.map((text) => paint('yellow', text)), ...paragraph.map((text) => paint('dim', text))]
}

/** Lines of the first ones that fit, each whole or not at all. */
function whatFits(lines: readonly EvidenceLine[], columns: number, room: number): string[] {
  const taken: string[] = []
  for (const told of lines) {
    const wrapped = wrap(sentenceOf(told), columns)
    if (taken.length + wrapped.length <= room) taken.push(...wrapped)
  }
  return taken
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

/** Metrics as rows, arms as columns; arms that do not fit are counted, and rows of little weight make room. */
function armTable(report: Report, all: readonly MetricRow[], columns: number, room: number, paint: Paint): string[] {
  const names = armNames(report)
  if (room < 1) return []
  if (names.length === 0) return ['No arm has figures.']
  const rows = weightiest(all, room - 1)
  const labelWidth = Math.max(...rows.map(({ metric }) => metric.length))
  const widths = names.map((name, i) => Math.max(name.length, ...rows.map(({ cells }) => cells[i]!.length)))
  const shown = fitting(names, widths, columns - labelWidth, headlineArm(report))
  const cellsOf = (cells: readonly string[]): string =>
    shown.map((i) => ' '.repeat(gap) + cells[i]!.padStart(widths[i]!)).join('')
  const lines = rows.map(({ metric, cells }: MetricRow) => {
    const line = `${metric.padEnd(labelWidth)}${plain(cellsOf(cells))}`
    return metric === 'multiplier' ? paint('bold', line) : line
  })
  const hidden = names.length - shown.length
  const more = hidden === 0 ? '' : `+${hidden} in report`
  return [paint('dim', `${more.padEnd(labelWidth).slice(0, labelWidth)}${plain(cellsOf(names))}`), ...lines]
}

/** The rows that fit: the highest ranks go first, of equals the last one. */
function weightiest(rows: readonly MetricRow[], room: number): readonly MetricRow[] {
  if (rows.length <= Math.max(0, room)) return rows
  const highest = Math.max(...rows.map(({ rank }) => rank))
  return weightiest(
    rows.toSpliced(
      rows.findLastIndex(({ rank }) => rank === highest),
      1,
    ),
    room,
  )
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
