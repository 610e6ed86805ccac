import * as Plot from '@observablehq/plot'
import type { ClaimResult } from '../../../claims/result.ts'
import { type ParameterAxis, parameterAxis } from '../../page/charts/load/axis.ts'
import { drawChart, note } from '../../page/charts/plot.ts'
import { html, type Markup } from '../../page/markup.ts'
import type { CurveGroup } from '../words/curves.ts'
import { axisName } from '../words/value.ts'
import { upright } from './axes.ts'
import { claimLine, dots, lineMarks, type Series, seriesOf } from './curve-marks.ts'
import { type ValueScale, valueScale } from './scale.ts'

const width = 348
const top = 50
const plotHeight = 120
const bottom = 44
const marginLeft = 44
const marginRight = 12

/** A panel for each variant, all on the same axes, each with the first variant as a thin line to compare it with. */
export function variantPanels(
  claim: ClaimResult,
  group: CurveGroup,
  variants: readonly string[],
  label: string,
): Markup {
  const places = [...new Set(group.curves.flatMap(({ points }) => points.map(({ at }) => at)))]
  const parameter = parameterAxis(axisName(group.axis), places)
  const series = seriesOf(group, variants, parameter, 44)
  const { value: line, unit } = claim.claimed
  const values = series.flatMap(({ points }) => points.flatMap(({ value, low, high }) => [value, low, high]))
  const scale = valueScale([...values, ...(line === null ? [] : [line])], unit, 'value of the claim', true)
  const panels = series.map((one) => {
    const name = one.label.replaceAll('\n', ' ')
    const chart = drawChart(`${label}: ${name}`, panel(claim, one, series[0]!, parameter, scale))
    return html`<div data-chart="${name}">${chart}</div>`
  })
  return html`<div class="panels">${panels}</div>`
}

function panel(
  claim: ClaimResult,
  series: Series,
  first: Series,
  parameter: ParameterAxis,
  scale: ValueScale,
): Plot.PlotOptions {
  const { x, y, axes } = upright(scale, parameter, width - marginLeft - marginRight)
  return {
    width,
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x,
    y,
    marks: [
      ...axes,
      Plot.text([series.label], {
        frameAnchor: 'top-left',
        lineAnchor: 'bottom',
        dx: -marginLeft,
        dy: -13,
        text: (text: string) => text,
        textAnchor: 'start',
        fill: series.textColour,
        fontWeight: 650,
      }),
      note(parameter.title, { frameAnchor: 'bottom-left', dy: 38 }),
      ...(scale.type === 'linear' ? [Plot.ruleY([0], { stroke: 'var(--line)' })] : []),
      ...(series === first || !parameter.joined
        ? []
        : [
            Plot.line(first.points, {
              x: 'place',
              y: 'value',
              stroke: 'var(--muted)',
              strokeWidth: 1,
              strokeOpacity: 0.7,
            }),
          ]),
      ...claimLine(claim, scale),
      ...lineMarks(series, parameter.joined),
      dots(series, claim.claimed.unit),
    ],
  }
}
