import { formatRatio } from '../../../units.ts'
import { ceilingArm } from '../../arms.ts'
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
import { kneeTable, sweepTable } from '../../tables/load.ts'
import { aReplica, conversations } from '../../words/load.ts'
import { parameterAxis } from '../charts/load/axis.ts'
import { curvePoints, kneeChart, loadAxis, ownKneeChart, throughputChart } from '../charts/load/knee.ts'
import { sharesChart, sweepChart } from '../charts/load/shares.ts'
import { html, type Markup, nothing } from '../markup.ts'
import { foldedTableOf } from '../table.ts'
import { hitRateTitle, kneeTitle, sweepTitle, throughputTitle } from '../titles/load.ts'
import { finding, planSource } from './finding.ts'

/** The knee of the run's own scale and router: the answer as a picture, beside the answer. */
export function firstKnee(report: Report): Markup {
  const [scale, router] = [ownScale(report), report.setup.router]
  const curve = kneeCurve(report, scale, router)
  if (!isCurve(curve)) return nothing
  const title = kneeTitle(report)
  const table = kneeTable(report, scale, router)
  return finding(
    'knee',
    title,
    ownKneeChart(report, title),
    `${kneeSource(report)}; ${ratioNote} ${kneeNotes(report, curve)}`,
    foldedTableOf(table, 'The table behind it'),
  )
}

/** One point is no curve, and points without ratios are none of a multiplier. */
function isCurve(points: readonly KneePoint[]): boolean {
  return points.length > 1 && points.some(({ multiplier }) => Object.keys(multiplier).length > 0)
}

/** When it holds elsewhere: on the target, with other routers, and what makes it over the load. */
export function overLoad(report: Report): Markup {
  if (report.knee.length === 0) return nothing
  const isOwn = (scale: Scale, router: string): boolean => scale === ownScale(report) && router === report.setup.router
  const curves = kneeScales(report).flatMap((scale) =>
    kneeRouters(report).map((router) => ({ scale, router, points: kneeCurve(report, scale, router) })),
  )
  const others = curves.filter(({ scale, router, points }) => !isOwn(scale, router) && isCurve(points))
  const title = elsewhereTitle(report, others)
  const tables = curves.map(({ scale, router, points }) => {
    // The first chart has its own table.
    if (isOwn(scale, router) && isCurve(points)) return nothing
    const table = kneeTable(report, scale, router)
    return foldedTableOf(table, table && `The table behind it: ${table.title}`)
  })
  const hasCurves = others.length > 0
  const knee = hasCurves
    ? finding(
        'knee-elsewhere',
        title,
        kneeChart(report, title),
        `${kneeSource(report)}; ${ratioNote} ${boundNotes(others.flatMap(({ points }) => points))}`,
        html`${tables}`,
      )
    : nothing
  const throughput = throughputTitle(report)
  const speed = finding(
    'throughput',
    throughput,
    throughputChart(report, throughput),
    `${kneeSource(report)}.`,
    html`${hasCurves ? [] : tables}`,
  )
  return html`${knee}${shares(report)}${speed}`
}

function elsewhereTitle(report: Report, others: readonly { readonly scale: Scale; readonly router: string }[]): string {
  const own = ownScale(report)
  const places = [
    others.some(({ scale }) => scale !== own) ? `on ${scaleNames[own === 'mock' ? 'target' : 'mock']}` : '',
    others.some(({ router }) => router !== report.setup.router) ? 'with another router' : '',
  ].filter((place) => place !== '')
  return `The same ${places.join(', and ')}`
}

function shares(report: Report): Markup {
  const [scale, router] = [ownScale(report), report.setup.router]
  if (kneeCurve(report, scale, router).length === 0) return nothing
  const title = hitRateTitle(report)
  const chart = sharesChart(report, curvePoints(report, scale, router), loadAxis(report, scale, router), title)
  return finding('hit-rates', title, chart, `${kneeSource(report)}, ${router}. ${sharesNote}`, nothing)
}

const sharesNote =
  'Busy: a step runs. Stalled: a request waits for a fetch, a store or slots. Starved: no request, so the load is too little.'

/** Another parameter than the load. */
export function sweep(report: Report): Markup {
  const { sweep: swept } = report
  if (swept === undefined || swept.points.length === 0) return nothing
  const title = sweepTitle(report, swept)
  const axis = parameterAxis(
    swept.parameter,
    swept.points.map(({ value }) => value),
  )
  const places = new Map(axis.ticks.map(({ at, label }) => [label, at]))
  const points = swept.points
    .map((point) => ({ ...point, label: point.value, at: places.get(point.value)! }))
    .sort((a, b) => a.at - b.at)
  const note = `${planSource(swept)}, at the target’s own sizes; ${ratioNote} ${boundNotes(swept.points)}`
  return finding(
    'sweep',
    title,
    sweepChart(report, points, axis, title, swept.points[0]!.value),
    note,
    foldedTableOf(sweepTable(swept), 'The table behind it'),
  )
}

const ratioNote = 'a multiplier is the ratio of mean throughputs, a band its 95 % interval over draws.'

function kneeSource({ kneeRuns }: Report): string {
  return kneeRuns === undefined ? 'Planned, over several draws' : planSource(kneeRuns)
}

/** What the symbols mean, as far as they occur. */
function kneeNotes(report: Report, curve: readonly KneePoint[]): string {
  const load = loadOnKnee(report)
  const own = headlineMultiplier(report)
  const run =
    own && load !== undefined
      ? `The diamond is the answer: ${formatRatio(own.multiplier.value)} at ${conversations(load)} ${aReplica(report)}.`
      : ''
  const ceiling = curve.some(({ multiplier }) => multiplier[ceilingArm] !== undefined)
    ? `The dashed line ${ceilingArm} is the ceiling.`
    : ''
  return [run, ceiling, boundNotes(curve)].filter((note) => note !== '').join(' ')
}

function boundNotes(points: readonly Pick<KneePoint, 'multiplier'>[]): string {
  const bounds = new Set(points.flatMap(({ multiplier }) => Object.values(multiplier).map(({ bound }) => bound)))
  return [
    bounds.has('loadLimited') ? 'Hollow circle: load-limited, no figure of capacity.' : '',
    bounds.has('lower') ? 'Hollow triangle pointing up: a lower bound, the arm ran out of requests.' : '',
    bounds.has('upper') ? 'Hollow triangle pointing down: an upper bound, the baseline ran out of requests.' : '',
  ]
    .filter((note) => note !== '')
    .join(' ')
}
