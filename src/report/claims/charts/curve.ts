import * as Plot from '@observablehq/plot'
import type { ClaimPoint, ClaimResult } from '../../../claims/result.ts'
import { type ParameterAxis, parameterAxis } from '../../page/charts/load/axis.ts'
import { shownTicks } from '../../page/charts/load/panel.ts'
import { apart, type ChartSize, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { wrap } from '../../words/terminal-text.ts'
import { type CurveGroup, pointKind, variantLabel } from '../words/curves.ts'
import { axisName, rangeText, valueText } from '../words/value.ts'
import { type ValueScale, valueScale } from './scale.ts'

interface Drawn extends ClaimPoint {
  readonly place: number
  readonly value: number
  readonly low: number
  readonly high: number
}

interface Series {
  readonly label: string
  readonly colour: string
  readonly textColour: string
  readonly dash: string | undefined
  readonly points: readonly Drawn[]
}

const top = 34
const bottom = 48
const lineHeight = 15

/** Hues that colour-blind readers can tell apart, then the same ones dashed. */
const hues = ['warehouse', 'local-dram', 'infinite-cache', 'further-0', 'hbm-only', 'further-1']
const dashes = [undefined, '6 3', '2 3']

/** The value over what was left out, a line a variant, with the claim's line. `variants` are all of the claim: each has one colour. */
export function curveChart(
  claim: ClaimResult,
  group: CurveGroup,
  variants: readonly string[],
  label: string,
): Markup | undefined {
  const hasValue = group.curves.some(({ points }) => points.some(({ measured }) => measured !== null))
  return hasValue ? responsiveChart(label, (size) => curve(claim, group, variants, size)) : undefined
}

function curve(
  claim: ClaimResult,
  group: CurveGroup,
  variants: readonly string[],
  { width, narrow }: ChartSize,
): Plot.PlotOptions {
  const places = [...new Set(group.curves.flatMap(({ points }) => points.map(({ at }) => at)))]
  const parameter = parameterAxis(axisName(group.axis), places)
  const series = seriesOf(group, variants, parameter, narrow ? 13 : 24)
  const { value: line, unit } = claim.claimed
  const values = series.flatMap(({ points }) => points.flatMap(({ value, low, high }) => [value, low, high]))
  const scale = valueScale([...values, ...(line === null ? [] : [line])], unit, 'value of the claim', true)
  const labels = series.flatMap(({ label }) => label.split('\n'))
  const marginLeft = 52
  const marginRight = 18 + Math.max(...labels.map((text) => textWidth(text, true)))
  const labelRoom = series.reduce((sum, { label }) => sum + label.split('\n').length * lineHeight + 4, 0)
  const plotHeight = Math.max(narrow ? 190 : 210, labelRoom)
  return {
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x: { type: parameter.type, domain: [...parameter.domain] },
    y: { type: scale.type, domain: [...scale.domain] },
    marks: [
      Plot.gridY({ ticks: scale.ticks, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY({ ticks: scale.ticks, tickSize: 0, label: null, tickFormat: scale.format, fill: 'var(--muted)' }),
      Plot.axisX(shownTicks(parameter, width - marginLeft - marginRight), {
        x: 'at',
        text: 'label',
        tickSize: 4,
        label: null,
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      note(scale.title, { frameAnchor: 'top-left', dx: -46, dy: -22 }),
      note(parameter.title, { frameAnchor: 'bottom-left', dy: 42 }),
      ...(scale.type === 'linear' ? [Plot.ruleY([0], { stroke: 'var(--line)' })] : []),
      ...claimLine(claim, scale),
      ...series.flatMap((one) => lineMarks(one, parameter.joined)),
      ...series.map((one) => dots(one, unit)),
      ...endLabels(series, scale, parameter, plotHeight),
    ],
  }
}

function seriesOf(group: CurveGroup, variants: readonly string[], parameter: ParameterAxis, columns: number): Series[] {
  const placeAt = new Map(parameter.ticks.map(({ at, label }) => [label, at]))
  return group.curves
    .map((one) => {
      const place = Math.max(0, variants.indexOf(one.variant))
      const hue = hues[place % hues.length]!
      return {
        label: wrap(variantLabel(one, group.curves), columns).join('\n'),
        colour: `var(--${hue})`,
        textColour: `var(--${hue}-text)`,
        dash: dashes[Math.floor(place / hues.length) % dashes.length],
        points: one.points
          .flatMap((point) =>
            point.measured === null || !Number.isFinite(point.measured.value)
              ? []
              : [{ ...point, ...point.measured, place: placeAt.get(point.at)! }],
          )
          .sort((a, b) => a.place - b.place),
      }
    })
    .filter(({ points }) => points.length > 0)
}

function claimLine({ claimed }: ClaimResult, scale: ValueScale): Plot.Markish[] {
  const { value, unit } = claimed
  if (value === null) return []
  return [
    Plot.ruleY([value], { stroke: 'var(--claim)', strokeWidth: 2 }),
    Plot.text([`claimed ${valueText(value, unit)}`], {
      y: () => value,
      frameAnchor: 'left',
      text: (text: string) => text,
      textAnchor: 'start',
      dx: 6,
      // Under the line where there is no room above it.
      dy: scale.share(value) > 0.9 ? 11 : -10,
      fill: 'var(--claim)',
      fontWeight: 650,
      stroke: 'var(--paper)',
      strokeWidth: 4,
    }),
  ]
}

function lineMarks({ points, colour, dash }: Series, joined: boolean): Plot.Markish[] {
  const range = { x: 'place', y1: 'low', y2: 'high' }
  if (!joined || points.length === 1)
    return [Plot.ruleX(points, { ...range, stroke: colour, strokeWidth: 6, strokeOpacity: 0.25 })]
  return [
    ...(points.some(({ low, high }) => low < high)
      ? [Plot.areaY(points, { ...range, fill: colour, fillOpacity: 0.13 })]
      : []),
    Plot.line(points, {
      x: 'place',
      y: 'value',
      stroke: colour,
      strokeWidth: 2,
      ...(dash !== undefined && { strokeDasharray: dash }),
    }),
  ]
}

const symbols = {
  decided: 'circle',
  loadLimited: 'circle',
  lower: 'triangle',
  upper: 'triangle',
  undecided: 'square',
} as const

/** Filled: the point decides. Hollow: a circle where the load was the limit, a triangle for a bound, a square undecided. */
function dots({ points, colour, label }: Series, unit: string): Plot.Markish {
  return Plot.dot(points, {
    x: 'place',
    y: 'value',
    r: 4,
    symbol: (point: Drawn) => symbols[pointKind(point)],
    rotate: (point: Drawn) => (pointKind(point) === 'upper' ? 180 : 0),
    fill: (point: Drawn) => (pointKind(point) === 'decided' ? colour : 'var(--paper)'),
    stroke: colour,
    strokeWidth: 1.7,
    title: (point: Drawn) =>
      [`${label.replaceAll('\n', ' ')}, ${point.at}: ${rangeText(point, unit)}`, point.note]
        .filter((part) => part !== '')
        .join(', '),
  })
}

/** Names at the ends of the lines, moved apart. */
function endLabels(
  series: readonly Series[],
  scale: ValueScale,
  parameter: ParameterAxis,
  plotHeight: number,
): Plot.Markish[] {
  const gap = lineHeight * Math.max(...series.map(({ label }) => label.split('\n').length)) + 3
  const ys = apart(
    series.map(({ points }) => (1 - scale.share(points.at(-1)!.value)) * plotHeight),
    gap,
    gap / 2 - 8,
    plotHeight - gap / 2 + 8,
  )
  return series.map(({ label, textColour }, i) =>
    Plot.text([label], {
      x: () => parameter.domain[1],
      // Placed in px from the top of the frame, so that it works on both kinds of axis.
      frameAnchor: 'top',
      dy: ys[i]!,
      lineAnchor: 'middle',
      lineHeight: lineHeight / 13,
      text: (text: string) => text,
      textAnchor: 'start',
      dx: 10,
      fill: textColour,
      fontWeight: 600,
    }),
  )
}

function note(text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([text], { text: (title: string) => title, textAnchor: 'start', fill: 'var(--muted)', ...options })
}
