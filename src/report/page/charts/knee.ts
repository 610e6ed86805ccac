import { formatFigures, formatRatio } from '../../../units.ts'
import { boundNote } from '../../answer.ts'
import { headlineArm, inArmOrder } from '../../arms.ts'
import {
  headlineMultiplier,
  kneeCurve,
  kneeRouters,
  kneeScales,
  loadOnKnee,
  ownScale,
  type Scale,
  scaleNames,
} from '../../headline.ts'
import type { KneePoint, Report } from '../../report.ts'
import { armStyle } from '../arm-style.ts'
import { html, type Markup } from '../markup.ts'
import { type LoadSeries, loadPanel, type RunMark } from './load-panel.ts'
import { drawChart, responsiveChart } from './plot.ts'

/** Width of a panel that stands beside others. */
const panelWidth = 348

/** Multiplier over load: a panel for each scale, in a row for each router, all on one scale of y. */
export function kneeChart(report: Report, label: string): Markup {
  const panels = kneeRouters(report).flatMap((router) => kneeScales(report).map((scale) => ({ scale, router })))
  const values = report.knee.flatMap(({ multiplier }) => Object.values(multiplier).map(({ max }) => max))
  const own = Object.values(report.multiplier).map(({ value, high }) => Math.max(value, high ?? 0))
  const most = Math.max(1.3, ...values, ...own) * 1.06
  return panelGrid(
    panels
      .filter(({ scale, router }) => kneeCurve(report, scale, router).length > 0)
      .map(({ scale, router }) => ({
        title: `${scaleNames[scale]}, ${router}`,
        axis: 'multiplier',
        series: seriesOf(report, scale, router),
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
  return panelGrid(
    kneeScales(report)
      .filter((scale) => kneeCurve(report, scale, report.setup.router).length > 0)
      .map((scale) => {
        const series = throughputOf(report, scale)
        const most = Math.max(...series.flatMap(({ points }) => points.map(({ value }) => value))) * 1.08
        return {
          title: `${scaleNames[scale]}, ${report.setup.router}`,
          axis: 'output tokens per GPU-second',
          series,
          most,
          format: (tick: number) => tick.toLocaleString('en-US'),
          reference: undefined,
          run: [],
        }
      }),
    label,
  )
}

function panelGrid(panels: readonly Parameters<typeof loadPanel>[0][], label: string): Markup {
  if (panels.length === 1) return responsiveChart(label, ({ width }) => loadPanel(panels[0]!, width))
  return html`<div class="panels">${panels.map((panel) => drawChart(`${label}: ${panel.title}`, loadPanel(panel, panelWidth)))}</div>`
}

function seriesOf(report: Report, scale: Scale, router: string): LoadSeries[] {
  const points = kneeCurve(report, scale, router)
  const names = inArmOrder(Object.keys(points[0]?.arms ?? {}))
  return names
    .filter((name) => points.some(({ multiplier }) => multiplier[name] !== undefined))
    .map((name) => ({
      name,
      ...armStyle(name, names),
      heavy: name === headlineArm(report),
      points: points
        .filter(({ multiplier }) => multiplier[name] !== undefined)
        .map((point) => multiplierPoint(point, name)),
    }))
}

function multiplierPoint({ sessionsPerReplica, multiplier }: KneePoint, name: string): LoadSeries['points'][number] {
  const { mean, min, max, bound } = multiplier[name]!
  const note = boundNote(bound)
  const tooltip = `${name}, ${sessionsPerReplica} a GPU: ${formatRatio(mean)}, seeds ${formatFigures(min)}–${formatFigures(max)}${note && `, ${note}`}`
  return { load: sessionsPerReplica, value: mean, low: min, high: max, bound, tooltip }
}

function throughputOf(report: Report, scale: Scale): LoadSeries[] {
  const points = kneeCurve(report, scale, report.setup.router)
  const names = inArmOrder(Object.keys(points[0]?.arms ?? {}))
  return names.map((name) => ({
    name,
    ...armStyle(name, names),
    heavy: name === names[0],
    points: points.map(({ sessionsPerReplica, arms }) => {
      const value = arms[name]!.tokensPerGpuSecond
      const tooltip = `${name}, ${sessionsPerReplica} a GPU: ${formatFigures(value)} tokens per GPU-second`
      return { load: sessionsPerReplica, value, low: value, high: value, bound: 'exact' as const, tooltip }
    }),
  }))
}

function runMarks(report: Report): RunMark[] {
  const load = loadOnKnee(report)
  const headline = headlineMultiplier(report)
  if (load === undefined || headline === undefined) return []
  const { arm, multiplier } = headline
  const { value, low, high } = multiplier
  const { colour } = armStyle(arm, Object.keys(report.arms))
  return [
    { load, value, low: low ?? value, high: high ?? value, colour, label: `${arm}, this run: ${formatRatio(value)}` },
  ]
}
