import type { ClaimResult, ClaimsReport } from '../../../claims/result.ts'
import { html, type Markup, nothing } from '../../page/markup.ts'
import { foldedTableOf, tableOf } from '../../page/table.ts'
import { pairTable } from '../tables/claim.ts'
import { foundCell, strongestCell } from '../tables/overview.ts'
import { byPairVerdict, pairSentence } from '../words/pairs.ts'
import { regionText, thereName, trustCell, verdictNames } from '../words/verdict.ts'

/** All verdicts in one table, each with a link to its card; a region on the line beneath. */
export function overview({ claims }: ClaimsReport, anchors: readonly string[]): Markup {
  if (claims.length < 2) return nothing
  const there = claims.some((claim) => claim.there !== null)
  const columns = ['claimed', 'found', 'against strongest', ...(there ? ['there'] : []), 'trust']
  return html`<div class="box overview" id="verdicts"><table>
<thead><tr><th scope="col" class="words">claim</th><th scope="col" class="words">verdict</th>${columns.map((name) => html`<th scope="col" class="words">${name}</th>`)}</tr></thead>
<tbody>${claims.map((claim, i) => row(claim, anchors[i]!, there))}</tbody></table></div>
<p class="note">Found: at the claim’s own conditions, 99 % interval over draws of the workload in brackets. Against strongest: the same against the strongest baseline that costs nothing.${there ? ' There: in your deployment.' : ''}</p>`
}

/** Parts of a region that a table has room for; its card has them all. */
const mostParts = 2

function row(claim: ClaimResult, anchor: string, there: boolean): Markup {
  const { id, verdict, claimed } = claim
  const region = regionText(claim, mostParts)
  const cells = [
    claimed.text,
    foundCell(claim),
    strongestCell(claim),
    ...(there ? [thereName(claim) || '–'] : []),
    trustCell(claim),
  ]
  const width = cells.length + 2
  return html`<tr class="${region === '' ? 'plain' : 'told'}"><th scope="row" class="words"><a href="#${anchor}">${id}</a></th><td class="words"><span class="verdict ${verdict}">${verdictNames[verdict]}</span></td>${cells.map((cell) => html`<td class="words">${tied(cell)}</td>`)}</tr>
${region === '' ? nothing : html`<tr class="region"><td colspan="${width}"><div>${region}</div></td></tr>\n`}`
}

/** A figure and its range break between each other, and nowhere else. */
function tied(cell: string): Markup {
  const parts = /^(.*\d.*) (\([^()]*\))$/.exec(cell)
  if (parts === null) return html`${cell}`
  return html`<span class="nowrap">${parts[1]!}</span> <span class="nowrap">${parts[2]!}</span>`
}

/** Pairs that are shown without being asked for. */
const mostPairs = 8

/** Two claims of one source, and whether both can be true in one deployment. */
export function pairs({ pairs: told }: ClaimsReport): Markup {
  if (told.length === 0) return nothing
  const sentence = pairSentence(told)
  const sorted = byPairVerdict(told)
  const rest = sorted.slice(mostPairs)
  const more = rest.length === 0 ? nothing : foldedTableOf(pairTable(rest), `${rest.length} more`)
  return html`<section id="pairs" class="pairs"><h2>${sentence.charAt(0).toUpperCase() + sentence.slice(1)}</h2>
${tableOf(pairTable(sorted.slice(0, mostPairs)))}${more}</section>
`
}
