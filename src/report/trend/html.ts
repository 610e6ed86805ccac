import type { ExperimentTrend, TrendSeries } from '../../history/trend-series.ts'
import { formatCount } from '../../units.ts'
import { valueText } from '../compare/words.ts'
import { html, type Markup, nothing, trusted } from '../page/markup.ts'
import { style } from '../page/style.ts'
import { folded, foldedTable, foldedTableOf, stackingTable } from '../page/table.ts'
import { lookText, seriesChart } from './chart.ts'
import type { TrendReport } from './trend-report.ts'
import {
  changesTable,
  compareCommand,
  dateText,
  foundChanges,
  type Machine,
  machinesOf,
  pointsTable,
  seriesNotes,
  trendSentence,
} from './words.ts'

/** The history as one file: no network, no JavaScript, readable on a phone, in the dark and on paper. */
export function renderTrendHtml(report: TrendReport): string {
  const answer = trendSentence(report)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>memwall: trend of ${report.folder}</title>
<meta name="description" content="${answer}">
<style>${trusted(style)}</style></head>
<body><main>
<header><p class="about">memwall · trend · ${report.folder}</p>
<h1>${answer}</h1>
<dl class="evidence"><dt>measured</dt><dd>A line marks where a level began: CUSUM on logarithms, each machine’s own level removed, from 16 points on. Of 100 quiet series of 100 records, 1 to 3 are marked wrongly. A mark is a question; memwall compare on the two commits answers it.</dd>
<dt>planned</dt><dd>The same inputs must give the same figure: every change is marked, exactly.</dd></dl></header>
${changes(report)}${report.experiments.map((trend, i) => experiment(trend, i))}
<footer><p>memwall, ${report.createdAt.slice(0, 10)}. Records stand evenly spaced, oldest first; axes do not start at 0. All points are in trend.json beside this page.</p></footer>
</main></body></html>
`.markup
}

function changes(report: TrendReport): Markup {
  const found = foundChanges(report)
  if (found.length === 0) return nothing
  const shown = found.slice(0, mostChanges)
  const older = found.length - shown.length
  const how = compareCommand(shown)
  return html`<section id="changes"><h2>What changed, the newest first</h2>
${stackingTable(changesTable(shown))}${how === '' ? nothing : html`<p class="note">To be sure of a measured one, time its two commits in turn: ${how}</p>`}${older === 0 ? nothing : html`<p class="note">${formatCount(older, 'older change')} in trend.json.</p>`}</section>
`
}

const mostChanges = 20

function experiment(trend: ExperimentTrend, index: number): Markup {
  const machines = machinesOf(trend)
  const headline = trend.series.filter(({ isHeadline }) => isHeadline)
  const rest = trend.series.filter((series) => !isOpen(series, headline) && !isConstant(series))
  const constant = trend.series.filter((series) => !isOpen(series, headline) && isConstant(series))
  const { records } = trend
  return html`<section id="experiment-${index + 1}"><h2>${trend.experiment}: ${formatCount(records.length, 'record')}, ${span(trend)}</h2>
<p class="note">${machinesText(machines)}${inputsText(trend)}</p>
${headline.map((series) => chart(series, trend, machines))}
${groups(rest).map(([name, group]) => folded(`${name}: ${formatCount(group.length, 'further figure')}${markedText(group)}`, joined(group.map((series) => chart(series, trend, machines)))))}
${
  constant.length === 0
    ? nothing
    : foldedTable(
        `${formatCount(constant.length, 'figure')} that never changed`,
        ['figure', 'value'],
        constant.map(({ name, unit, points }) => [name, valueText(points.at(-1)!.figure.value, unit)]),
      )
}</section>
`
}

function chart(series: TrendSeries, trend: ExperimentTrend, machines: readonly Machine[]): Markup {
  return html`<h3>${series.name}</h3>
<figure data-chart="${series.name}">${seriesChart(series, trend, machines)}</figure>
${seriesNotes(series).map((told) => html`<p class="note">${told}</p>`)}${foldedTableOf(pointsTable(series, machines))}
`
}

function isOpen(series: TrendSeries, headline: readonly TrendSeries[]): boolean {
  return headline.includes(series)
}

function isConstant({ points, marks }: TrendSeries): boolean {
  return marks.length === 0 && points.every(({ figure }) => figure.value === points[0]!.figure.value)
}

/** Figures by the first part of their name: the arm, "knee", "sweep". */
function groups(series: readonly TrendSeries[]): [string, TrendSeries[]][] {
  const byName = new Map<string, TrendSeries[]>()
  for (const one of series) {
    const name = one.name.includes('/') ? one.name.split('/')[0]! : 'the tool itself'
    byName.set(name, [...(byName.get(name) ?? []), one])
  }
  return [...byName]
}

function joined(parts: readonly Markup[]): Markup {
  return html`${parts}`
}

function markedText(group: readonly TrendSeries[]): string {
  const marked = group.filter(({ marks }) => marks.some(({ reason }) => reason !== 'new machine')).length
  return marked === 0 ? '' : `, ${marked} changed`
}

function span({ records }: ExperimentTrend): string {
  const [first, last] = [dateText(records[0]!), dateText(records.at(-1)!)]
  return first === last ? first : `${first} to ${last}`
}

function machinesText(machines: readonly Machine[]): string {
  const [only, ...others] = machines
  if (others.length === 0) return `Machine ${only!.name}: ${only!.text}.`
  return machines.map(({ name, text }, i) => `Machine ${name} (${lookText(i)}): ${text}.`).join(' ')
}

function inputsText({ inputsChanged }: ExperimentTrend): string {
  if (inputsChanged.length === 0) return ''
  const dates = inputsChanged.slice(-3).map(dateText).join(', ')
  const times = inputsChanged.length === 1 ? '' : ` ${inputsChanged.length} times, last`
  return ` Inputs changed${times}: ${dates} (dotted); figures that they fix are not compared across.`
}
