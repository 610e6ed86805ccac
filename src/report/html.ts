import { formatCount } from '../units.ts'
import { answerSentence } from './answer.ts'
import { evidenceLines } from './evidence.ts'
import { belief } from './page/belief.ts'
import { reportScript } from './page/client/script.ts'
import { everything } from './page/everything.ts'
import { findings } from './page/findings.ts'
import { html, type Markup, nothing, trusted } from './page/markup.ts'
import { style } from './page/style.ts'
import { stackingTable } from './page/table.ts'
import type { Report } from './report.ts'
import { readingsTable } from './tables/readings.ts'

/** The report as one file: no network, whole without JavaScript, readable on a phone, in the dark and on paper. */
export function renderHtml(report: Report): string {
  const answer = answerSentence(report)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${`memwall: ${report.setup.workload}`}</title>
<meta name="description" content="${answer}">
<style>${trusted(style)}</style></head>
<body><main>
<header><p class="about">${about(report)}</p>
<h1>${withAsides(answer)}</h1>
${readings(report)}${evidence(report)}</header>
${findings(report)}${belief(report)}${everything(report)}
<footer><p>${`memwall, ${report.createdAt.slice(0, 10)}`}</p></footer>
</main>${reportScript}</body></html>
`.markup
}

/** What stands in brackets is set lighter, so that the sentence can be read without it. */
function withAsides(sentence: string): Markup {
  const parts = sentence.split(/(\([^()]*\))/)
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<span class="aside">${part}</span>` : html`${part}`))}`
}

function about({ setup, target: { gpus, gpu, tensorParallel, model, contextTokens }, trust }: Report): string {
  const scaled = trust === 'catalogue' ? '' : `${formatCount(setup.replicas, 'mock GPU')} scaled to `
  const parallel = tensorParallel === 1 ? '' : ` at TP ${tensorParallel}`
  return `memwall · ${setup.workload} · ${scaled}${gpus.toLocaleString('en-US')} × ${gpu}${parallel}, ${model} · contexts of ${contextTokens.toLocaleString('en-US')} tokens · ${setup.router}`
}

/** The multiplier is a function of the load: how it was taken stands beside it. */
function readings(report: Report): Markup {
  const told = readingsTable(report)
  return told === undefined ? nothing : html`<div class="readings"><h3>${told.title}</h3>${stackingTable(told)}</div>`
}

function evidence(report: Report): Markup {
  return html`<dl class="evidence">${evidenceLines(report).map(({ topic, text, sound }) => {
    const standing = sound ? 'sound' : 'unsound'
    return html`<dt class="${standing}">${topic}</dt><dd class="${standing}">${text}</dd>
`
  })}</dl>`
}
