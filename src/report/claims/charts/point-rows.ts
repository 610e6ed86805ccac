import * as Plot from '@observablehq/plot'
import type { ClaimPoint, ClaimResult, Range } from '../../../claims/result.ts'
import { type ChartSize, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { wrap } from '../../words/terminal-text.ts'
import { type CurveGroup, pointKind, variantLabel } from '../words/curves.ts'
import { placeText, rangeText } from '../words/value.ts'
import { lying } from './axes.ts'
import { claimRule, symbolOf } from './curve-marks.ts'
import { valueScale } from './scale.ts'

interface Row extends ClaimPoint {
  readonly measured: Range
  readonly tooltip: string
  readonly text: string
  /** Middle of the row, px. */
  readonly y: number
}

/** The name of a variant, or under it the place of a point. */
interface Name {
  readonly text: string
  readonly isPlace: boolean
  readonly y: number
}

const top = 28
const axisHeight = 46

/** A row of points for each variant, where there are too few places for a curve. */
export function pointRows(claim: ClaimResult, group: CurveGroup, label: string): Markup {
  return responsiveChart(label, (size) => rowChart(claim, group, size))
}

function rowChart(claim: ClaimResult, group: CurveGroup, { width, narrow }: ChartSize): Plot.PlotOptions {
  const { value: line, unit } = claim.claimed
  const { rows, names } = laidOut(claim, group, narrow)
  const lines = names.flatMap(({ text, isPlace }) => text.split('\n').map((one) => textWidth(one, !isPlace)))
  const marginLeft = narrow ? 8 : 18 + Math.max(...lines)
  const marginRight = 14
  const bottom = Math.max(...rows.map(({ y }) => y)) + 24
  const values = rows.flatMap(({ measured: { value, low, high } }) => [value, low, high])
  const scale = valueScale([...values, ...(line === null ? [] : [line])], unit, 'value of the claim', narrow)
  const inner = width - marginLeft - marginRight
  const isLeft = ({ measured, text }: Row): boolean => scale.share(measured.high) * inner + textWidth(text) + 16 > inner
  const { x, y, axes } = lying(scale, top, bottom)
  return {
    height: bottom + axisHeight,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: axisHeight,
    x,
    y,
    marks: [
      ...axes,
      words([scale.title], { frameAnchor: 'bottom-left', dy: 40, dx: 0, fill: 'var(--muted)' }),
      ...claimRule(claim, scale, top, bottom),
      Plot.ruleY(rows, {
        x1: ({ measured }: Row) => measured.low,
        x2: ({ measured }: Row) => measured.high,
        y: 'y',
        stroke: 'var(--warehouse)',
        strokeWidth: 3,
      }),
      Plot.dot(rows, {
        x: ({ measured }: Row) => measured.value,
        y: 'y',
        r: 5,
        symbol: symbolOf,
        rotate: (row: Row) => (pointKind(row) === 'upper' ? 180 : 0),
        fill: (row: Row) => (pointKind(row) === 'decided' ? 'var(--warehouse)' : 'var(--paper)'),
        stroke: 'var(--warehouse)',
        strokeWidth: 1.8,
        title: 'tooltip',
      }),
      ...[true, false].map((left) =>
        words(
          rows.filter((row) => isLeft(row) === left),
          {
            x: ({ measured }: Row) => (left ? measured.low : measured.high),
            y: 'y',
            text: 'text',
            textAnchor: left ? 'end' : 'start',
            dx: left ? -11 : 11,
          },
        ),
      ),
      ...[true, false].map((isPlace) =>
        words(
          names.filter((name) => name.isPlace === isPlace),
          {
            frameAnchor: 'left',
            y: 'y',
            text: 'text',
            textAnchor: narrow ? 'start' : 'end',
            dx: narrow ? 0 : -14,
            fill: isPlace ? 'var(--muted)' : 'currentColor',
            fontWeight: isPlace ? 400 : 600,
          },
        ),
      ),
    ],
  }
}

const lineHeight = 16
const rowHeight = 24

/** One row a point. Names stand beside their rows, or above them where the page is narrow. */
function laidOut(claim: ClaimResult, { curves }: CurveGroup, narrow: boolean): { rows: Row[]; names: Name[] } {
  const hasPlaces = new Set(curves.flatMap(({ points }) => points.map(({ at }) => at))).size > 1
  const rows: Row[] = []
  const names: Name[] = []
  let bottom = top
  for (const curve of curves) {
    const drawn = curve.points.filter(({ measured }) => measured !== null && Number.isFinite(measured.value))
    if (drawn.length === 0) continue
    const variant = variantLabel(curve, curves)
    const name = wrap(variant, narrow ? 40 : 30)
    const nameHeight = lineHeight * name.length + 6
    const isBeside = !narrow && !hasPlaces
    const height = isBeside ? Math.max(rowHeight, nameHeight) : rowHeight
    names.push({ text: name.join('\n'), isPlace: false, y: bottom + (isBeside ? height : nameHeight) / 2 })
    if (!isBeside) bottom += nameHeight
    for (const point of drawn) {
      const place = placeText(point.at)
      if (hasPlaces) names.push({ text: place, isPlace: true, y: bottom + (narrow ? lineHeight : rowHeight) / 2 })
      if (hasPlaces && narrow) bottom += lineHeight
      const text = rangeText(point.measured!, claim.claimed.unit)
      const tooltip = `${variant}, ${place}: ${text}`
      rows.push({ ...point, measured: point.measured!, tooltip, text, y: bottom + height / 2 })
      bottom += height
    }
    if (hasPlaces) bottom += 6
  }
  return { rows, names }
}

function words(data: Plot.Data, options: Plot.TextOptions): Plot.Markish {
  return Plot.text(data, {
    text: (text: string) => text,
    textAnchor: 'start',
    fill: 'currentColor',
    stroke: 'var(--paper)',
    strokeWidth: 4,
    ...options,
  })
}
