import * as Plot from '@observablehq/plot'
import type { Multiplier } from '../../../headline.ts'
import type { ArmStyle } from '../../arm-style.ts'
import { apart, textWidth } from '../plot.ts'
import type { ParameterAxis } from './axis.ts'

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
  /** A limit is a line without points. */
  readonly isLimit?: boolean
}

/** A value of the run itself, beside the curves of the planner. */
export interface RunMark {
  readonly load: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly colour: string
  readonly label: string
  /** Written beside it. */
  readonly short: string
}

export interface LoadPanel {
  readonly title: string
  readonly axis: string
  readonly parameter: ParameterAxis
  readonly series: readonly LoadSeries[]
  readonly most: number
  readonly format: (value: number) => string
  readonly reference: { readonly value: number; readonly label: string } | undefined
  readonly run: readonly RunMark[]
}

const top = 44
const plotHeight = 200
const bottom = 46

/** The axis of a parameter. @param width of the frame, px */
export function tickAxis(parameter: ParameterAxis, width: number): Plot.Markish {
  return Plot.axisX(shownTicks(parameter, width), {
    x: 'at',
    text: 'label',
    tickSize: 4,
    label: null,
    fill: 'var(--muted)',
    stroke: 'var(--line)',
  })
}

/** One panel over the load: a line an arm, labelled at its end, with the range of the seeds as a band. */
export function loadPanel(panel: LoadPanel, width: number): Plot.PlotOptions {
  const { parameter } = panel
  const marginLeft = 44
  const marginRight = 22 + Math.max(...panel.series.map(({ name }) => textWidth(name, true)))
  // What the chart is about lies on top.
  const drawn = [...panel.series].sort((a, b) => Number(a.heavy) - Number(b.heavy))
  return {
    width,
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x: { type: parameter.type, domain: [...parameter.domain] },
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
      tickAxis(parameter, width - marginLeft - marginRight),
      corner(panel.title, { dy: -34, fill: 'currentColor', fontWeight: 650, frameAnchor: 'top-left' }),
      corner(panel.axis, { dy: -16, frameAnchor: 'top-left' }),
      // A name that is longer than the plot starts at the left edge of the chart.
      corner(parameter.title, {
        dy: 40,
        frameAnchor: 'bottom-left',
        dx: textWidth(parameter.title) > width - marginLeft ? -marginLeft : 0,
      }),
      ...referenceMarks(panel),
      ...drawn.flatMap((series) => seriesMarks(series, parameter.joined)),
      ...drawn.filter(({ isLimit }) => !isLimit).map(boundMarks),
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

function seriesMarks({ points, colour, dash, heavy, isLimit }: LoadSeries, joined: boolean): Plot.Markish[] {
  if (isLimit && (!joined || points.length === 1))
    return [Plot.dot(points, { x: 'load', y: 'value', symbol: 'plus', r: 5, stroke: colour })]
  const range = { x: 'load', y1: 'low', y2: 'high' }
  if (!joined) return [Plot.ruleX(points, { ...range, stroke: colour, strokeWidth: 6, strokeOpacity: 0.25 })]
  const band = points.some(({ low, high }) => low < high)
    ? [Plot.areaY(points, { ...range, fill: colour, fillOpacity: 0.16 })]
    : []
  return [
    ...band,
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
    Plot.text(run, {
      x: 'load',
      y: 'high',
      text: 'short',
      dy: -14,
      dx: -6,
      textAnchor: 'end',
      fontWeight: 650,
      fill: 'currentColor',
      stroke: 'var(--paper)',
      strokeWidth: 3,
    }),
  ]
}

/** Names at the ends of the lines, moved apart. */
function endLabels({ series, most, parameter }: LoadPanel): Plot.Markish[] {
  const px = (value: number): number => (1 - value / most) * plotHeight
  const ends = series.filter(({ points }) => points.length > 0)
  const ys = apart(
    ends.map(({ points }) => px(points.at(-1)!.value)),
    16,
    0,
    plotHeight,
  )
  return ends.map(({ name, textColour, heavy }, i) =>
    Plot.text([name], {
      x: () => parameter.domain[1],
      y: () => (1 - ys[i]! / plotHeight) * most,
      text: (label: string) => label,
      textAnchor: 'start',
      dx: 10,
      fill: textColour,
      fontWeight: heavy ? 700 : 500,
    }),
  )
}

/** Ticks that have room for their label beside the last one shown. */
function shownTicks({ ticks, type, domain: [low, high] }: ParameterAxis, innerWidth: number): ParameterAxis['ticks'] {
  const share = (at: number): number =>
    type === 'log' ? Math.log(at / low) / Math.log(high / low) : (at - low) / (high - low)
  const shown: { at: number; label: string }[] = []
  for (const tick of ticks) {
    const before = shown.at(-1)
    const distance = before === undefined ? Number.POSITIVE_INFINITY : (share(tick.at) - share(before.at)) * innerWidth
    if (distance > textWidth(`${tick.label}${before?.label ?? ''}`) / 2 + 8) shown.push(tick)
  }
  return shown
}

function corner(text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([text], { text: (title: string) => title, textAnchor: 'start', fill: 'var(--muted)', ...options })
}
