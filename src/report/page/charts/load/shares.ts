import { formatMs, formatRatio, formatShare } from '../../../../units.ts'
import { baselineArm, headlineArm } from '../../../arms.ts'
import type { PointArm, Report } from '../../../report.ts'
import type { Markup } from '../../markup.ts'
import type { ParameterAxis } from './axis.ts'
import { panelGrid } from './grid.ts'
import type { LoadPanel, LoadSeries } from './panel.ts'
import { type CurvePoint, multiplierSeries, pointSeries } from './series.ts'

interface Metric {
  readonly title: string
  readonly axis: string
  readonly value: (arm: PointArm) => number | null
  readonly format: (value: number) => string
  /** Upper end of the axis for the largest value of the metrics on the same scale. */
  readonly most: (largest: number) => number
  /** Metrics with the same key are on one scale. */
  readonly scale: string
}

const asShare = (value: number): string => `${Math.round(value * 100)} %`
const gpuTime = { axis: 'share of GPU time', format: asShare, most: (largest: number) => Math.max(0.1, largest * 1.06) }

const metrics: readonly Metric[] = [
  {
    title: 'hit rate',
    axis: 'share of prompt tokens',
    value: ({ hitRate }) => hitRate,
    format: asShare,
    most: () => 1.03,
    scale: 'hits',
  },
  {
    title: 'redundant prefill overhead',
    axis: 'share of all other busy time',
    value: ({ redundantPrefillOverhead }) => redundantPrefillOverhead,
    format: asShare,
    most: (largest) => Math.max(0.1, largest * 1.06),
    scale: 'overhead',
  },
  { ...gpuTime, title: 'busy', value: ({ busyShare }) => busyShare, most: () => 1.03, scale: 'busy' },
  { ...gpuTime, title: 'stalled', value: ({ stalledShare }) => stalledShare, scale: 'idle' },
  { ...gpuTime, title: 'starved', value: ({ starvedShare }) => starvedShare, scale: 'idle' },
  {
    title: 'TTFT p95',
    axis: 'from the arrival of a request',
    value: ({ ttftP95Ms }) => ttftP95Ms,
    format: formatMs,
    most: (largest) => largest * 1.06,
    scale: 'ttft',
  },
]

/** Small multiples over one axis: why the multiplier is what it is. */
export function sharesChart(
  report: Report,
  points: readonly CurvePoint[],
  parameter: ParameterAxis,
  label: string,
): Markup {
  return panelGrid(sharePanels(report, points, parameter), label)
}

/** The multiplier over another parameter, each arm against itself at the first value named, and beneath them what makes them. */
export function sweepChart(
  report: Report,
  points: readonly CurvePoint[],
  parameter: ParameterAxis,
  label: string,
  first: string,
): Markup {
  const series = multiplierSeries(points, headlineArm(report))
  const shares = [ownEffectPanel(report, points, parameter, first), ...sharePanels(report, points, parameter)]
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

/** What the option does to an arm by itself: its throughput against its own at the first value. */
function ownEffectPanel(
  report: Report,
  points: readonly CurvePoint[],
  parameter: ParameterAxis,
  first: string,
): LoadPanel {
  const from = points.find(({ label }) => label === first)!
  const relative = points.map((point) => ({
    ...point,
    arms: Object.fromEntries(
      Object.entries(point.arms).flatMap(([name, arm]) => {
        const before = from.arms[name]?.tokensPerGpuSecond ?? 0
        return before === 0 ? [] : [[name, { ...arm, tokensPerGpuSecond: arm.tokensPerGpuSecond / before }]]
      }),
    ),
  }))
  const value = ({ tokensPerGpuSecond }: PointArm): number => tokensPerGpuSecond
  const words = (ratio: number): string => `throughput ${formatRatio(ratio)} of that at ${first}`
  const most = Math.max(1.3, ...relative.flatMap(({ arms }) => Object.values(arms).map(value))) * 1.06
  return {
    title: 'throughput',
    axis: `each arm against itself at ${first}`,
    parameter,
    series: pointSeries(relative, headlineArm(report), { value, words }),
    most,
    format: (tick) => `${tick}×`,
    reference: { value: 1, label: '' },
    run: [],
  }
}

function sharePanels(report: Report, points: readonly CurvePoint[], parameter: ParameterAxis): LoadPanel[] {
  const valuesOf = ({ value }: Metric): number[] =>
    points.flatMap(({ arms }) => Object.values(arms).flatMap((arm) => value(arm) ?? []))
  return metrics
    .filter((metric) => valuesOf(metric).length > 0)
    .map((metric) => {
      const words = (value: number): string => `${metric.title} ${metric.format(value)}`
      const series = pointSeries(points, headlineArm(report), { value: metric.value, words })
      const alike = metrics.filter(({ scale }) => scale === metric.scale).flatMap(valuesOf)
      return {
        title: metric.title,
        axis: metric.axis,
        parameter,
        series: metric.scale === 'hits' ? [...series, ceilingSeries(points)] : series,
        most: metric.most(Math.max(...alike)),
        format: metric.format,
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
    isLimit: true,
    points: points.flatMap(({ at, label, arms }) => {
      const arm = arms[baselineArm] ?? Object.values(arms)[0]
      if (arm === undefined) return []
      const value = arm.ceilingHitRate
      const tooltip = `ceiling, ${label}: ${formatShare(value)}`
      return [{ load: at, value, low: value, high: value, bound: 'exact' as const, tooltip }]
    }),
  }
}
