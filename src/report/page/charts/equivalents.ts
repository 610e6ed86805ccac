import * as Plot from '@observablehq/plot'
import { formatNumber } from '../../../units.ts'
import { boundNote, fabricNote } from '../../answer.ts'
import { armNames, baselineArm, ceilingArm } from '../../arms.ts'
import { bestOf } from '../../headline.ts'
import type { Report } from '../../report.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { type ChartSize, responsiveChart, textWidth } from './plot.ts'

interface Row {
  readonly name: string
  readonly colour: string
  readonly textColour: string
  readonly gpus: number
  readonly low: number | null
  readonly high: number | null
  readonly exact: boolean
  readonly text: string
  readonly best: number | undefined
  /** Middle of the row, px. */
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
  const marginLeft = narrow ? 6 : 128
  const right = 14
  const most = Math.max(...rows.map(({ gpus, high, best }) => Math.max(gpus, high ?? 0, best ?? 0)), 100) * 1.08
  const innerWidth = width - marginLeft - right
  const innerHeight = rows.at(-1)!.y + 34 - top
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
      ...bestMarks(rows, innerWidth / most, narrow),
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
      const best = name === baselineArm ? undefined : bestOf(report, name)?.value
      const row: Row = {
        name,
        colour,
        textColour,
        gpus: figure.value * 100,
        low: figure.low === null ? null : figure.low * 100,
        high: figure.high === null ? null : figure.high * 100,
        exact: figure.bound === 'exact',
        text: name === baselineArm ? '100, the baseline' : rowText(report, name, figure),
        best: best === undefined ? undefined : best * 100,
        y,
      }
      y += (narrow ? 48 : 36) + (best === undefined ? 0 : 18)
      return row
    })
}

function rowText(report: Report, name: string, figure: Omit<Report['multiplier'][string], 'minimaRatio'>): string {
  const { value, low, high, bound } = figure
  const interval = low === null || high === null ? '' : ` (${formatNumber(low * 100)}–${formatNumber(high * 100)})`
  const notes = [boundNote(bound), fabricNote(report, name)].filter((note) => note !== '')
  return [`${formatNumber(value * 100)}${interval}`, ...notes].join(', ')
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

/** Each at its own best load: planned, and so a hollow diamond beneath the dot. */
function bestMarks(rows: readonly Row[], pxPerGpu: number, narrow: boolean): Plot.Markish[] {
  const best = rows.filter((row) => row.best !== undefined)
  const text = (row: Row): string => `${formatNumber(row.best!)} each at its best load${narrow ? '' : ', planned'}`
  const left = (row: Row): boolean => row.best! * pxPerGpu > textWidth(text(row)) + 14
  const label = (onLeft: boolean): Plot.Markish =>
    Plot.text(
      best.filter((row) => left(row) === onLeft),
      {
        x: 'best',
        y: (row: Row) => row.y + 20,
        text,
        textAnchor: onLeft ? 'end' : 'start',
        dx: onLeft ? -9 : 9,
        fill: 'var(--muted)',
        stroke: 'var(--paper)',
        strokeWidth: 4,
      },
    )
  return [
    Plot.dot(best, {
      x: 'best',
      y: (row: Row) => row.y + 20,
      symbol: 'diamond',
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
