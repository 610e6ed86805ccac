import * as Plot from '@observablehq/plot'
import type { ClaimPoint, ClaimResult, Range } from '../../../claims/result.ts'
import { type ChartSize, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { wrap } from '../../words/terminal-text.ts'
import { type CurveGroup, pointKind, variantLabel } from '../words/curves.ts'
import { placeText, rangeText } from '../words/value.ts'
import { claimRule, symbolOf } from './curve-marks.ts'
import { valueScale } from './scale.ts'

interface Row extends ClaimPoint {
  readonly measured: Range
  /** On the first row of a variant only. */
  readonly name: string
  readonly text: string
  /** Middle of the row, px. */
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
  const rows = rowsOf(claim, group, narrow)
  const marginLeft = narrow
    ? 8
    : 14 + Math.max(...rows.flatMap(({ name }) => name.split('\n')).map((text) => textWidth(text, true)))
  const marginRight = 14
  const bottom = Math.max(...rows.map(({ y }) => y)) + 24
  const values = rows.flatMap(({ measured: { value, low, high } }) => [value, low, high])
  const scale = valueScale([...values, ...(line === null ? [] : [line])], unit, 'value of the claim', narrow)
  const inner = width - marginLeft - marginRight
  const isLeft = ({ measured, text }: Row): boolean => scale.share(measured.high) * inner + textWidth(text) + 16 > inner
  return {
    height: bottom + axisHeight,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: axisHeight,
    x: { type: scale.type, domain: [...scale.domain] },
    y: { domain: [top, bottom], range: [top, bottom], type: 'linear', axis: null },
    marks: [
      Plot.gridX({ ticks: scale.ticks, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisX({ ticks: scale.ticks, tickFormat: scale.format, tickSize: 0, label: null, fill: 'var(--muted)' }),
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
        title: (row: Row) => `${row.name.replaceAll('\n', ' ')} ${row.text}`,
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
      words(rows, {
        frameAnchor: 'left',
        y: ({ y, name }: Row) => y - (narrow ? 12 + 8 * name.split('\n').length : 0),
        text: 'name',
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 0 : -14,
        fontWeight: 600,
      }),
    ],
  }
}

function rowsOf(claim: ClaimResult, { curves }: CurveGroup, narrow: boolean): Row[] {
  const hasPlaces = new Set(curves.flatMap(({ points }) => points.map(({ at }) => at))).size > 1
  let bottom = top
  return curves.flatMap((curve) => {
    const drawn = curve.points.filter(({ measured }) => measured !== null && Number.isFinite(measured.value))
    const name = wrap(variantLabel(curve, curves), narrow ? 40 : 30)
    return drawn.map((point, i): Row => {
      const above = narrow && i === 0 ? 16 * name.length + 4 : 0
      const height = i === 0 && !narrow ? Math.max(28, 16 * name.length + 6) : 26
      const y = bottom + above + height / 2
      bottom = y + height / 2
      const at = hasPlaces ? ` at ${placeText(point.at)}` : ''
      const text = rangeText(point.measured!, claim.claimed.unit) + at
      return { ...point, measured: point.measured!, name: i === 0 ? name.join('\n') : '', text, y }
    })
  })
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
