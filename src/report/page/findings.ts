import { formatCount, formatMs, formatNumber, formatRatio, formatShare } from '../../units.ts'
import { conversations } from '../answer.ts'
import { metricRows, overheadCell } from '../arm-table.ts'
import { armNames, baselineArm, headlineArm, inArmOrder } from '../arms.ts'
import {
  bestOf,
  headlineMultiplier,
  kneeCurve,
  kneeRouters,
  kneeScales,
  loadOnKnee,
  type Scale,
  scaleNames,
} from '../headline.ts'
import { kneeCell } from '../markdown.ts'
import type { Report } from '../report.ts'
import { equivalentsChart } from './charts/equivalents.ts'
import { gpuTimeChart, gpuTimeSegments } from './charts/gpu-time.ts'
import { kneeChart, throughputChart } from './charts/knee.ts'
import { type LatencyMetric, latencyArms, latencyChart } from './charts/latency.ts'
import { promptSegments, promptTokensChart } from './charts/prompt-tokens.ts'
import { html, type Markup, nothing } from './markup.ts'
import { foldedTable } from './table.ts'
import {
  equivalentsTitle,
  gpuTimeTitle,
  kneeTitle,
  latencyTitle,
  promptTokensTitle,
  throughputTitle,
} from './titles.ts'

/** The charts: a finding as title, what it was drawn from, and the table behind it. Empty where a run has none of it. */
export function findings(report: Report): Markup[] {
  return [equivalents(report), promptTokens(report), gpuTime(report), latency(report), knee(report)]
}

function equivalents(report: Report): Markup {
  const names = armNames(report)
  if (names.length === 0) return nothing
  const figures = foldedTable(
    'All figures of every arm',
    ['', ...names],
    metricRows(report).map(({ metric, cells }) => [metric, ...cells]),
  )
  if (Object.keys(report.multiplier).length === 0) return html`<section>${figures}</section>`
  const title = equivalentsTitle(report)
  const best = bestLoads(report)
  const notes = [intervalNote(report), best].filter((note) => note !== '').join(' ')
  return finding('equivalents', title, equivalentsChart(report, title), `${source(report)}. ${notes}`, figures)
}

function intervalNote(report: Report): string {
  if (Object.values(report.multiplier).some(({ low }) => low !== null)) return 'Bars are 95 % intervals of timing.'
  return report.trust === 'catalogue'
    ? 'Planned, so there is no interval of timing.'
    : 'There is no interval, since no repeat was measured in full.'
}

function bestLoads(report: Report): string {
  const arm = headlineArm(report)
  const best = arm === undefined ? undefined : bestOf(report, arm)
  if (arm === undefined || best === undefined) return ''
  const loads = report.knee.map(({ sessionsPerReplica }) => sessionsPerReplica)
  const edge = best.sessionsPerReplica === Math.max(...loads) ? ', the highest tried' : ''
  return `Diamonds are planned, each arm at its own best load: ${arm} ${conversations(best.sessionsPerReplica)} a GPU${edge}; ${baselineArm} ${best.baselineSessionsPerReplica}.`
}

function promptTokens(report: Report): Markup {
  const names = armNames(report).filter((name) => report.arms[name]!.promptTokens > 0)
  if (names.length === 0) return nothing
  const title = promptTokensTitle(report)
  const rows = names.map((name) => {
    const arm = report.arms[name]!
    const { promptTokens: total } = arm
    return [
      name,
      formatNumber(total),
      ...promptSegments(arm, name).map(({ share }) => formatShare(share)),
      formatShare(arm.ceilingHitRate),
      formatNumber(arm.recomputedAfterPreemptionTokens),
    ]
  })
  const segments = promptSegments(report.arms[names[0]!]!, names[0]!).map(({ name }) => name)
  const head = ['arm', 'prompt tokens', ...segments, 'ceiling', 'recomputed after a preemption, tokens']
  return finding(
    'prompt-tokens',
    title,
    promptTokensChart(report, title),
    `${source(report)}.`,
    foldedTable('The table behind it', head, rows),
  )
}

function gpuTime(report: Report): Markup {
  const names = armNames(report)
  if (names.length === 0) return nothing
  const title = gpuTimeTitle(report)
  const rows = names.map((name) => {
    const arm = report.arms[name]!
    return [name, ...gpuTimeSegments(arm).map(({ share }) => formatShare(share)), overheadCell(arm)]
  })
  const head = [
    'arm',
    ...gpuTimeSegments(report.arms[names[0]!]!).map(({ name }) => name),
    'redundant prefill overhead',
  ]
  const note = 'Stalled: a request is there, but waits for a fetch, a store or slots. Starved: no request of its own.'
  return finding(
    'gpu-time',
    title,
    gpuTimeChart(report, title),
    `${source(report)}. ${note}`,
    foldedTable('The table behind it', head, rows),
  )
}

function latency(report: Report): Markup {
  const metrics = (['ttft', 'tpot'] as const).filter((metric) => latencyArms(report, metric).length > 0)
  return html`${metrics.map((metric) => latencyOf(report, metric))}`
}

function latencyOf(report: Report, metric: LatencyMetric): Markup {
  const title = latencyTitle(report, metric)
  const shares = ['p50', 'p90', 'p95', 'p99'] as const
  const rows = latencyArms(report, metric).map((name) => {
    const times = metric === 'ttft' ? report.arms[name]!.ttftMs : report.arms[name]!.tpotMs
    return [name, ...shares.map((share) => (times[share] === null ? '–' : formatMs(times[share])))]
  })
  const what = metric === 'ttft' ? 'Time to first token' : 'Time per output token after the first'
  const note = `${what}: share of requests at or below a time; in the rows, a dot is p50 and a bar p95.`
  return finding(
    metric,
    title,
    latencyChart(report, metric, title),
    `${source(report)}. ${note}`,
    foldedTable('The table behind it', ['arm', ...shares], rows),
  )
}

function knee(report: Report): Markup {
  if (report.knee.length === 0) return nothing
  const ratios = report.knee.some(({ multiplier }) => Object.keys(multiplier).length > 0)
  const scales = kneeScales(report)
  const tables = scales.flatMap((scale) =>
    kneeRouters(report).map((router) => kneeTable(report, scale, router, ratios)),
  )
  const throughput = throughputTitle(report)
  const speed = finding(
    'throughput',
    throughput,
    throughputChart(report, throughput),
    `${sweepSource(report)}.`,
    html`${ratios ? [] : tables}`,
  )
  if (!ratios) return speed
  const title = kneeTitle(report)
  return html`${finding('knee', title, kneeChart(report, title), `${sweepSource(report)}; bands are the range of the seeds. ${kneeNotes(report)}`, html`${tables}`)}${speed}`
}

function kneeTable(report: Report, scale: Scale, router: string, ratios: boolean): Markup {
  const points = kneeCurve(report, scale, router)
  if (points.length === 0) return nothing
  const arms = inArmOrder(Object.keys(points[0]!.arms))
  const compared = ratios ? arms.filter((name) => name !== baselineArm) : []
  const rows = points.map((point) => [
    String(point.sessionsPerReplica),
    ...compared.map((name) => kneeCell(point.multiplier[name])),
    ...arms.map((name) => formatNumber(point.arms[name]!.tokensPerGpuSecond)),
    ...arms.map(
      (name) => `${formatShare(point.arms[name]!.hitRate)} of ${formatShare(point.arms[name]!.ceilingHitRate)}`,
    ),
  ])
  const head = [
    'conversations a GPU',
    ...compared.map((name) => `${name}, multiplier`),
    ...arms.map((name) => `${name}, tokens per GPU-second`),
    ...arms.map((name) => `${name}, hit rate of ceiling`),
  ]
  return foldedTable(`The table behind it: ${scaleNames[scale]}, ${router}`, head, rows)
}

/** What the symbols mean, as far as they occur. */
function kneeNotes(report: Report): string {
  const bounds = new Set(report.knee.flatMap(({ multiplier }) => Object.values(multiplier).map(({ bound }) => bound)))
  const load = loadOnKnee(report)
  const own = headlineMultiplier(report)
  return [
    own && load !== undefined
      ? `The diamond is this run: ${formatRatio(own.multiplier.value)} at ${conversations(load)} a GPU.`
      : '',
    bounds.has('loadLimited') ? 'Hollow circle: load-limited, no figure of capacity.' : '',
    bounds.has('lower') ? 'Hollow triangle pointing up: a lower bound, the arm ran out of requests.' : '',
    bounds.has('upper') ? 'Hollow triangle pointing down: an upper bound, the baseline ran out of requests.' : '',
  ]
    .filter((note) => note !== '')
    .join(' ')
}

/** What the figures of the run were drawn from. */
function source({ setup, window, trust, partial }: Report): string {
  const how = {
    tensors: 'Measured with real tensors',
    fitted: 'Cost model fitted to this machine',
    catalogue: 'Planned, catalogue’s cost model',
  }[trust]
  const repeats = setup.repeats > 0 ? formatCount(setup.repeats, 'repeat') : 'planned once'
  const done = partial ? 'interrupted before all repeats were done' : repeats
  return `${how}: ${formatCount(window.requests, 'request')} in the window, ${done}, ${setup.router}`
}

function sweepSource({ kneeRuns }: Report): string {
  if (kneeRuns === undefined) return 'Planned, means over seeds'
  const { requests, seeds } = kneeRuns
  return `Planned, ${formatCount(requests, 'request')} a point, means over ${formatCount(seeds, 'seed')}`
}

function finding(id: string, title: string, chart: Markup, note: string, behind: Markup): Markup {
  return html`<section id="${id}"><h2>${title}</h2>
<figure>${chart}</figure><p class="source">${note}</p>${behind}</section>
`
}
