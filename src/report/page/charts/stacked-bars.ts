import * as Plot from '@observablehq/plot'
import { formatShare } from '../../../units.ts'
import type { Markup } from '../markup.ts'
import { type ChartSize, responsiveChart, textWidth } from './plot.ts'

export interface Segment {
  readonly name: string
  readonly share: number
  /** A colour of style.ts that has a second one to write on it. */
  readonly colour: string
}

export interface BarRow {
  readonly name: string
  readonly textColour: string
  readonly note: string
  readonly segments: readonly Segment[]
  readonly ceiling: number | undefined
}

interface Bar extends Segment {
  readonly from: number
  readonly to: number
  readonly y: number
  readonly row: string
  readonly inside: boolean
}

interface Leftover {
  readonly text: string
  readonly colour: string
  readonly x: number
  readonly y: number
}

const barHeight = 26
const headHeight = 22
const lineHeight = 18
const axisHeight = 40
const padding = 8

/** One bar an arm from 0 to 100 %. A segment is named on the bar, or beneath it when it is too small. */
export function stackedBars(label: string, axis: string, rows: readonly BarRow[]): Markup {
  return responsiveChart(label, (size) => bars(axis, rows, size))
}

function bars(axis: string, rows: readonly BarRow[], { width }: ChartSize): Plot.PlotOptions {
  const unit = 1 / (width - 2 * padding)
  const drawn: Bar[] = []
  const leftovers: Leftover[] = []
  const heads: { row: BarRow; y: number }[] = []
  let y = 0
  for (const row of rows) {
    heads.push({ row, y })
    const placed = placeSegments(row, y + headHeight, unit)
    const beneath = placeLeftovers(placed, y + headHeight + barHeight, unit)
    drawn.push(...placed)
    leftovers.push(...beneath)
    y = Math.max(y + headHeight + barHeight, ...beneath.map((item) => item.y + lineHeight / 2)) + 16
  }
  return {
    height: y + axisHeight,
    marginLeft: padding,
    marginRight: padding,
    marginTop: 0,
    marginBottom: axisHeight,
    x: { domain: [0, 1], type: 'linear' },
    y: { domain: [0, y], range: [0, y], type: 'linear', axis: null },
    marks: [
      Plot.axisX([0, 0.25, 0.5, 0.75, 1], {
        tickFormat: (tick: number) => `${tick * 100} %`,
        tickSize: 4,
        label: null,
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      text([axis], { x: 0.5, y, dy: 32, fill: 'var(--muted)', text: (title: string) => title }),
      ...barMarks(drawn),
      ...headMarks(heads),
      ...ceilingMarks(heads),
      ...leftoverMarks(leftovers, unit),
    ],
  }
}

function placeSegments(row: BarRow, y: number, unit: number): Bar[] {
  let from = 0
  return row.segments.map((segment) => {
    const to = from + segment.share
    const inside = segment.share / unit > textWidth(insideText(segment)) + 10
    const bar: Bar = { ...segment, from, to, y, row: row.name, inside }
    from = to
    return bar
  })
}

/** Right-aligned beneath the bar, as many lines as it takes. */
function placeLeftovers(bars: readonly Bar[], y: number, unit: number): Leftover[] {
  const small = bars.filter(({ inside, share }) => !inside && share >= 0.0005)
  const lines: { items: Bar[]; width: number }[] = [{ items: [], width: 0 }]
  const widthOf = (bar: Bar): number => (textWidth(insideText(bar)) + 28) * unit
  for (const bar of small) {
    if (lines.at(-1)!.width + widthOf(bar) > 1) lines.push({ items: [], width: 0 })
    const line = lines.at(-1)!
    line.items.push(bar)
    line.width += widthOf(bar)
  }
  return lines.flatMap(({ items, width }, i) => {
    let x = 1 - width
    return items.map((bar) => {
      const left = { text: insideText(bar), colour: bar.colour, x: x + 16 * unit, y: y + 12 + i * lineHeight }
      x += widthOf(bar)
      return left
    })
  })
}

function barMarks(bars: readonly Bar[]): Plot.Markish[] {
  return [
    Plot.rect(bars, {
      x1: 'from',
      x2: 'to',
      y1: 'y',
      y2: (bar: Bar) => bar.y + barHeight,
      fill: (bar: Bar) => `var(--${bar.colour})`,
      stroke: 'var(--paper)',
      strokeWidth: 1,
      title: (bar: Bar) => `${bar.row}, ${insideText(bar)}`,
    }),
    text(
      bars.filter(({ inside }) => inside),
      {
        x: (bar: Bar) => (bar.from + bar.to) / 2,
        y: (bar: Bar) => bar.y + barHeight / 2,
        text: insideText,
        fill: (bar: Bar) => `var(--${bar.colour}-on)`,
      },
    ),
  ]
}

function headMarks(heads: readonly { row: BarRow; y: number }[]): Plot.Markish[] {
  const y = (head: { y: number }): number => head.y + headHeight / 2
  return [
    text(heads, {
      x: 0,
      y,
      text: (head) => head.row.name,
      textAnchor: 'start',
      fill: (head) => head.row.textColour,
      fontWeight: 650,
    }),
    text(heads, { x: 1, y, text: (head) => head.row.note, textAnchor: 'end', fill: 'var(--muted)' }),
  ]
}

function ceilingMarks(heads: readonly { row: BarRow; y: number }[]): Plot.Markish[] {
  const marked = heads.filter(({ row }) => row.ceiling !== undefined)
  return [
    Plot.ruleX(marked, {
      x: (head) => head.row.ceiling,
      y1: (head) => head.y + headHeight - 3,
      y2: (head) => head.y + headHeight + barHeight + 3,
      stroke: 'var(--paper)',
      strokeWidth: 5,
    }),
    Plot.ruleX(marked, {
      x: (head) => head.row.ceiling,
      y1: (head) => head.y + headHeight - 4,
      y2: (head) => head.y + headHeight + barHeight + 4,
      stroke: 'currentColor',
      strokeWidth: 2,
    }),
  ]
}

function leftoverMarks(leftovers: readonly Leftover[], unit: number): Plot.Markish[] {
  return [
    Plot.dot(leftovers, {
      x: (item: Leftover) => item.x - 9 * unit,
      y: 'y',
      symbol: 'square',
      r: 4.5,
      fill: (item: Leftover) => `var(--${item.colour})`,
      stroke: 'var(--line)',
    }),
    text(leftovers, { x: 'x', y: 'y', text: 'text', textAnchor: 'start', fill: 'currentColor' }),
  ]
}

function text<Datum>(data: readonly Datum[], options: Plot.TextOptions): Plot.Markish {
  return Plot.text(data, options)
}

function insideText({ name, share }: Segment): string {
  return `${name} ${formatShare(share)}`
}
