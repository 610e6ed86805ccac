import * as Plot from '@observablehq/plot'
import type { ClaimResult } from '../../../claims/result.ts'
import { type ParameterAxis, parameterAxis } from '../../page/charts/load/axis.ts'
import { apart, type ChartSize, note, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { type CurveGroup, curveForm } from '../words/curves.ts'
import { axisName } from '../words/value.ts'
import { upright } from './axes.ts'
import { claimLine, dots, lineMarks, type Series, seriesOf } from './curve-marks.ts'
import { pointRows } from './point-rows.ts'
import { type ValueScale, valueScale } from './scale.ts'
import { variantPanels } from './variant-panels.ts'

const top = 34
const bottom = 48
const lineHeight = 15

/** The value over what was left out, a line a variant, with the claim's line. `variants` are all of the claim: each has one colour. */
export function curveChart(
  claim: ClaimResult,
  group: CurveGroup,
  variants: readonly string[],
  label: string,
): Markup | undefined {
  const hasValue = group.curves.some(({ points }) => points.some(({ measured }) => measured !== null))
  if (!hasValue) return undefined
  const form = curveForm(group)
  if (form === 'rows') return pointRows(claim, group, label)
  if (form === 'panels') return variantPanels(claim, group, variants, label)
  return responsiveChart(label, (size) => curve(claim, group, variants, size))
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
  const { x, y, axes } = upright(scale, parameter, width - marginLeft - marginRight)
  return {
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x,
    y,
    marks: [
      ...axes,
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
