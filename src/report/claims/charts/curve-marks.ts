import * as Plot from '@observablehq/plot'
import type { ClaimPoint, ClaimResult } from '../../../claims/result.ts'
import type { ParameterAxis } from '../../page/charts/load/axis.ts'
import { wrap } from '../../words/terminal-text.ts'
import { type CurveGroup, pointKind, variantLabel } from '../words/curves.ts'
import { rangeText, valueText } from '../words/value.ts'
import type { ValueScale } from './scale.ts'

interface Drawn extends ClaimPoint {
  readonly place: number
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface Series {
  readonly label: string
  readonly colour: string
  readonly textColour: string
  readonly dash: string | undefined
  readonly points: readonly Drawn[]
}

/** Hues that colour-blind readers can tell apart, then the same ones dashed. */
const hues = ['warehouse', 'local-dram', 'infinite-cache', 'further-0', 'hbm-only', 'further-1']
const dashes = [undefined, '6 3', '2 3']

/** Lines to draw, those with values; each variant has its own colour in every panel. */
export function seriesOf(
  group: CurveGroup,
  variants: readonly string[],
  parameter: ParameterAxis,
  columns: number,
): Series[] {
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

/** The claim as a labelled line. */
export function claimLine({ claimed }: ClaimResult, scale: ValueScale): Plot.Markish[] {
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

/** The same, upright across rows. */
export function claimRule({ claimed }: ClaimResult, scale: ValueScale, top: number, bottom: number): Plot.Markish[] {
  const { value, unit } = claimed
  if (value === null) return []
  return [
    Plot.ruleX([value], { y1: top - 6, y2: bottom, stroke: 'var(--claim)', strokeWidth: 2 }),
    Plot.text([`claimed ${valueText(value, unit)}`], {
      x: () => value,
      y: () => top,
      dy: -15,
      text: (text: string) => text,
      textAnchor: scale.share(value) > 0.6 ? 'end' : 'start',
      fill: 'var(--claim)',
      fontWeight: 650,
    }),
  ]
}

export function lineMarks({ points, colour, dash }: Series, joined: boolean): Plot.Markish[] {
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

export function symbolOf(point: ClaimPoint): (typeof symbols)[keyof typeof symbols] {
  return symbols[pointKind(point)]
}

/** Filled: the point decides. Hollow: a circle where the load was the limit, a triangle for a bound, a square undecided. */
export function dots({ points, colour, label }: Series, unit: string): Plot.Markish {
  return Plot.dot(points, {
    x: 'place',
    y: 'value',
    r: 4,
    symbol: symbolOf,
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
