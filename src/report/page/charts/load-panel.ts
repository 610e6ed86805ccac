import * as Plot from '@observablehq/plot'
import type { Multiplier } from '../../headline.ts'
import type { ArmStyle } from '../arm-style.ts'
import { apart, textWidth } from './plot.ts'

export interface LoadPoint {
  readonly load: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly bound: Multiplier['bound']
  readonly tooltip: string
}

export interface LoadSeries extends ArmStyle {
  readonly name: string
  readonly points: readonly LoadPoint[]
  /** The series that the chart is about is drawn heavier. */
  readonly heavy: boolean
}

/** A value of the run itself, beside the curves of the planner. */
export interface RunMark {
  readonly load: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly colour: string
  readonly label: string
}

export interface LoadPanel {
  readonly title: string
  readonly axis: string
  readonly series: readonly LoadSeries[]
  readonly most: number
  readonly format: (value: number) => string
  readonly reference: { readonly value: number; readonly label: string } | undefined
  readonly run: readonly RunMark[]
}

const top = 44
const plotHeight = 200
const bottom = 46

/** One panel over the load: a line an arm, labelled at its end, with the range of the seeds as a band. */
export function loadPanel(panel: LoadPanel, width: number): Plot.PlotOptions {
  const marginLeft = 44
  const marginRight = 22 + Math.max(...panel.series.map(({ name }) => textWidth(name, true)))
  const loads = [...new Set(panel.series.flatMap(({ points }) => points.map(({ load }) => load)))].sort((a, b) => a - b)
  const single = loads.length === 1
  // What the chart is about lies on top.
  const drawn = [...panel.series].sort((a, b) => Number(a.heavy) - Number(b.heavy))
  return {
    width,
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x: { type: 'log', domain: single ? [loads[0]! / 2, loads[0]! * 2] : [loads[0]!, loads.at(-1)!] },
    y: { domain: [0, panel.most], type: 'linear' },
    marks: [
      Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY({
        ticks: 4,
        tickSize: 0,
        label: null,
        tickFormat: (tick: number) => panel.format(tick),
        fill: 'var(--muted)',
      }),
      Plot.axisX(sparse(loads, width - marginLeft - marginRight), {
        text: (tick: number) => String(tick),
        tickSize: 4,
        label: null,
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      corner(panel.title, { dy: -34, fill: 'currentColor', fontWeight: 650, frameAnchor: 'top-left' }),
      corner(panel.axis, { dy: -16, frameAnchor: 'top-left' }),
      corner('conversations a GPU, log scale', { dy: 40, frameAnchor: 'bottom-left', dx: 0 }),
      ...referenceMarks(panel),
      ...drawn.flatMap(seriesMarks),
      ...drawn.map(boundMarks),
      ...runMarks(panel.run),
      ...endLabels(panel),
    ],
  }
}

function referenceMarks({ reference }: LoadPanel): Plot.Markish[] {
  if (reference === undefined) return [Plot.ruleY([0], { stroke: 'var(--line)' })]
  return [
    Plot.ruleY([0], { stroke: 'var(--line)' }),
    Plot.ruleY([reference.value], { stroke: 'var(--muted)', strokeWidth: 1 }),
    corner(reference.label, { y: () => reference.value, dy: 12, dx: 4, frameAnchor: 'left', stroke: 'var(--paper)' }),
  ]
}

function seriesMarks({ points, colour, dash, heavy }: LoadSeries): Plot.Markish[] {
  return [
    Plot.areaY(points, { x: 'load', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.16 }),
    Plot.line(points, {
      x: 'load',
      y: 'value',
      stroke: colour,
      strokeWidth: heavy ? 2.5 : 1.5,
      ...(dash !== undefined && { strokeDasharray: dash }),
    }),
  ]
}

/** Exact points are filled. Hollow: a circle where the load was the limit, a triangle up or down for a bound. */
function boundMarks({ points, colour }: LoadSeries): Plot.Markish {
  return Plot.dot(points, {
    x: 'load',
    y: 'value',
    r: 3.6,
    symbol: ({ bound }: LoadPoint) => (bound === 'lower' || bound === 'upper' ? 'triangle' : 'circle'),
    rotate: ({ bound }: LoadPoint) => (bound === 'upper' ? 180 : 0),
    fill: ({ bound }: LoadPoint) => (bound === 'exact' ? colour : 'var(--paper)'),
    stroke: colour,
    strokeWidth: 1.6,
    title: 'tooltip',
  })
}

function runMarks(run: readonly RunMark[]): Plot.Markish[] {
  return [
    Plot.ruleX(run, { x: 'load', y1: 'low', y2: 'high', stroke: 'currentColor', strokeWidth: 1.5 }),
    Plot.dot(run, {
      x: 'load',
      y: 'value',
      symbol: 'diamond',
      r: 6,
      fill: 'colour',
      stroke: 'currentColor',
      strokeWidth: 1.5,
      title: 'label',
    }),
  ]
}

/** Names at the ends of the lines, moved apart. */
function endLabels({ series, most }: LoadPanel): Plot.Markish[] {
  const px = (value: number): number => (1 - value / most) * plotHeight
  const ends = series.filter(({ points }) => points.length > 0)
  const ys = apart(
    ends.map(({ points }) => px(points.at(-1)!.value)),
    16,
    0,
    plotHeight,
  )
  return ends.map(({ name, points, textColour, heavy }, i) =>
    Plot.text([name], {
      x: () => points.at(-1)!.load,
      y: () => (1 - ys[i]! / plotHeight) * most,
      text: (label: string) => label,
      textAnchor: 'start',
      dx: 10,
      fill: textColour,
      fontWeight: heavy ? 700 : 500,
    }),
  )
}

/** Loads that have room for their number beside the last one shown. */
function sparse(loads: readonly number[], innerWidth: number): number[] {
  const span = Math.log(loads.at(-1)! / loads[0]!) || 1
  const shown: number[] = []
  for (const load of loads) {
    const before = shown.at(-1)
    const distance = before === undefined ? Number.POSITIVE_INFINITY : (Math.log(load / before) / span) * innerWidth
    if (distance > textWidth(`${load}${before}`) / 2 + 8) shown.push(load)
  }
  return shown
}

function corner(text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([text], { text: (title: string) => title, textAnchor: 'start', fill: 'var(--muted)', ...options })
}
