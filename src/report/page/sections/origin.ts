import { formatCount } from '../../../units.ts'
import { armNames } from '../../arms.ts'
import type { EqualService, Report } from '../../report.ts'
import { equalServiceTable } from '../../tables/equal-service.ts'
import {
  alternativesNote,
  alternativesTable,
  attributionNote,
  attributionOf,
  attributionSteps,
  attributionTable,
  breakEvenTable,
  isNoise,
  noiseNote,
} from '../../tables/origin.ts'
import { replicaTable, unevenReplicas } from '../../tables/replicas.ts'
import { aReplica, conversations } from '../../words/load.ts'
import { sloName } from '../../words/slo.ts'
import { attributionChart } from '../charts/attribution.ts'
import { breakEvenChart, drawnPoints } from '../charts/break-even.ts'
import { equalServiceChart } from '../charts/equal-service.ts'
import { html, type Markup, nothing } from '../markup.ts'
import { foldedTableOf, tableOf } from '../table.ts'
import {
  alternativesTitle,
  attributionTitle,
  breakEvenNote,
  breakEvenTitle,
  equalServiceTitle,
  replicasTitle,
} from '../titles/origin.ts'
import { finding, planSource } from './finding.ts'

/** Where the multiplier comes from. */
export function attribution(report: Report): Markup {
  const found = attributionOf(report)
  if (found === undefined) return nothing
  const title = attributionTitle(found)
  const load =
    found.sessionsPerReplica === null ? '' : `, ${conversations(found.sessionsPerReplica)} ${aReplica(report)}`
  const noise = attributionSteps(found).some(isNoise) ? ` ${noiseNote}` : ''
  const note = `${planSource(found)}${load}. ${attributionNote(found)} Capacity: a private tier for each replica. Sharing: every replica may read what lies in another’s HBM. Each is the mean of coming first and coming second (Shapley), free to read and write; what the real link, its queues and stores take follows.${noise}`
  return finding(
    'attribution',
    title,
    attributionChart(found, title),
    note,
    foldedTableOf(attributionTable(found), 'The table behind it'),
  )
}

/** Each arm at the highest load at which it keeps the SLO. */
export function equalServices(report: Report): Markup {
  return html`${report.equalService
    .filter(({ arms }) => Object.keys(arms).length > 0)
    .map((service, i) => equalService(report, service, i))}`
}

function equalService(report: Report, service: EqualService, i: number): Markup {
  const title = equalServiceTitle(report, service)
  const table = foldedTableOf(equalServiceTable(report, service), 'The table behind it')
  const note = `${planSource(service)}. Each arm at the highest load, interpolated, at which TTFT p95 and TPOT p95 keep ${sloName(service.slo)}; ratios of mean throughputs. ≥ is a lower bound: it still keeps them at the highest load tried.`
  return finding(`equal-service-${i + 1}`, title, equalServiceChart(report, service, title), note, table)
}

export function breakEven(report: Report): Markup {
  const { breakEven: found } = report
  if (found === undefined) return nothing
  const title = breakEvenTitle(found)
  const note = `Closed form of one fetch and one recompute, no requests and no seeds in it: nothing else runs. ${breakEvenNote(found)}`
  if (drawnPoints(found).length === 0)
    return html`<section id="break-even"><h2>${title}</h2><p class="source">${note}</p></section>
`
  return finding(
    'break-even',
    title,
    breakEvenChart(found, title),
    note,
    foldedTableOf(breakEvenTable(found), 'The table behind it'),
  )
}

/** What an average over replicas may hide. */
export function replicas(report: Report): Markup {
  const tables = armNames(report).flatMap((name) => replicaTable(report, name) ?? [])
  if (tables.length === 0) return nothing
  const uneven = unevenReplicas(report)
  return html`<section id="replicas"><h2>${replicasTitle(uneven)}</h2>
${uneven.map((told) => html`<p class="warning">! ${told}</p>`)}
<p class="source">Of ${formatCount(report.window.requests, 'request')} in the window, ${report.setup.router}.</p>
${tables.map((table) => foldedTableOf(table))}</section>
`
}

/** The same run done in other ways that are in use. */
export function alternatives(report: Report): Markup {
  const table = alternativesTable(report)
  if (table === undefined) return nothing
  return html`<section id="alternatives"><h2>${alternativesTitle(report)}</h2>
<p class="source">${alternativesNote}</p>${tableOf(table)}</section>
`
}
