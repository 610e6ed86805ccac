import { formatFigures, formatRatio } from '../../../../units.ts'
import { headlineArm, inArmOrder } from '../../../arms.ts'
import {
  headlineMultiplier,
  kneeCurve,
  kneeRouters,
  kneeScales,
  loadOnKnee,
  ownScale,
  type Scale,
  scaleNames,
} from '../../../headline.ts'
import type { KneePoint, Report } from '../../../report.ts'
import { loadName } from '../../../words/load.ts'
import { armStyle } from '../../arm-style.ts'
import type { Markup } from '../../markup.ts'
import { type ParameterAxis, parameterAxis } from './axis.ts'
import { panelGrid } from './grid.ts'
import type { LoadPanel, RunMark } from './panel.ts'
import { type CurvePoint, multiplierSeries, pointSeries } from './series.ts'

interface Curve {
  readonly scale: Scale
  readonly router: string
}

/** Multiplier over load, of the run's own scale and router: one panel, wide. */
export function ownKneeChart(report: Report, label: string): Markup {
  return panelsOf(report, [{ scale: ownScale(report), router: report.setup.router }], label)
}

/** The others: a panel for each further scale and router that has more than a point. */
export function kneeChart(report: Report, label: string): Markup {
  const own = ({ scale, router }: Curve): boolean => scale === ownScale(report) && router === report.setup.router
  const all = kneeRouters(report).flatMap((router) => kneeScales(report).map((scale) => ({ scale, router })))
  return panelsOf(
    report,
    all.filter((curve) => !own(curve) && kneeCurve(report, curve.scale, curve.router).length > 1),
    label,
  )
}

function panelsOf(report: Report, panels: readonly Curve[], label: string): Markup {
  const values = report.knee.flatMap(({ multiplier }) =>
    Object.values(multiplier).map(({ mean, high }) => high ?? mean),
  )
  const own = Object.values(report.multiplier).map(({ value, high }) => Math.max(value, high ?? 0))
  const most = Math.max(1.3, ...values, ...own) * 1.06
  return panelGrid(
    panels
      .filter(({ scale, router }) => kneeCurve(report, scale, router).length > 0)
      .map(({ scale, router }) => ({
        title: `${scaleNames[scale]}, ${router}`,
        axis: 'multiplier',
        parameter: loadAxis(report, scale, router),
        series: multiplierSeries(curvePoints(report, scale, router), headlineArm(report)),
        most,
        format: (tick: number) => `${tick}×`,
        reference: { value: 1, label: '1× is no gain' },
        run: router === report.setup.router && scale === ownScale(report) ? runMarks(report) : [],
      })),
    label,
  )
}

/** Tokens per GPU-second over load, under the run's own router: the curve of the baseline is what a gain is measured by. */
export function throughputChart(report: Report, label: string): Markup {
  const { router } = report.setup
  return panelGrid(
    kneeScales(report)
      .filter((scale) => kneeCurve(report, scale, router).length > 0)
      .map((scale): LoadPanel => {
        const points = curvePoints(report, scale, router)
        const names = inArmOrder(Object.keys(points[0]!.arms))
        const series = pointSeries(points, names[0], {
          value: (arm) => arm.tokensPerGpuSecond,
          words: (value) => `${formatFigures(value)} tokens per GPU-second`,
        })
        return {
          title: `${scaleNames[scale]}, ${router}`,
          axis: 'output tokens per GPU-second',
          parameter: loadAxis(report, scale, router),
          series,
          most: Math.max(...series.flatMap(({ points }) => points.map(({ value }) => value))) * 1.08,
          format: (tick) => tick.toLocaleString('en-US'),
          reference: undefined,
          run: [],
        }
      }),
    label,
  )
}

/** Points of a curve of the knee, placed at their loads. */
export function curvePoints(report: Report, scale: Scale, router: string): CurvePoint[] {
  return kneeCurve(report, scale, router).map(({ sessionsPerReplica, arms, multiplier }: KneePoint) => ({
    at: sessionsPerReplica,
    label: String(sessionsPerReplica),
    arms,
    multiplier,
  }))
}

export function loadAxis(report: Report, scale: Scale, router: string): ParameterAxis {
  const loads = kneeCurve(report, scale, router).map(({ sessionsPerReplica }) => String(sessionsPerReplica))
  return parameterAxis(loadName(report), loads, true)
}

function runMarks(report: Report): RunMark[] {
  const load = loadOnKnee(report)
  const headline = headlineMultiplier(report)
  if (load === undefined || headline === undefined) return []
  const { arm, multiplier } = headline
  const { value, low, high } = multiplier
  const { colour } = armStyle(arm, Object.keys(report.arms))
  return [
    {
      load,
      value,
      low: low ?? value,
      high: high ?? value,
      colour,
      label: `${arm}, the answer: ${formatRatio(value)}`,
      short: `at ${load}: ${formatRatio(value)}`,
    },
  ]
}
