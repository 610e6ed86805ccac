import { formatShare } from '../../../../units.ts'
import { baselineArm, headlineArm } from '../../../arms.ts'
import type { PointArm, Report } from '../../../report.ts'
import type { Markup } from '../../markup.ts'
import type { ParameterAxis } from './axis.ts'
import { panelGrid } from './grid.ts'
import type { LoadPanel, LoadSeries } from './panel.ts'
import { type CurvePoint, multiplierSeries, pointSeries } from './series.ts'

const metrics: readonly { readonly title: string; readonly axis: string; readonly value: (arm: PointArm) => number }[] =
  [
    { title: 'hit rate', axis: 'share of prompt tokens', value: ({ hitRate }) => hitRate },
    {
      title: 'redundant prefill overhead',
      axis: 'share of all other busy time',
      value: ({ redundantPrefillOverhead }) => redundantPrefillOverhead,
    },
    { title: 'busy', axis: 'share of GPU time', value: ({ busyShare }) => busyShare },
    { title: 'stalled', axis: 'share of GPU time', value: ({ stalledShare }) => stalledShare },
    { title: 'starved', axis: 'share of GPU time', value: ({ starvedShare }) => starvedShare },
  ]

/** Small multiples over one axis: why the multiplier is what it is. Shares of GPU time are on one scale. */
export function sharesChart(
  report: Report,
  points: readonly CurvePoint[],
  parameter: ParameterAxis,
  label: string,
): Markup {
  return panelGrid(sharePanels(report, points, parameter), label)
}

/** The multiplier over another parameter, and beneath it what makes it. */
export function sweepChart(
  report: Report,
  points: readonly CurvePoint[],
  parameter: ParameterAxis,
  label: string,
): Markup {
  const series = multiplierSeries(points, headlineArm(report))
  const shares = sharePanels(report, points, parameter)
  if (series.length === 0) return panelGrid(shares, label)
  const most = Math.max(1.3, ...series.flatMap(({ points }) => points.map(({ high }) => high))) * 1.06
  const multiplier: LoadPanel = {
    title: 'multiplier',
    axis: 'against hbm-only at the same point',
    parameter,
    series,
    most,
    format: (tick) => `${tick}×`,
    reference: { value: 1, label: '1× is no gain' },
    run: [],
  }
  return panelGrid([multiplier, ...shares], label)
}

function sharePanels(report: Report, points: readonly CurvePoint[], parameter: ParameterAxis): LoadPanel[] {
  return metrics.map(({ title, axis, value }) => {
    const series = pointSeries(points, headlineArm(report), {
      value,
      words: (share) => `${title} ${formatShare(share)}`,
    })
    const drawn = title === 'hit rate' ? [...series, ceilingSeries(points)] : series
    const most = Math.max(...drawn.flatMap(({ points }) => points.map((point) => point.value)))
    return {
      title,
      axis,
      parameter,
      series: drawn,
      most: title === 'redundant prefill overhead' && most > 1 ? most * 1.06 : 1.03,
      format: (tick) => `${Math.round(tick * 100)} %`,
      reference: undefined,
      run: [],
    }
  })
}

/** The ceiling is nearly the same in every arm; each arm's own is in the table. */
function ceilingSeries(points: readonly CurvePoint[]): LoadSeries {
  return {
    name: 'ceiling',
    colour: 'var(--muted)',
    textColour: 'var(--muted)',
    dash: '2 3',
    heavy: false,
    points: points.flatMap(({ at, label, arms }) => {
      const arm = arms[baselineArm] ?? Object.values(arms)[0]
      if (arm === undefined) return []
      const value = arm.ceilingHitRate
      const tooltip = `ceiling, ${label}: ${formatShare(value)}`
      return [{ load: at, value, low: value, high: value, bound: 'exact' as const, tooltip }]
    }),
  }
}
