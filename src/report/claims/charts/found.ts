import * as Plot from '@observablehq/plot'
import type { ClaimResult, Range } from '../../../claims/result.ts'
import { type ChartSize, nameMargin, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { withTolerance } from '../words/direction.ts'
import { rangeText } from '../words/value.ts'
import { lying } from './axes.ts'
import { claimRule } from './curve-marks.ts'
import { type ValueScale, valueScale } from './scale.ts'

interface Row {
  readonly name: string
  readonly measured: Range
  readonly symbol: 'circle' | 'square' | 'diamond'
  readonly text: string
  /** Middle of the row, px. */
  readonly y: number
}

const top = 30
const axisHeight = 44

/** The value that was found as a dot with its range, beside the claim as a line; then against the strongest baseline, and there. */
export function foundChart(claim: ClaimResult, label: string): Markup {
  return responsiveChart(label, (size) => found(claim, size))
}

function found(claim: ClaimResult, { width, narrow }: ChartSize): Plot.PlotOptions {
  const { claimed } = claim
  const rows = rowsOf(claim, narrow)
  const marginLeft = narrow ? 10 : nameMargin(rows.map(({ name }) => name))
  const marginRight = 16
  const bottom = rows.at(-1)!.y + 22
  const values = rows.flatMap(({ measured: { value, low, high } }) => [value, low, high])
  const scale = valueScale(
    [...values, ...(claimed.value === null ? [] : [claimed.value])],
    claimed.unit,
    'value of the claim',
    narrow,
  )
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
      words([scale.title], { frameAnchor: 'bottom-left', dy: 38, dx: 0, fill: 'var(--muted)' }),
      ...(scale.type === 'linear' ? [Plot.ruleX([0], { stroke: 'var(--line)' })] : []),
      ...claimMarks(claim, scale, bottom),
      Plot.ruleY(rows, {
        x1: (row: Row) => row.measured.low,
        x2: (row: Row) => row.measured.high,
        y: 'y',
        stroke: 'currentColor',
        strokeWidth: 3,
      }),
      Plot.dot(rows, {
        x: (row: Row) => row.measured.value,
        y: 'y',
        r: 5.5,
        symbol: 'symbol',
        fill: (row: Row) => (row.symbol === 'circle' ? 'currentColor' : 'var(--paper)'),
        stroke: 'currentColor',
        strokeWidth: 2,
        title: (row: Row) => `${row.name}: ${row.text}`,
      }),
      ...[true, false].map((left) =>
        words(
          rows.filter((row) => isLeft(row) === left),
          {
            x: (row: Row) => (left ? row.measured.low : row.measured.high),
            y: 'y',
            text: 'text',
            textAnchor: left ? 'end' : 'start',
            dx: left ? -12 : 12,
          },
        ),
      ),
      words(rows, {
        frameAnchor: 'left',
        y: (row: Row) => row.y - (narrow ? 20 : 0),
        text: 'name',
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 0 : -14,
        fontWeight: 650,
      }),
    ],
  }
}

function rowsOf(claim: ClaimResult, narrow: boolean): Row[] {
  const { measured, claimed, againstStrongest, there } = claim
  const point = (value: number): Range => ({ value, low: value, high: value })
  const rows: Omit<Row, 'y' | 'text'>[] = [
    ...(measured === null ? [] : [{ name: 'at its own conditions', measured, symbol: 'circle' as const }]),
    ...(againstStrongest === null
      ? []
      : [{ name: 'against strongest baseline', measured: point(againstStrongest.value), symbol: 'square' as const }]),
    ...(there?.measured == null
      ? []
      : [{ name: 'your deployment', measured: there.measured, symbol: 'diamond' as const }]),
  ]
  return rows
    .filter((row) => Object.values(row.measured).every(Number.isFinite))
    .map((row, i) => ({
      ...row,
      text: rangeText(row.measured, claimed.unit),
      y: top + (narrow ? 30 + 48 * i : 20 + 34 * i),
    }))
}

/** The claim as a labelled line, and what its tolerance lets pass as a band. */
function claimMarks(claim: ClaimResult, scale: ValueScale, bottom: number): Plot.Markish[] {
  const { value } = claim.claimed
  if (value === null) return []
  const passing = withTolerance(claim, value)
  return [
    Plot.rect([claim], {
      x1: Math.max(scale.domain[0], Math.min(value, passing)),
      x2: Math.min(scale.domain[1], Math.max(value, passing)),
      y1: top - 6,
      y2: bottom,
      fill: 'var(--claim)',
      fillOpacity: 0.14,
    }),
    ...claimRule(claim, scale, top, bottom),
  ]
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

/** Whether there is a value to draw. */
export function hasFound(claim: ClaimResult): boolean {
  return rowsOf(claim, false).length > 0
}
