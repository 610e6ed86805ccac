import { formatMs, formatNumber, formatShare } from '../../../units.ts'
import { armNames, baselineArm, hasOtherGpus, headlineArm } from '../../arms.ts'
import { againstStrongest, bestOf } from '../../headline.ts'
import type { Report } from '../../report.ts'
import { metricRows, overheadCell } from '../../tables/arms.ts'
import { strongestNote, strongestTable } from '../../tables/origin.ts'
import { readingsTable } from '../../tables/readings.ts'
import { aReplica, conversations } from '../../words/load.ts'
import { equivalentsChart } from '../charts/equivalents.ts'
import { gpuTimeChart, gpuTimeSegments } from '../charts/gpu-time.ts'
import { type LatencyMetric, latencyArms, latencyChart } from '../charts/latency.ts'
import { promptSegments, promptTokensChart } from '../charts/prompt-tokens.ts'
import { html, type Markup, nothing } from '../markup.ts'
import { foldedTable, foldedTableOf, stackingTable } from '../table.ts'
import { equivalentsTitle, gpuTimeTitle, latencyTitle, promptTokensTitle } from '../titles/run.ts'
import { finding, runSource } from './finding.ts'

/** What 100 GPUs are worth. */
export function equivalents(report: Report): Markup {
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
  const notes = [intervalNote(report), best, squareNote(report), moreGpusNote(report)]
    .filter((note) => note !== '')
    .join(' ')
  return finding(
    'equivalents',
    title,
    equivalentsChart(report, title),
    `${runSource(report)}. ${notes}`,
    html`${figures}${foldedTableOf(strongestTable(report))}`,
  )
}

/** The multiplier is a function of the load: how it was taken stands beside it. */
export function readings(report: Report): Markup {
  const told = readingsTable(report)
  if (told === undefined) return nothing
  return html`<section id="readings"><h2>${told.title}</h2><div class="readings">${stackingTable(told)}</div></section>
`
}

function intervalNote(report: Report): string {
  if (Object.values(report.multiplier).some(({ low }) => low !== null))
    return 'Bars are 95 % intervals: draws of the workload and, where it was measured, the correction.'
  return 'There is no interval: a single draw does not give one.'
}

function bestLoads(report: Report): string {
  const arm = headlineArm(report)
  const best = arm === undefined ? undefined : bestOf(report, arm)
  if (arm === undefined || best === undefined) return ''
  const loads = report.knee.map(({ sessionsPerReplica }) => sessionsPerReplica)
  const edge = best.sessionsPerReplica === Math.max(...loads) ? ', the highest tried' : ''
  return `Diamonds are planned, each arm at its own best load: ${arm} ${conversations(best.sessionsPerReplica)} ${aReplica(report)}${edge}; ${baselineArm} ${best.baselineSessionsPerReplica}.`
}

/** What the square stands for, and how the baseline it is measured against was found. */
function squareNote(report: Report): string {
  const { strongestBaseline } = report
  const arm = headlineArm(report)
  const isDrawn = arm !== undefined && againstStrongest(report, arm)?.bound === 'exact'
  if (strongestBaseline === undefined || !isDrawn) return ''
  return `The square is against the strongest free baseline: ${strongestBaseline.name}. ${strongestNote(report)}`
}

function moreGpusNote(report: Report): string {
  const more = armNames(report).filter((name) => hasOtherGpus(report, name))
  if (more.length === 0) return ''
  return `Of ${more.join(', ')} the dot is per GPU; in all it has more GPUs, so beside it stands what they do together.`
}

export function promptTokens(report: Report): Markup {
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
    `${runSource(report)}.`,
    foldedTable('The table behind it', head, rows),
  )
}

export function gpuTime(report: Report): Markup {
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
    `${runSource(report)}. ${note}`,
    foldedTable('The table behind it', head, rows),
  )
}

export function latency(report: Report): Markup {
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
    `${runSource(report)}. ${note}`,
    foldedTable('The table behind it', ['arm', ...shares], rows),
  )
}
