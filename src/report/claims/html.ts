import type { ClaimsReport } from '../../claims/result.ts'
import { formatCount, formatNumber } from '../../units.ts'
import { chartScript } from '../page/client/script.ts'
import { html, type Markup, nothing, trusted } from '../page/markup.ts'
import { style } from '../page/style.ts'
import { anchorsOf } from './page/anchors.ts'
import { buyerCard } from './page/buyer.ts'
import { card } from './page/card.ts'
import { claimDefinitions } from './page/definitions.ts'
import { overview, pairs } from './page/overview.ts'
import { claimsStyle } from './page/style.ts'
import { claimsSentence, deploymentSentence, verdictSentence } from './words/answer.ts'
import { claimsEvidence } from './words/evidence.ts'

/** The verdicts as one file: no network, whole without JavaScript, readable on a phone, in the dark and on paper. */
export function renderClaimsHtml(report: ClaimsReport): string {
  const answer = claimsSentence(report)
  const anchors = anchorsOf(report.claims)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title(report)}</title>
<meta name="description" content="${answer}">
<style>${trusted(style + claimsStyle)}</style></head>
<body><main>
<header><p class="about">memwall · claims on trial · ${formatCount(report.claims.length, 'claim')}</p>
${report.card === null ? nothing : buyerCard(report.card)}${headline(report)}
${evidence(report)}${overview(report, anchors)}</header>
${pairs(report)}${report.claims.map((claim, i) => card(claim, anchors[i]!))}
${everything(report)}
<footer><p>memwall, ${report.createdAt.slice(0, 10)}</p></footer>
</main>${chartScript}</body></html>
`.markup
}

/** How many claims hold; under the answer to the user's own questions where there is one. */
function headline(report: ClaimsReport): Markup {
  const there = report.claims.length < 2 ? '' : deploymentSentence(report)
  const aside = there === '' ? nothing : html`<span class="aside">${there}</span>`
  return report.card === null
    ? html`<h1>${verdictSentence(report)}${aside}</h1>`
    : html`<h2>${verdictSentence(report)}${aside}</h2>`
}

function title({ claims }: ClaimsReport): string {
  return claims.length === 1 ? `memwall: ${claims[0]!.id}` : 'memwall: claims on trial'
}

function evidence(report: ClaimsReport): Markup {
  return html`<dl class="evidence">${claimsEvidence(report).map(({ topic, text, sound }) => {
    const standing = sound ? 'sound' : 'unsound'
    return html`<dt class="${standing}">${topic}</dt><dd class="${standing}">${text}</dd>
`
  })}</dl>`
}

function everything({ seconds }: ClaimsReport): Markup {
  return html`<section id="everything"><h2>What the words mean</h2>
<dl class="words">${claimDefinitions.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>
<p class="note">Found in ${formatNumber(seconds)} s. All figures are in claims.json beside this page. A verdict is contested with a file: write the claim with your own conditions and run memwall verify on it.</p></section>
`
}
