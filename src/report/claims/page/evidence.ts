import type { ClaimMap, ClaimResult } from '../../../claims/result.ts'
import { formatCount } from '../../../units.ts'
import { html, type Markup, nothing } from '../../page/markup.ts'
import { foldedTableOf, tableOf } from '../../page/table.ts'
import { curveChart } from '../charts/curve.ts'
import { foundChart, hasFound } from '../charts/found.ts'
import { mapChart } from '../charts/map.ts'
import { rangeBar } from '../charts/range-bar.ts'
import { mostBars, tornadoChart } from '../charts/tornado.ts'
import {
  courseText,
  curveTable,
  mapTable,
  mustTable,
  screenTable,
  thresholdTable,
  tornadoTable,
} from '../tables/claim.ts'
import { type CurveGroup, curveGroups, curveSource, curveTitle, readingNames, symbolNote } from '../words/curves.ts'
import { foundNote, foundTitle } from '../words/found.ts'
import { mapTitle } from '../words/map.ts'
import { mustText, mustTitle, triedText } from '../words/must.ts'
import { screenTitle, tornadoTitle } from '../words/sensitivity.ts'
import { trustNames } from '../words/verdict.ts'

/** The charts and tables of a claim, each under its finding. Empty where a claim has none of it. */
export function evidence(claim: ClaimResult): Markup[] {
  return [found(claim), ...curves(claim), must(claim), map(claim), tornado(claim), screen(claim)]
}

/** A chart with its finding as title, what it rests on beneath, and the table behind it. @param name of the chart's file */
function exhibit(name: string, title: string, chart: Markup, note: string, behind: Markup): Markup {
  return html`<h3>${title}</h3>
<figure data-chart="${name}">${chart}</figure><p class="source">${note}</p>${behind}
`
}

function found(claim: ClaimResult): Markup {
  const title = foundTitle(claim)
  const note =
    claim.verdict === 'notTestable' ? foundNote(claim) : `${foundNote(claim)} Trust: ${trustNames[claim.trust]}.`
  if (!hasFound(claim)) return html`<h3>${title}</h3><p class="source">${note}</p>`
  return exhibit('found', title, foundChart(claim, title), note, nothing)
}

function curves(claim: ClaimResult): Markup[] {
  const variants = [...new Set(claim.curves.map(({ variant }) => variant))]
  return curveGroups(claim).map((group) => curvePanel(claim, group, variants))
}

function curvePanel(claim: ClaimResult, group: CurveGroup, variants: readonly string[]): Markup {
  const title = curveTitle(group)
  const behind = foldedTableOf(curveTable(claim, group), 'The table behind it')
  const chart = curveChart(claim, group, variants, title)
  const points = group.curves.reduce((sum, { points }) => sum + points.length, 0)
  const note = [`${trustName(claim)}, ${formatCount(points, 'point')}.`, curveSource(group), symbolNote(group)]
    .filter((part) => part !== '')
    .join(' ')
  return chart === undefined
    ? html`<h3>${title}</h3><p class="source">${note}</p>${behind}`
    : exhibit(`${readingNames[group.reading]} ${group.axis}`, title, chart, note, behind)
}

/** One parameter at a time: what was tried as a bar, the part in which the claim holds drawn heavy. */
function must(claim: ClaimResult): Markup {
  const { mustBeTrue } = claim
  if (mustBeTrue.length === 0) return nothing
  const { head } = mustTable(claim)
  const behind = mustBeTrue.some(({ curve }) => curve.length > 0) ? foldedTableOf(thresholdTable(claim)) : nothing
  return html`<h3>${mustTitle(claim)}</h3>
<div class="box must"><table><thead><tr><th scope="col" class="words">${head[0]!}</th><th scope="col" class="words">where it holds</th>${head.slice(1).map((name) => html`<th scope="col" class="words">${name}</th>`)}</tr></thead>
<tbody>${mustBeTrue.map(
    (threshold) =>
      html`<tr><th scope="row" class="words">${threshold.parameter}</th><td class="bar">${rangeBar(threshold)}</td><td>${mustText(threshold)}</td><td>${triedText(threshold)}</td><td>${courseText(claim, threshold)}</td></tr>\n`,
  )}</tbody></table></div>
<p class="source">${trustName(claim)}. One parameter at a time, all else as in the claim’s experiment; two that move together can do more, as the map shows where there is one.</p>${behind}
`
}

function map(claim: ClaimResult): Markup {
  const { map: told } = claim
  if (told === null || told.values.flat().length === 0) return nothing
  const title = mapTitle(claim, told)
  return exhibit(
    'map',
    title,
    mapChart(claim, told, title),
    mapNote(claim, told),
    foldedTableOf(mapTable(claim, told), 'The table behind it'),
  )
}

function mapNote(claim: ClaimResult, { values, point }: ClaimMap): string {
  const count = values.flat().length
  const shape = point === null ? '' : ` Diamond: ${point.label}.`
  return `${trustName(claim)}, ${formatCount(count, 'combination')}, all else as in the claim’s experiment. Blue: reached; grey: not; the larger the value, the stronger the colour.${shape}`
}

function tornado(claim: ClaimResult): Markup {
  const { tornado: bars } = claim
  if (bars.length === 0) return nothing
  const title = tornadoTitle(claim)
  const more = bars.length > mostBars ? ` The ${mostBars} longest bars of ${bars.length}.` : ''
  return exhibit(
    'tornado',
    title,
    tornadoChart(claim, title),
    `${trustName(claim)}. One assumption at a time over its plausible range; the ends of a bar have the assumption’s value there.${more}`,
    foldedTableOf(tornadoTable(claim), 'The table behind it'),
  )
}

function screen(claim: ClaimResult): Markup {
  if (claim.screen.length === 0) return nothing
  return html`<h3>${screenTitle(claim)}</h3>
${tableOf(screenTable(claim))}
<p class="source">${trustName(claim)}. Morris screen: μ* is the mean of the absolute effects of moving one assumption over its range from many starting points, σ their spread.</p>
`
}

function trustName({ trust }: ClaimResult): string {
  const name = trustNames[trust]
  return name.charAt(0).toUpperCase() + name.slice(1)
}
