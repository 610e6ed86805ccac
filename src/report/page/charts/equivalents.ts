import * as Plot from '@observablehq/plot'
import { formatNumber, formatRatio } from '../../../units.ts'
import { armNames, baselineArm, ceilingArm, hasOtherGpus, headlineArm } from '../../arms.ts'
import { againstStrongest, bestOf } from '../../headline.ts'
import type { Report } from '../../report.ts'
import { boundNote, fabricNote } from '../../words/ratio.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { type ChartSize, nameMargin, responsiveChart, textWidth } from './plot.ts'

interface Row {
  readonly name: string
  readonly colour: string
  readonly textColour: string
  readonly gpus: number
  readonly low: number | null
  readonly high: number | null
  readonly exact: boolean
  readonly text: string
  /** Other readings of the same multiplier, each on a line of its own beneath the dot. */
  readonly others: readonly OtherReading[]
  /** Middle of the row, px. */
  readonly y: number
}

interface OtherReading {
  readonly gpus: number
  readonly text: string
  readonly symbol: 'diamond' | 'square'
  readonly colour: string
  readonly y: number
}

const top = 30
const axisHeight = 46

/** One dot an arm with its interval, on an axis that starts at 0; the ceiling is a labelled limit. */
export function equivalentsChart(report: Report, label: string): Markup {
  return responsiveChart(label, (size) => equivalents(report, size))
}

function equivalents(report: Report, { width, narrow }: ChartSize): Plot.PlotOptions {
  const rows = rowsOf(report, narrow)
  const marginLeft = narrow ? 6 : nameMargin(rows.map(({ name }) => name))
  const right = 14
  const most =
    Math.max(
      ...rows.map(({ gpus, high, others }) => Math.max(gpus, high ?? 0, ...others.map((other) => other.gpus))),
      100,
    ) * 1.08
  const innerWidth = width - marginLeft - right
  const innerHeight = Math.max(rows.at(-1)!.y, ...rows.at(-1)!.others.map(({ y }) => y)) + 20 - top
  const toLeft = ({ gpus }: Row): boolean => gpus / most > 0.55
  const valueX = (row: Row): number => (toLeft(row) ? (row.low ?? row.gpus) : (row.high ?? row.gpus))
  const valueText = (left: boolean): Plot.Markish =>
    Plot.text(
      rows.filter((row) => toLeft(row) === left),
      {
        x: valueX,
        y: 'y',
        text: 'text',
        textAnchor: left ? 'end' : 'start',
        dx: left ? -12 : 12,
        fill: 'currentColor',
        stroke: 'var(--paper)',
        strokeWidth: 5,
      },
    )
  return {
    height: top + innerHeight + axisHeight,
    marginLeft,
    marginRight: right,
    marginTop: top,
    marginBottom: axisHeight,
    x: { domain: [0, most], type: 'linear' },
    y: { domain: [top, top + innerHeight], range: [top, top + innerHeight], type: 'linear', axis: null },
    marks: [
      Plot.gridX({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: narrow ? 4 : 8 }),
      Plot.axisX({ ticks: narrow ? 4 : 8, tickSize: 0, label: null, fill: 'var(--muted)' }),
      Plot.ruleX([0], { stroke: 'var(--line)' }),
      axisTitle('GPUs of the baseline that 100 GPUs are worth', innerHeight),
      ...ceilingMarks(report, innerHeight, most),
      Plot.ruleY(
        rows.filter(({ low }) => low !== null),
        { x1: 'low', x2: 'high', y: 'y', stroke: 'colour', strokeWidth: 3 },
      ),
      Plot.dot(rows, {
        x: 'gpus',
        y: 'y',
        r: 6,
        fill: (row: Row) => (row.exact ? row.colour : 'var(--paper)'),
        stroke: 'colour',
        strokeWidth: 2,
        title: (row: Row) => `${row.name}: ${row.text}`,
      }),
      valueText(true),
      valueText(false),
      Plot.text(rows, {
        x: 0,
        y: (row: Row) => row.y - (narrow ? 20 : 0),
        text: 'name',
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 4 : -12,
        fill: 'textColour',
        fontWeight: 650,
        stroke: 'var(--paper)',
        strokeWidth: 4,
      }),
      ...otherMarks(
        rows.flatMap(({ others }) => others),
        innerWidth / most,
      ),
    ],
  }
}

function rowsOf(report: Report, narrow: boolean): Row[] {
  const names = armNames(report)
  let y = top + (narrow ? 30 : 18)
  return names
    .filter((name) => name === baselineArm || Number.isFinite(report.multiplier[name]?.value))
    .map((name) => {
      const { colour, textColour } = armStyle(name, names)
      const figure = report.multiplier[name] ?? { value: 1, low: null, high: null, bound: 'exact' as const }
      const others = otherReadings(report, name, colour, y, narrow)
      const row: Row = {
        name,
        colour,
        textColour,
        gpus: figure.value * 100,
        low: figure.low === null ? null : figure.low * 100,
        high: figure.high === null ? null : figure.high * 100,
        exact: figure.bound === 'exact',
        text: name === baselineArm ? '100, the baseline' : rowText(report, name, figure),
        others,
        y,
      }
      y += (narrow ? 48 : 36) + 18 * others.length
      return row
    })
}

function rowText(report: Report, name: string, figure: Omit<Report['multiplier'][string], 'minimaRatio'>): string {
  const { value, low, high, bound } = figure
  const interval = low === null || high === null ? '' : ` (${formatNumber(low * 100)}–${formatNumber(high * 100)})`
  const notes = [boundNote(bound), fabricNote(report, name)].filter((note) => note !== '')
  return [`${formatNumber(value * 100)}${interval}`, ...inAll(report, name), ...notes].join(', ')
}

/** "8 GPUs in all 1.92×": an arm with more GPUs is more than its figure per GPU. */
function inAll({ arms, ...report }: Report, name: string): string[] {
  const baseline = arms[baselineArm]
  if (baseline === undefined || !hasOtherGpus({ ...report, arms }, name) || baseline.tokensPerSecond <= 0) return []
  const { gpus, tokensPerSecond } = arms[name]!
  return [`${gpus} GPUs in all ${formatRatio(tokensPerSecond / baseline.tokensPerSecond)}`]
}

function ceilingMarks(report: Report, innerHeight: number, most: number): Plot.Markish[] {
  const ceiling = report.multiplier[ceilingArm]
  if (ceiling === undefined || !Number.isFinite(ceiling.value) || ceiling.bound === 'loadLimited') return []
  const x = ceiling.value * 100
  return [
    Plot.ruleX([x], {
      y1: top - 8,
      y2: top + innerHeight,
      stroke: 'var(--infinite-cache)',
      strokeDasharray: '6 4',
      strokeWidth: 1.5,
    }),
    Plot.text([`ceiling at this load ${formatNumber(x)}`], {
      x,
      y: top - 18,
      text: (text: string) => text,
      textAnchor: x / most > 0.55 ? 'end' : 'start',
      fill: 'var(--infinite-cache-text)',
    }),
  ]
}

/** Planned, and so hollow: a diamond for best against best, a square for the strongest free baseline. */
function otherReadings(report: Report, name: string, colour: string, y: number, narrow: boolean): OtherReading[] {
  if (name === baselineArm) return []
  const planned = narrow ? '' : ', planned'
  const best = bestOf(report, name)?.value
  const against = name === headlineArm(report) ? againstStrongest(report, name) : undefined
  const strongest = against?.bound === 'exact' ? against.value : undefined
  const readings: Omit<OtherReading, 'y'>[] = []
  if (best !== undefined) {
    const text = `${formatNumber(best * 100)} each at its best load${planned}`
    readings.push({ gpus: best * 100, text, symbol: 'diamond', colour })
  }
  if (strongest !== undefined) {
    const text = `${formatNumber(strongest * 100)} against the strongest${narrow ? '' : ' free baseline'}${planned}`
    readings.push({ gpus: strongest * 100, text, symbol: 'square', colour })
  }
  return readings.map((reading, i) => ({ ...reading, y: y + 20 + 18 * i }))
}

function otherMarks(others: readonly OtherReading[], pxPerGpu: number): Plot.Markish[] {
  const left = ({ gpus, text }: OtherReading): boolean => gpus * pxPerGpu > textWidth(text) + 14
  const label = (onLeft: boolean): Plot.Markish =>
    Plot.text(
      others.filter((other) => left(other) === onLeft),
      {
        x: 'gpus',
        y: 'y',
        text: 'text',
        textAnchor: onLeft ? 'end' : 'start',
        dx: onLeft ? -9 : 9,
        fill: 'var(--muted)',
        stroke: 'var(--paper)',
        strokeWidth: 4,
      },
    )
  return [
    Plot.dot(others, {
      x: 'gpus',
      y: 'y',
      symbol: (other: OtherReading) => other.symbol,
      r: 4.5,
      stroke: 'colour',
      fill: 'var(--paper)',
    }),
    label(true),
    label(false),
  ]
}

function axisTitle(text: string, innerHeight: number): Plot.Markish {
  return Plot.text([text], {
    x: 0,
    y: top + innerHeight,
    dy: 36,
    text: (title: string) => title,
    textAnchor: 'start',
    fill: 'var(--muted)',
  })
}
