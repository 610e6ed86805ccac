import * as Plot from '@observablehq/plot'
import { html, type Markup } from '../../markup.ts'
import { apart } from '../plot.ts'
import { drawStrip } from './strip.ts'
import { timeAxis } from './time-axis.ts'

/** What a memory holds over time, as a line. */
export interface OccupancyLine {
  readonly arm: string
  readonly memory: 'dram' | 'warehouse'
  readonly name: string
  readonly colour: string
  readonly textColour: string
  readonly dash: string | undefined
  readonly binMs: number
  readonly windowMs: number
  readonly values: readonly number[]
}

export interface OccupancyChart {
  readonly longestMs: number
  readonly label: string
  readonly lines: readonly OccupancyLine[]
  readonly most: number
  readonly ticks: readonly number[]
  readonly format: (value: number) => string
  readonly limits: readonly { readonly value: number; readonly name: string; readonly colour: string }[]
}

/** Height of the plot, px. */
const plotHeight = 132
const labelHeight = 16

/** A line an arm, with its name at its end; where an arm is done, a dotted one leads there. */
export function occupancyChart({ longestMs, label, lines, most, ticks, format, limits }: OccupancyChart): Markup {
  const y = (value: number): number => plotHeight * (1 - value / most)
  const marks = [
    ...ticks.map((tick) => Plot.ruleY([y(tick)], { stroke: 'var(--grid)' })),
    ...limits.map(({ value, colour }) => Plot.ruleY([y(value)], { stroke: colour, strokeDasharray: '6 4' })),
    ...lines.flatMap((line) => lineMarks(line, longestMs, y)),
  ]
  const ys = apart(
    lines.map(({ values }) => y(values.at(-1) ?? 0)),
    labelHeight,
    0,
    plotHeight,
  )
  return html`<div class="occupancy" role="group" aria-label="Memories below HBM over time" data-most="${most}"><div class="row">
<span class="gutter scale" aria-hidden="true">${ticks.map((tick) => html`<span style="top:${y(tick).toFixed(1)}px">${format(tick)}</span>`)}</span>
<div class="strip" data-memories="below">${drawStrip(label, longestMs, plotHeight, marks)}${limits.map(({ value, name }) => html`<span class="limit" style="top:${y(value).toFixed(1)}px">${name}</span>`)}</div>
<span class="ends" aria-hidden="true">${lines.map(({ name, arm, memory, textColour }, i) => html`<span data-arm="${arm}" data-memory="${memory}" style="top:${ys[i]!.toFixed(1)}px;color:${textColour}">${name}</span>`)}</span></div>
${timeAxis(longestMs)}</div>`
}

function lineMarks(line: OccupancyLine, longestMs: number, y: (value: number) => number): Plot.Markish[] {
  const { values, binMs, windowMs, colour, dash } = line
  const points = values.map((value, bin) => ({ atMs: Math.min(windowMs, (bin + 1) * binMs), y: y(value) }))
  const end = points.at(-1)!
  const leader = [end, { ...end, atMs: longestMs }]
  return [
    Plot.line(points, {
      x: 'atMs',
      y: 'y',
      stroke: colour,
      strokeWidth: 1.75,
      ...(dash !== undefined && { strokeDasharray: dash }),
    }),
    ...(end.atMs < longestMs
      ? [Plot.line(leader, { x: 'atMs', y: 'y', stroke: colour, strokeWidth: 1.25, strokeDasharray: '1 4' })]
      : []),
  ]
}
