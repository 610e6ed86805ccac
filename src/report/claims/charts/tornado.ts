import * as Plot from '@observablehq/plot'
import type { ClaimResult, TornadoBar } from '../../../claims/result.ts'
import { type ChartSize, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { bySwing } from '../words/sensitivity.ts'
import { inputText, isShare, unitName, valueText } from '../words/value.ts'
import { lying } from './axes.ts'
import { valueScale } from './scale.ts'

interface Row {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Inputs at the left and the right end. */
  readonly left: string
  readonly right: string
  readonly tooltip: string
  readonly y: number
}

/** More bars than this no one compares; the table has them all. */
export const mostBars = 12

const top = 30
const axisHeight = 46
const barHeight = 16

/** What each assumption does to the value between the ends of its range, the longest bar first, with the claim's line. */
export function tornadoChart(claim: ClaimResult, label: string): Markup {
  return responsiveChart(label, (size) => tornado(claim, size))
}

function tornado(claim: ClaimResult, { narrow }: ChartSize): Plot.PlotOptions {
  const { claimed, measured } = claim
  const rows = bySwing(claim)
    .slice(0, mostBars)
    .map((bar, i) => rowOf(claim, bar, top + (narrow ? 34 + 46 * i : 16 + 28 * i)))
  const bottom = rows.at(-1)!.y + barHeight
  const inputs = (side: 'left' | 'right'): number => Math.max(...rows.map((row) => textWidth(row[side]))) + 14
  const names = narrow ? 0 : Math.min(270, 12 + Math.max(...rows.map(({ name }) => textWidth(name))))
  const marginLeft = names + inputs('left')
  const marginRight = inputs('right')
  const reference = [...(measured === null ? [] : [measured.value]), ...(claimed.value === null ? [] : [claimed.value])]
  const ends = rows.flatMap(({ from, to }) => [from, to])
  const scale = valueScale([...ends, ...reference], claimed.unit, 'value of the claim', narrow || marginLeft > 260)
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
      text([scale.title], { frameAnchor: 'bottom-left', dy: 40, fill: 'var(--muted)' }),
      Plot.rect(rows, {
        x1: 'from',
        x2: 'to',
        y1: ({ y }: Row) => y - barHeight / 2,
        y2: ({ y }: Row) => y + barHeight / 2,
        fill: 'var(--work-2)',
        title: 'tooltip',
      }),
      ...line(measured?.value, 'currentColor', 1.5),
      ...line(claimed.value ?? undefined, 'var(--claim)', 2),
      ...labels(claim, scale.share),
      text(rows, {
        x: ({ from, to }: Row) => Math.min(from, to),
        y: 'y',
        text: 'left',
        textAnchor: 'end',
        dx: -6,
        fill: 'var(--muted)',
      }),
      text(rows, { x: ({ from, to }: Row) => Math.max(from, to), y: 'y', text: 'right', dx: 6, fill: 'var(--muted)' }),
      text(rows, {
        frameAnchor: 'left',
        y: ({ y }: Row) => y - (narrow ? 18 : 0),
        text: 'name',
        dx: narrow ? 4 - marginLeft : -marginLeft,
      }),
    ],
  }

  function line(value: number | undefined, stroke: string, strokeWidth: number): Plot.Markish[] {
    return value === undefined ? [] : [Plot.ruleX([value], { y1: top - 6, y2: bottom, stroke, strokeWidth })]
  }
}

/** Names of both lines above them, on the sides on which they do not meet. */
function labels({ claimed, measured }: ClaimResult, share: (value: number) => number): Plot.Markish[] {
  const lines = [
    ...(measured === null ? [] : [{ value: measured.value, name: 'found', fill: 'currentColor' }]),
    ...(claimed.value === null ? [] : [{ value: claimed.value, name: 'claimed', fill: 'var(--claim)' }]),
  ].sort((a, b) => a.value - b.value)
  return lines.map(({ value, name, fill }, i) => {
    const isLeft = lines.length === 2 ? i === 0 && share(value) > 0.15 : share(value) > 0.6
    return text([`${name} ${valueText(value, claimed.unit)}`], {
      x: () => value,
      y: () => top,
      dy: -14,
      textAnchor: isLeft ? 'end' : 'start',
      dx: isLeft ? -2 : 2,
      fill,
      fontWeight: 650,
    })
  })
}

function rowOf({ claimed }: ClaimResult, { assumption, unit, low, high }: TornadoBar, y: number): Row {
  const [left, right] = low.output <= high.output ? [low, high] : [high, low]
  return {
    name: isInTicks(unit) ? assumption : `${assumption}, ${unitName(unit)}`,
    from: left.output,
    to: right.output,
    left: tickOf(left.input, unit),
    right: tickOf(right.input, unit),
    tooltip: `${assumption}: ${valueText(low.output, claimed.unit)} at ${inputText(low.input, unit)}, ${valueText(high.output, claimed.unit)} at ${inputText(high.input, unit)}`,
    y,
  }
}

/** The unit stands behind the name, unless it is a sign of one letter or the figure is told in one that fits it. */
function isInTicks(unit: string): boolean {
  return unitName(unit) === '' || unit === '×' || unit === 'x' || unit === 'share'
}

function tickOf(input: number, unit: string): string {
  if (isInTicks(unit)) return inputText(input, unit)
  return isShare(unit) ? inputText(input, 'share') : inputText(input, '')
}

function text(data: Plot.Data, options: Plot.TextOptions): Plot.Markish {
  return Plot.text(data, {
    text: (told: string) => told,
    textAnchor: 'start',
    fill: 'currentColor',
    stroke: 'var(--paper)',
    strokeWidth: 5,
    ...options,
  })
}
