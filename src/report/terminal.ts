import { styleText } from 'node:util'
import { answerSentence } from './answer.ts'
import { armNames, baselineArm, headlineArm, inArmOrder } from './arms.ts'
import { type EvidenceLine, evidenceLines } from './evidence.ts'
import { againstStrongest, otherRouters } from './headline.ts'
import type { Report } from './report.ts'
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

/** Lines that what the answer rests on shall have at least, as far as rows of the table can make room. */
const leastTrustLines = 4

/** The answer for a terminal: the sentence, the table of arms, what it rests on, where the report is. */
export function renderTerminal(report: Report, { colour, width, reportPath }: TerminalOptions): string {
  const columns = Math.max(leastColumns, Math.min(mostColumns, width))
  // The caller has decided about colour; styleText would look at the stream again.
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const path = [paint('cyan', plain(reportPath))]
  const sentence = wrap(plain(answerSentence(report)), columns).slice(0, mostLines - path.length)
  const readings = readingLines(report).flatMap((told) => wrap(sentenceOf(told), columns))
  const room = mostLines - sentence.length - path.length
  const weakening = evidenceLines(report).filter(({ sound }) => !sound)
  const trustRoom = leastTrustLines + Math.min(weakening.length, leastTrustLines)
  const table = armTable(report, columns, room - readings.length - trustRoom - 1, paint).slice(0, room)
  const told = readings.slice(0, room - table.length)
  const left = room - table.length - told.length
  // In a narrow terminal the sentence needs the room of the empty lines.
  const gapLine = left > 0 ? [''] : []
  const trust = trustLines(report, columns, left - gapLine.length, paint)
  return [...sentence.map((text) => paint('bold', text)), ...gapLine, ...table, ...told, ...trust, ...path].join('\n')
}

/** Other readings of the multiplier than that of the same load. */
function readingLines(report: Report): EvidenceLine[] {
  const lines: EvidenceLine[] = []
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

/** What weakens the answer comes first; the rest is one paragraph, as far as there is room. */
function trustLines(report: Report, columns: number, room: number, paint: Paint): string[] {
  // With a knee the sentence itself has the spread over workloads.
  const lines = evidenceLines(report).filter(({ topic }) => topic !== 'Workloads' || report.knee.length === 0)
  const sound = [...lines.filter((told) => told.sound), ...plannedLines(report)]
  const weakening = lines.filter((told) => !told.sound)
  const rung = sound.length === 0 ? 0 : wrap(sentenceOf(sound[0]!), columns).length
  const beside = whatFits(weakening, columns, room - rung)
  const taken = beside.length > 0 ? beside : whatFits(weakening, columns, room)
  let paragraph: string[] = []
  for (const told of sound) {
    const longer = wrap([...paragraph, sentenceOf(told)].join(' '), columns)
    if (taken.length + longer.length <= room) paragraph = longer
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

/** Metrics as rows, arms as columns; arms that do not fit are counted, and minor rows make room. */
function armTable(report: Report, columns: number, room: number, paint: Paint): string[] {
  const names = armNames(report)
  if (names.length === 0) return ['No arm has figures.']
  const rows = withoutMinor(
    metricRows(report).filter(({ metric }) => metric !== minimaRow),
    room - 1,
  )
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

/** As many minor rows as there is room for, the last ones left out first. */
function withoutMinor(rows: readonly MetricRow[], room: number): readonly MetricRow[] {
  if (rows.length <= room) return rows
  const last = rows.findLastIndex(({ minor }) => minor)
  return last < 0 ? rows : withoutMinor(rows.toSpliced(last, 1), room)
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
