import * as Plot from '@observablehq/plot'
import type { ClaimMap, ClaimResult } from '../../../claims/result.ts'
import { type ChartSize, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { isBeyond } from '../words/direction.ts'
import { axisText, placeOf } from '../words/map.ts'
import { inputText, isShare, tickText, unitName, valueText } from '../words/value.ts'
import { contour } from './contour.ts'

interface Cell {
  readonly column: number
  readonly row: number
  readonly value: number
  readonly colour: string
  readonly opacity: number
  readonly text: string
  readonly tooltip: string
}

const top = 26
const bottom = 50

/** The value over two parameters: a cell a combination, blue where the claim is reached, with its line and the user's point. */
export function mapChart(claim: ClaimResult, map: ClaimMap, label: string): Markup {
  return responsiveChart(label, (size) => heat(claim, map, size))
}

function heat(claim: ClaimResult, map: ClaimMap, { width, narrow }: ChartSize): Plot.PlotOptions {
  const { x, y, point } = map
  const { unit } = claim.claimed
  const [columns, rows] = [x.values.length, y.values.length]
  const yTicks = y.values.map((value) => tickText(value, y.unit))
  const marginLeft = 16 + Math.max(...yTicks.map((text) => textWidth(text)))
  const marginRight = 10
  const cellWidth = (width - marginLeft - marginRight) / columns
  const cellHeight = Math.max(18, Math.min(34, 260 / rows))
  const cells = cellsOf(claim, map)
  const fits = (text: string): boolean => textWidth(text) <= cellWidth - 8
  const texts = [cells.map(({ text }) => text), cells.map(({ value }) => tickText(value, ''))].find((all) =>
    all.every(fits),
  )
  const pieces = contour(map.values, map.line)
  const [px, py] = [point && placeOf(x.values, point.x), point && placeOf(y.values, point.y)]
  // The label lies between two rows of figures, beside the diamond, and covers neither.
  const boundary = Math.min(rows - 1.5, Math.max(0.5, Math.floor(py ?? 0) + 0.5))
  const isLeft = ((px ?? 0) + 0.5) * cellWidth + 12 + textWidth(point?.label ?? '', true) > columns * cellWidth
  const spot = point !== null && px != null && py != null ? [{ px, py, label: point.label }] : []
  return {
    height: top + rows * cellHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x: { type: 'linear', domain: [-0.5, columns - 0.5], axis: null },
    y: { type: 'linear', domain: [-0.5, rows - 0.5], axis: null },
    marks: [
      Plot.rect(cells, {
        x1: ({ column }: Cell) => column - 0.5,
        x2: ({ column }: Cell) => column + 0.5,
        y1: ({ row }: Cell) => row - 0.5,
        y2: ({ row }: Cell) => row + 0.5,
        fill: 'colour',
        fillOpacity: 'opacity',
        stroke: 'var(--paper)',
        strokeWidth: 1,
        title: 'tooltip',
      }),
      ...(texts === undefined ? [] : [Plot.text(cells, { x: 'column', y: 'row', text: texts, fill: 'currentColor' })]),
      Plot.axisX(xTicks(x, cellWidth), { x: 'at', text: 'label', tickSize: 0, label: null, fill: 'var(--muted)' }),
      Plot.axisY(
        yTicks.map((text, at) => ({ at, text })),
        { y: 'at', text: 'text', tickSize: 0, label: null, fill: 'var(--muted)' },
      ),
      corner(axisTitle(y), { frameAnchor: 'top-left', dx: 8 - marginLeft, dy: -14 }),
      corner(axisTitle(x), { frameAnchor: 'bottom-left', dy: 42 }),
      Plot.link(pieces, {
        x1: 'x1',
        y1: 'y1',
        x2: 'x2',
        y2: 'y2',
        stroke: 'var(--claim)',
        strokeWidth: 2.5,
        strokeLinecap: 'round',
      }),
      ...(pieces.length === 0
        ? []
        : [
            corner(`line: claimed ${valueText(map.line, unit)}`, {
              frameAnchor: 'top-right',
              textAnchor: 'end',
              dy: -14,
              fill: 'var(--claim)',
              fontWeight: 650,
            }),
          ]),
      Plot.dot(spot, {
        x: 'px',
        y: 'py',
        symbol: 'diamond',
        r: 7,
        fill: 'var(--paper)',
        stroke: 'currentColor',
        strokeWidth: 2,
        title: 'label',
      }),
      Plot.text(spot, {
        x: 'px',
        y: () => boundary,
        text: 'label',
        textAnchor: isLeft ? 'end' : 'start',
        dx: isLeft ? -12 : 12,
        fill: 'currentColor',
        fontWeight: 650,
        stroke: 'var(--paper)',
        strokeWidth: 4,
      }),
    ],
  }

  function axisTitle({ parameter, unit: name }: ClaimMap['x']): string {
    const shown = unitName(name)
    return shown === '' || (narrow && parameter.includes(shown)) ? parameter : `${parameter}, ${shown}`
  }
}

function cellsOf(claim: ClaimResult, { x, y, values, line }: ClaimMap): Cell[] {
  const { unit } = claim.claimed
  const finite = values.flat().filter((value) => Number.isFinite(value) && value > 0)
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  return y.values.flatMap((yValue, row) =>
    x.values.map((xValue, column) => {
      const value = values[row]?.[column] ?? Number.NaN
      const reaches = isBeyond(claim, value, line) ?? true
      const share = Math.log(value / low) / Math.log(high / low)
      const strength = value > 0 && Number.isFinite(share) ? share : 0
      const isFigure = Number.isFinite(value)
      return {
        column,
        row,
        value,
        colour: reaches ? 'var(--warehouse)' : 'var(--hbm-only)',
        opacity: isFigure ? (reaches ? 0.25 + 0.35 * strength : 0.08 + 0.24 * strength) : 0,
        text: isFigure ? valueText(value, unit) : '–',
        tooltip: `${axisText(x, xValue)}, ${axisText(y, yValue)}: ${valueText(value, unit)}`,
      }
    }),
  )
}

/** In full where there is room for each, else short and as many as fit. */
function xTicks({ values, unit }: ClaimMap['x'], cellWidth: number): { at: number; label: string }[] {
  const full = values.map((value) => (unitName(unit) === '' ? tickText(value, unit) : inputText(value, '')))
  const fits = !isShare(unit) && full.every((label) => textWidth(label) + 6 <= cellWidth)
  const labels = fits ? full : values.map((value) => tickText(value, unit))
  const widest = Math.max(...labels.map((label) => textWidth(label)))
  const step = Math.max(1, Math.ceil((widest + 6) / cellWidth))
  return labels.map((label, at) => ({ at, label })).filter(({ at }) => at % step === 0)
}

function corner(text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([text], { text: (title: string) => title, textAnchor: 'start', fill: 'var(--muted)', ...options })
}
