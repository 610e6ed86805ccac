import * as Plot from '@observablehq/plot'
import { machineOf } from '../../history/level-changes.ts'
import type { HistoryRecord } from '../../history/record.ts'
import type { ExperimentTrend, TrendMark, TrendPoint, TrendSeries } from '../../history/trend-series.ts'
import { changeText, valueText } from '../compare/words.ts'
import { type ChartSize, note, responsiveChart, textWidth } from '../page/charts/plot.ts'
import type { Markup } from '../page/markup.ts'
import { dateText, type Machine } from './words.ts'

const top = 30
const plotHeight = 130
const bottom = 30

/** How a machine's points look: form and dashes tell them apart, colour helps. */
const looks: readonly { symbol: Plot.SymbolType; dash: string | undefined; colour: string }[] = [
  { symbol: 'circle', dash: undefined, colour: 'var(--warehouse)' },
  { symbol: 'square', dash: '6 3', colour: 'var(--local-dram)' },
  { symbol: 'triangle', dash: '2 3', colour: 'var(--infinite-cache)' },
  { symbol: 'diamond', dash: '9 3 2 3', colour: 'var(--further-0)' },
  { symbol: 'wye', dash: '1 4', colour: 'var(--further-1)' },
]

/** The form of a machine's points in words. */
export function lookText(index: number): string {
  return ['circles', 'squares', 'triangles', 'diamonds', 'stars'][index % looks.length]!
}

/** A figure over the records of its experiment, evenly spaced: a line a machine, intervals, and where it changed. */
export function seriesChart(series: TrendSeries, trend: ExperimentTrend, machines: readonly Machine[]): Markup {
  const label = `${series.name} over ${series.points.length} records`
  return responsiveChart(label, (size) => options(series, trend, machines, size))
}

function options(
  series: TrendSeries,
  { records, inputsChanged }: ExperimentTrend,
  machines: readonly Machine[],
  { width, narrow }: ChartSize,
): Plot.PlotOptions {
  const place = new Map(records.map((record, i) => [record, i]))
  const at = ({ record }: { readonly record: HistoryRecord }): number => place.get(record)!
  const domain = valueDomain(series.points)
  const ticks = valueTicks(domain)
  const last = Math.max(1, records.length - 1)
  const marginLeft = 12 + Math.max(...ticks.map((tick) => textWidth(tickText(tick, ticks))))
  return {
    width,
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight: 40,
    marginTop: top,
    marginBottom: bottom,
    x: { type: 'linear', domain: [-0.5, last + 0.5] },
    y: { domain },
    symbol: { type: 'identity' },
    marks: [
      Plot.gridY(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY(ticks, {
        tickSize: 0,
        label: null,
        tickFormat: (tick: number) => tickText(tick, ticks),
        fill: 'var(--muted)',
      }),
      Plot.axisX(recordTicks(records, narrow), {
        tickSize: 4,
        label: null,
        tickFormat: (i: number) => dayText(records, i, narrow),
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      note(series.unit === '' ? 'value' : series.unit, { frameAnchor: 'top-left', dx: -marginLeft + 2, dy: -24 }),
      Plot.ruleX(inputsChanged, {
        x: (record: HistoryRecord) => place.get(record)! - 0.5,
        stroke: 'var(--line)',
        strokeDasharray: '2 3',
        title: (record: HistoryRecord) => `inputs changed, ${dateText(record)}`,
      }),
      ...machines.flatMap((machine, i) => machineMarks(series, machine, looks[i % looks.length]!, at)),
      ...changeMarks(series, at, last),
    ],
  }
}

function machineMarks(
  { points, unit }: TrendSeries,
  { fingerprint, name }: Machine,
  { symbol, dash, colour }: (typeof looks)[number],
  at: (point: TrendPoint) => number,
): Plot.Markish[] {
  const own = points.filter((point) => machineOf(point) === fingerprint)
  const withInterval = own.filter(({ figure }) => figure.low !== null && figure.high !== null)
  const y = ({ figure }: TrendPoint): number => figure.value
  return [
    Plot.line(own, {
      x: at,
      y,
      stroke: colour,
      strokeWidth: 1.5,
      ...(dash !== undefined && { strokeDasharray: dash }),
    }),
    Plot.ruleX(withInterval, {
      x: at,
      y1: ({ figure }: TrendPoint) => figure.low!,
      y2: ({ figure }: TrendPoint) => figure.high!,
      stroke: colour,
      strokeWidth: 1.5,
      strokeOpacity: 0.6,
    }),
    Plot.dot(own, {
      x: at,
      y,
      r: points.length > 60 ? 2 : 3,
      symbol,
      fill: colour,
      title: (point: TrendPoint) =>
        `${dateText(point.record)}: ${valueText(point.figure.value, unit)}, machine ${name}`,
    }),
  ]
}

/** A rule where a level begins, and by how much it differs above it. */
function changeMarks({ points, marks }: TrendSeries, at: (point: TrendPoint) => number, last: number): Plot.Markish[] {
  const x = (mark: TrendMark): number => at(points[mark.at]!)
  const text = ({ reason, stepRelative }: TrendMark): string =>
    reason === 'new machine' ? 'new machine' : stepRelative === null ? 'changed' : changeText(stepRelative)
  const loud = marks.filter(({ reason }) => reason !== 'new machine')
  return [
    Plot.ruleX(loud, { x: (mark: TrendMark) => x(mark) - 0.5, stroke: 'currentColor', strokeWidth: 1.5 }),
    ...marks.map((mark) =>
      Plot.text([mark], {
        x: x(mark) - 0.5,
        // A change is told above the frame, a machine inside it: they may come together.
        frameAnchor: mark.reason === 'new machine' ? 'bottom' : 'top',
        dy: mark.reason === 'new machine' ? -6 : -10,
        text,
        textAnchor: x(mark) > 0.75 * last ? 'end' : 'start',
        fill: mark.reason === 'new machine' ? 'var(--muted)' : 'currentColor',
        ...(mark.reason !== 'new machine' && { fontWeight: 650 }),
      }),
    ),
  ]
}

/** Room for all points and intervals; what hardly moves is not blown up to look wild. */
function valueDomain(points: readonly TrendPoint[]): [number, number] {
  const values = points.flatMap(({ figure: { value, low, high } }) => [value, low ?? value, high ?? value])
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const room = Math.max(0.12 * (most - least), 0.02 * Math.abs(most), most === least && most === 0 ? 1 : 0)
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room]
}

function valueTicks([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!
  const ticks: number[] = []
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(Number(tick.toPrecision(12)))
  return ticks
}

/** As many digits as tell neighbours apart. */
function tickText(tick: number, ticks: readonly number[]): string {
  const step = ticks.length < 2 ? Math.abs(tick) || 1 : ticks[1]! - ticks[0]!
  const digits = Math.max(0, Math.min(9, -Math.floor(Math.log10(step) + 1e-9)))
  const large = Math.max(...ticks.map(Math.abs)) >= 1e7
  if (large) return `${(tick / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 4 })}M`
  return tick.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function recordTicks(records: readonly HistoryRecord[], narrow: boolean): number[] {
  const most = Math.min(records.length, narrow ? 3 : 6)
  if (most < 2) return [0]
  return [...new Set(Array.from({ length: most }, (_, i) => Math.round((i * (records.length - 1)) / (most - 1))))]
}

/** The day, or the time where all records are of one day. */
function dayText(records: readonly HistoryRecord[], i: number, narrow: boolean): string {
  const { date } = records[i]!
  const isOneDay = records.every((record) => record.date.slice(0, 10) === date.slice(0, 10))
  return isOneDay ? date.slice(11, 16) : date.slice(narrow ? 5 : 0, 10)
}
