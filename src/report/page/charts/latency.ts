import * as Plot from '@observablehq/plot'
import { formatMs } from '../../../units.ts'
import { armNames } from '../../arms.ts'
import type { Report } from '../../report.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { latencyDomain, logTicks } from './log-scale.ts'
import { type ChartSize, nameMargin, note, responsiveChart, textWidth } from './plot.ts'

export type LatencyMetric = 'ttft' | 'tpot'

interface Line {
  readonly name: string
  readonly colour: string
  readonly textColour: string
  readonly dash: string | undefined
  readonly quantilesMs: readonly number[]
  readonly p50: number
  readonly p95: number
  /** Row of the arm beneath the curves, px. */
  readonly y: number
}

/** What depends on the number of arms and the width, px. */
interface Layout {
  readonly marginLeft: number
  /** In a narrow chart the name of an arm stands above its row. */
  readonly rowHeight: number
  readonly curvesTop: number
  readonly rowsTop: number
  readonly bottom: number
}

function layoutOf(names: readonly string[], narrow: boolean): Layout {
  const arms = names.length
  const rowHeight = narrow ? 36 : 22
  const curvesTop = arms * nameHeight + 28
  const rowsTop = curvesTop + curvesHeight + 34
  return {
    marginLeft: narrow ? 44 : nameMargin(names),
    rowHeight,
    curvesTop,
    rowsTop,
    bottom: rowsTop + arms * rowHeight,
  }
}

/** A row for the name of each arm above the curves, px. */
const nameHeight = 17
const curvesHeight = 190
const axisHeight = 44

/** Arms that have a distribution to draw. */
export function latencyArms(report: Report, metric: LatencyMetric): string[] {
  return armNames(report).filter((name) => {
    const arm = report.arms[name]!
    const { p50, p95 } = metric === 'ttft' ? arm.ttftMs : arm.tpotMs
    return p50 !== null && p50 > 0 && p95 !== null && ecdfMs(report, metric, name).length > 1
  })
}

function ecdfMs(report: Report, metric: LatencyMetric, name: string): readonly number[] {
  const arm = report.arms[name]!
  return metric === 'ttft' ? arm.ttftEcdfMs : arm.tpotEcdfMs
}

/** Share of requests at or below a time, and beneath it one row an arm with its p50 and p95, on the same axis. */
export function latencyChart(report: Report, metric: LatencyMetric, label: string): Markup {
  return responsiveChart(label, (size) => latency(linesOf(report, metric, size.narrow), metric, size))
}

function linesOf(report: Report, metric: LatencyMetric, narrow: boolean): Line[] {
  const names = armNames(report)
  const shown = latencyArms(report, metric)
  const { rowsTop, rowHeight } = layoutOf(shown, narrow)
  return shown.map((name, i) => {
    const arm = report.arms[name]!
    const { p50, p95 } = metric === 'ttft' ? arm.ttftMs : arm.tpotMs
    const quantilesMs = ecdfMs(report, metric, name)
    return { name, ...armStyle(name, names), quantilesMs, p50: p50!, p95: p95!, y: rowsTop + i * rowHeight }
  })
}

function latency(lines: readonly Line[], metric: LatencyMetric, { width, narrow }: ChartSize): Plot.PlotOptions {
  const marginRight = 12
  const { marginLeft, curvesTop, bottom } = layoutOf(
    lines.map(({ name }) => name),
    narrow,
  )
  const room = { left: 66, right: narrow ? 66 : 96 }
  const innerWidth = width - marginLeft - marginRight
  const domain = latencyDomain(lines, innerWidth, room)
  const x = (ms: number): number => (Math.log(ms / domain[0]) / Math.log(domain[1] / domain[0])) * innerWidth
  const shareY = (share: number): number => curvesTop + (1 - share) * curvesHeight
  return {
    height: bottom + axisHeight,
    marginLeft,
    marginRight,
    marginTop: 0,
    marginBottom: axisHeight,
    x: { type: 'log', domain },
    y: { domain: [0, bottom], range: [0, bottom], type: 'linear', axis: null },
    marks: [
      Plot.gridX({ ticks: logTicks(domain, narrow), stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisX({
        ticks: logTicks(domain, narrow),
        text: (tick: number) => formatMs(tick),
        tickSize: 4,
        label: null,
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      note(`${metric.toUpperCase()}, log scale`, { frameAnchor: 'bottom-left', dy: 38 }),
      ...shareAxis(shareY, marginLeft),
      ...lines.map((line) => curve(line, domain, shareY)),
      ...endNames(lines, shareY(0.95), ({ p95, name }) => x(p95) + textWidth(name, true) > innerWidth),
      Plot.dot(
        lines.flatMap((line) => [
          { ...line, x: line.p50, share: 0.5 },
          { ...line, x: line.p95, share: 0.95 },
        ]),
        { x: 'x', y: ({ share }: { share: number }) => shareY(share), r: 3.5, fill: 'colour' },
      ),
      ...percentileRows(lines, narrow),
    ],
  }
}

function curve(
  { quantilesMs, colour, dash }: Line,
  [low, high]: readonly [number, number],
  shareY: (share: number) => number,
): Plot.Markish {
  const points = quantilesMs
    .map((ms, i) => ({ ms, y: shareY(i / (quantilesMs.length - 1)) }))
    .filter(({ ms }) => ms >= low && ms <= high)
  return Plot.line(points, {
    x: 'ms',
    y: 'y',
    stroke: colour,
    strokeWidth: 2,
    ...(dash !== undefined && { strokeDasharray: dash }),
  })
}

function shareAxis(shareY: (share: number) => number, marginLeft: number): Plot.Markish[] {
  const shares = [0, 0.5, 0.95]
  return [
    Plot.ruleY(shares, { y: shareY, stroke: 'var(--line)', strokeDasharray: '2 3' }),
    Plot.text(shares, {
      y: shareY,
      text: (share: number) => (share === 0 ? '0 %' : `p${share * 100}`),
      frameAnchor: 'left',
      textAnchor: 'end',
      dx: -8,
      fill: 'var(--muted)',
    }),
    Plot.text(['share of requests'], {
      y: () => shareY(1) - 10,
      text: (text: string) => text,
      frameAnchor: 'left',
      textAnchor: 'start',
      dx: -marginLeft,
      fill: 'var(--muted)',
    }),
  ]
}

/** The name of each arm above its curve, the slowest lowest, so that no name crosses the leader of another. */
function endNames(lines: readonly Line[], fromY: number, isRight: (line: Line) => boolean): Plot.Markish[] {
  const sorted = [...lines].sort((a, b) => a.p95 - b.p95)
  const named = sorted.map((line, i) => ({ ...line, nameY: (i + 0.6) * nameHeight }))
  const names = (right: boolean): Plot.Markish =>
    Plot.text(
      named.filter((line) => isRight(line) === right),
      {
        x: 'p95',
        y: 'nameY',
        text: 'name',
        textAnchor: right ? 'end' : 'start',
        dx: right ? -5 : 5,
        fill: 'textColour',
        fontWeight: 650,
        stroke: 'var(--paper)',
        strokeWidth: 4,
      },
    )
  return [
    Plot.ruleX(named, { x: 'p95', y1: ({ nameY }) => nameY - 6, y2: fromY, stroke: 'colour', strokeOpacity: 0.6 }),
    names(false),
    names(true),
  ]
}

/** p50 as a dot and p95 as a bar, joined, with their values. */
function percentileRows(lines: readonly Line[], narrow: boolean): Plot.Markish[] {
  const value = (x: 'p50' | 'p95', side: 'start' | 'end'): Plot.Markish =>
    Plot.text(lines, {
      x,
      y: 'y',
      text: (line: Line) => formatMs(line[x]),
      textAnchor: side,
      dx: side === 'start' ? 8 : -9,
      fill: 'currentColor',
      stroke: 'var(--paper)',
      strokeWidth: 4,
    })
  return [
    Plot.ruleY(lines, { x1: 'p50', x2: 'p95', y: 'y', stroke: 'colour', strokeWidth: 2 }),
    Plot.dot(lines, {
      x: 'p50',
      y: 'y',
      r: 4,
      fill: 'colour',
      title: (line: Line) => `${line.name}: p50 ${formatMs(line.p50)}`,
    }),
    Plot.ruleX(lines, {
      x: 'p95',
      y1: (line: Line) => line.y - 6,
      y2: (line: Line) => line.y + 6,
      stroke: 'colour',
      strokeWidth: 3,
      title: (line: Line) => `${line.name}: p95 ${formatMs(line.p95)}`,
    }),
    value('p50', 'end'),
    value('p95', 'start'),
    Plot.text(lines, {
      y: (line: Line) => line.y - (narrow ? 17 : 0),
      text: 'name',
      frameAnchor: 'left',
      textAnchor: narrow ? 'start' : 'end',
      dx: narrow ? -40 : -8,
      fill: 'textColour',
      fontWeight: 650,
    }),
  ]
}
