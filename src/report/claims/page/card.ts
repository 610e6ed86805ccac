import type { ClaimResult } from '../../../claims/result.ts'
import { html, type Markup, nothing } from '../../page/markup.ts'
import { tableOf } from '../../page/table.ts'
import { figureTable } from '../tables/claim.ts'
import { assumedText, thereTitle, thereWorth } from '../words/there.ts'
import { findingText, regionParts, regionText, verdictNames } from '../words/verdict.ts'
import { evidence } from './evidence.ts'

/** One claim: the verdict as a finding, what was claimed and by whom, the evidence, the conditions, the sources. */
export function card(claim: ClaimResult, anchor: string): Markup {
  const { id, verdict, statement, require } = claim
  const parts = regionParts(claim)
  const badge = verdict === 'holdsWhen' ? 'holds when …' : verdictNames[verdict]
  return html`<section id="${anchor}" class="card"><p class="id">${id}${require ? ' · required' : ''}</p>
<h2>${findingText(claim)}</h2>
<p class="badge ${verdict}">${badge}</p>
${region(claim, parts)}<blockquote><p>${statement}</p><footer>${attribution(claim)}</footer></blockquote>
${there(claim)}${missing(claim)}${evidence(claim)}${lists(claim)}${source(claim)}</section>
`
}

function region(claim: ClaimResult, parts: readonly string[]): Markup {
  if (parts.length === 0) return nothing
  if (parts.length === 1) return html`<p>Holds ${regionText(claim)}.</p>\n`
  return html`<p>It holds in any of these:</p><ul class="region">${parts.map((part) => html`<li>${part}</li>`)}</ul>\n`
}

function attribution({ who, where, when }: ClaimResult): string {
  return [who, where, when].filter((part) => part !== '').join(' · ')
}

function there(claim: ClaimResult): Markup {
  if (claim.there === null) return nothing
  const text = assumedText(claim.there)
  const worth = thereWorth(claim)
  const assumed = text === '' ? nothing : html`<p class="source">${text}</p>`
  return html`<div class="deployment"><h3>${thereTitle(claim)}</h3>${worth === '' ? nothing : html`<p>${worth}</p>`}${assumed}</div>
`
}

function missing({ missing: figures, verdict }: ClaimResult): Markup {
  if (figures.length === 0) return nothing
  const lead = verdict === 'notTestable' ? 'Cannot be tested without' : 'Missing'
  return html`<p class="warning">${lead}: ${figures.join('; ')}.</p>
`
}

function lists(claim: ClaimResult): Markup {
  const { conditions, notes } = claim
  const parts = [
    list('Conditions that were stated', conditions.stated, 'None was stated.'),
    list('Conditions that were left out', conditions.leftOut, 'None is named.'),
    notes.length === 0 ? nothing : html`<div class="notes">${list('Notes', notes, '')}</div>`,
  ]
  return html`<div class="lists">${parts}</div>
${claim.figures.length === 0 ? nothing : html`<div class="small"><h4>Figures beside it</h4>${tableOf(figureTable(claim))}</div>\n`}`
}

function list(title: string, items: readonly string[], none: string): Markup {
  const content =
    items.length === 0 ? html`<p>${none}</p>` : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`
  return html`<div><h4>${title}</h4>${content}</div>`
}

/** Addresses become links; nothing is loaded from them. */
function source({ source: text }: ClaimResult): Markup {
  if (text === '') return nothing
  const parts = text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;)\]])/)
  return html`<p class="source">Source: ${parts.map((part, i) =>
    i % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`,
  )}</p>
`
}
