import * as Plot from '@observablehq/plot'
import { formatFigures, formatNumber } from '../../../units.ts'
import { baselineArm, inArmOrder } from '../../arms.ts'
import type { EqualService, Report } from '../../report.ts'
import { equalServiceCell } from '../../tables/readings.ts'
import { none } from '../../tables/report-table.ts'
import { aReplicaOf } from '../../words/load.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { type ChartSize, nameMargin, responsiveChart, textWidth } from './plot.ts'

interface Row {
  readonly name: string
  readonly colour: string
  readonly textColour: string
  readonly value: number
  readonly text: string
  /** Middle of the row, px. */
  readonly y: number
}

const barHeight = 20
const axisHeight = 46

/** Throughput of each arm at the highest load at which it keeps the SLO: bars from zero, none where it keeps it nowhere. */
export function equalServiceChart(report: Report, service: EqualService, label: string): Markup {
  return responsiveChart(label, (size) => bars(report, service, size))
}

function bars(report: Report, service: EqualService, { width, narrow }: ChartSize): Plot.PlotOptions {
  const rowHeight = narrow ? 66 : 34
  const rows = rowsOf(report, service, rowHeight, narrow)
  const marginLeft = narrow ? 8 : nameMargin(rows.map(({ name }) => name))
  const marginRight = 14
  const innerWidth = width - marginLeft - marginRight
  const most = axisEnd(rows, narrow ? Number.POSITIVE_INFINITY : innerWidth)
  const bottom = rows.length * rowHeight + 6
  // In a narrow chart the text has a line of its own beneath the bar.
  const isInside = (row: Row): boolean => !narrow && (row.value / most) * innerWidth > textWidth(row.text) + 20
  const textMark = (inside: boolean): Plot.Markish =>
    Plot.text(
      rows.filter((row) => isInside(row) === inside),
      {
        x: (row: Row) => (narrow ? 0 : row.value),
        y: (row: Row) => row.y + (narrow ? barHeight : 0),
        text: 'text',
        textAnchor: inside ? 'end' : 'start',
        dx: inside ? -8 : narrow ? 0 : 8,
        fill: inside ? (row: Row) => row.colour.replace(')', '-on)') : 'currentColor',
      },
    )
  return {
    height: bottom + axisHeight,
    marginLeft,
    marginRight,
    marginTop: 0,
    marginBottom: axisHeight,
    x: { domain: [0, most], type: 'linear' },
    y: { domain: [0, bottom], range: [0, bottom], type: 'linear', axis: null },
    marks: [
      Plot.gridX({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: narrow ? 4 : 8 }),
      Plot.axisX({ ticks: narrow ? 4 : 8, tickSize: 0, label: null, fill: 'var(--muted)' }),
      Plot.text(['output tokens per GPU-second'], {
        y: () => bottom,
        dy: 36,
        text: (text: string) => text,
        frameAnchor: 'left',
        textAnchor: 'start',
        fill: 'var(--muted)',
      }),
      Plot.rect(rows, {
        x1: 0,
        x2: 'value',
        y1: (row: Row) => row.y - barHeight / 2,
        y2: (row: Row) => row.y + barHeight / 2,
        fill: 'colour',
        title: (row: Row) => `${row.name}: ${row.text}`,
      }),
      Plot.ruleX([0], { stroke: 'var(--line)' }),
      textMark(true),
      textMark(false),
      Plot.text(rows, {
        y: (row: Row) => row.y - (narrow ? barHeight / 2 + 9 : 0),
        text: 'name',
        frameAnchor: 'left',
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 0 : -10,
        fill: 'textColour',
        fontWeight: 650,
      }),
    ],
  }
}

/** Room for the longest bar, and for a text beside a bar that is too short to hold it. */
function axisEnd(rows: readonly Row[], innerWidth: number): number {
  const longest = Math.max(...rows.map(({ value }) => value)) * 1.02 || 1
  const ends = rows.map(({ value, text }) => {
    const textShare = (textWidth(text) + 20) / innerWidth
    return value / longest > textShare ? longest : value / Math.max(0.2, 1 - textShare)
  })
  return Math.max(longest, ...ends)
}

function rowsOf(report: Report, service: EqualService, rowHeight: number, narrow: boolean): Row[] {
  const names = inArmOrder(Object.keys(service.arms))
  return names.map((name, i) => {
    const { tokensPerGpuSecond, sessionsPerReplica } = service.arms[name]!
    const { colour, textColour } = armStyle(name, names)
    const load = `${formatNumber(sessionsPerReplica ?? 0)} ${narrow ? '' : 'conversations '}${aReplicaOf(report, name)}`
    const rate = tokensPerGpuSecond === null || narrow ? '' : `${formatFigures(tokensPerGpuSecond)} at `
    const cell = name === baselineArm ? 'the baseline' : equalServiceCell(service, name)
    const worth = cell === none ? '' : `: ${cell}`
    const text = tokensPerGpuSecond === null ? 'keeps it at no load' : `${rate}${load}${worth}`
    return { name, colour, textColour, value: tokensPerGpuSecond ?? 0, text, y: rowHeight * i + (narrow ? 28 : 20) }
  })
}
