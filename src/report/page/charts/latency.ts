import * as Plot from '@observablehq/plot'
import { formatMs } from '../../../units.ts'
import { armNames } from '../../arms.ts'
import type { Report } from '../../report.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { type ChartSize, responsiveChart } from './plot.ts'

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

const curvesTop = 14
const curvesHeight = 190
const rowsTop = curvesTop + curvesHeight + 34
const rowHeight = 22
const axisHeight = 44
/** Room for a label beside p50 and p95, px. */
const labelRoom = 62

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
  return responsiveChart(label, (size) => latency(linesOf(report, metric), metric, size))
}

function linesOf(report: Report, metric: LatencyMetric): Line[] {
  const names = armNames(report)
  return latencyArms(report, metric).map((name, i) => {
    const arm = report.arms[name]!
    const { p50, p95 } = metric === 'ttft' ? arm.ttftMs : arm.tpotMs
    const quantilesMs = ecdfMs(report, metric, name)
    return { name, ...armStyle(name, names), quantilesMs, p50: p50!, p95: p95!, y: rowsTop + i * rowHeight }
  })
}

function latency(lines: readonly Line[], metric: LatencyMetric, { width, narrow }: ChartSize): Plot.PlotOptions {
  const marginLeft = 112
  const marginRight = 12
  const bottom = rowsTop + lines.length * rowHeight
  const domain = domainOf(lines, width - marginLeft - marginRight)
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
      Plot.gridX({ ticks: ticks(domain, narrow), stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisX({
        ticks: ticks(domain, narrow),
        tickFormat: (tick: number) => formatMs(tick),
        tickSize: 4,
        label: null,
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      note(`${metric.toUpperCase()}, log scale`, { frameAnchor: 'bottom-left', dy: 38 }),
      ...shareAxis(shareY, marginLeft),
      ...lines.map((line) => curve(line, shareY)),
      Plot.dot(
        lines.flatMap((line) => [
          { ...line, x: line.p50, share: 0.5 },
          { ...line, x: line.p95, share: 0.95 },
        ]),
        { x: 'x', y: ({ share }: { share: number }) => shareY(share), r: 3.5, fill: 'colour' },
      ),
      ...percentileRows(lines),
    ],
  }
}

function curve({ quantilesMs, colour, dash }: Line, shareY: (share: number) => number): Plot.Markish {
  const points = quantilesMs
    .map((ms, i) => ({ ms, y: shareY(i / (quantilesMs.length - 1)) }))
    .filter(({ ms }) => ms > 0)
  return Plot.line(points, {
    x: 'ms',
    y: 'y',
    stroke: colour,
    strokeWidth: 2,
    clip: true,
    ...(dash !== undefined && { strokeDasharray: dash }),
  })
}

function shareAxis(shareY: (share: number) => number, marginLeft: number): Plot.Markish[] {
  const shares = [0, 0.5, 0.95, 1]
  return [
    Plot.ruleY([0, 0.5, 0.95], { y: shareY, stroke: 'var(--line)', strokeDasharray: '2 3' }),
    Plot.text(
      shares.filter((share) => share < 1),
      {
        y: shareY,
        text: (share: number) => (share === 0 ? '0 %' : share === 0.5 ? 'p50' : 'p95'),
        frameAnchor: 'left',
        textAnchor: 'end',
        dx: -8,
        fill: 'var(--muted)',
      },
    ),
    Plot.text(['share of', 'requests'], {
      y: (_: string, i: number) => curvesTop + 40 + i * 16,
      text: (text: string) => text,
      frameAnchor: 'left',
      textAnchor: 'start',
      dx: -marginLeft,
      fill: 'var(--muted)',
    }),
  ]
}

/** p50 as a dot and p95 as a bar, joined, with their values. */
function percentileRows(lines: readonly Line[]): Plot.Markish[] {
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
      y: 'y',
      text: 'name',
      frameAnchor: 'left',
      textAnchor: 'end',
      dx: -8,
      fill: 'textColour',
      fontWeight: 650,
    }),
  ]
}

function note(text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([text], { text: (title: string) => title, textAnchor: 'start', fill: 'var(--muted)', ...options })
}

/** From the first to the 99th percentile, wider where a label beside p50 or p95 needs it. */
function domainOf(lines: readonly Line[], innerWidth: number): [number, number] {
  const at = (share: number): number[] =>
    lines.map(({ quantilesMs }) => quantilesMs[Math.round(share * (quantilesMs.length - 1))]!).filter((ms) => ms > 0)
  const p50 = Math.log(Math.min(...lines.map((line) => line.p50)))
  const p95 = Math.log(Math.max(...lines.map((line) => line.p95)))
  let low = Math.min(p50 - 0.1, Math.log(Math.min(...at(0.01))))
  let high = Math.max(p95 + 0.1, Math.log(Math.max(...at(0.99))))
  for (let i = 0; i < 60; i++) {
    const pxPerUnit = innerWidth / (high - low)
    const wide = high - low
    if ((p50 - low) * pxPerUnit < labelRoom) low -= wide / 40
    else if ((high - p95) * pxPerUnit < labelRoom) high += wide / 40
    else break
  }
  return [Math.exp(low), Math.exp(high)]
}

/** 1, 2 and 5 of each decade, or fewer where there is no room. */
function ticks([low, high]: readonly [number, number], narrow: boolean): number[] {
  const decades = Math.log10(high / low)
  const steps = decades > (narrow ? 1.6 : 3.2) ? [1] : decades > (narrow ? 0.9 : 1.6) ? [1, 3] : [1, 2, 5]
  const result: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    result.push(...steps.map((step) => step * 10 ** power))
  }
  return result.filter((tick) => tick >= low && tick <= high)
}
