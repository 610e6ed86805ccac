import { formatCount } from '../units.ts'
import { type EvidenceLine, promptWords } from './evidence.ts'
import { type FirstScreen, firstScreen } from './first-screen.ts'
import { belief } from './page/belief.ts'
import { reportScript } from './page/client/script.ts'
import { everything } from './page/everything.ts'
import { findings } from './page/findings.ts'
import { html, type Markup, nothing, trusted } from './page/markup.ts'
import { firstKnee } from './page/sections/load.ts'
import { style } from './page/style.ts'
import type { Report } from './report.ts'

/** The report as one file: no network, whole without JavaScript, readable on a phone, in the dark and on paper. */
export function renderHtml(report: Report): string {
  const screen = firstScreen(report)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${`memwall: ${report.setup.workload}`}</title>
<meta name="description" content="${screen.answer}">
<style>${trusted(style)}</style></head>
<body><main>
<header><p class="about">${about(report)}</p>
<h1>${withAsides(screen.answer)}</h1>
${readings(screen)}</header>
${firstKnee(report)}${evidence(screen)}
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

function about({ setup, target: { gpus, gpu, tensorParallel, model }, trust, workload }: Report): string {
  const scaled = trust === 'catalogue' ? '' : `${formatCount(setup.replicas, 'mock GPU')} scaled to `
  const parallel = tensorParallel === 1 ? '' : ` at TP ${tensorParallel}`
  return `memwall · ${setup.workload} · ${scaled}${gpus.toLocaleString('en-US')} × ${gpu}${parallel}, ${model} · ${promptWords(workload)} · ${setup.router}`
}

/** The same answer in other words, and against other things: a line each. */
function readings({ readings, planned, plannedHead }: FirstScreen): Markup {
  if (readings.length + planned.length === 0) return nothing
  const head = plannedHead === '' ? nothing : html`<li class="head">${plannedHead}</li>`
  const lines = (told: readonly string[]): Markup[] => told.map((line) => html`<li>${line}</li>`)
  return html`<ul class="answers">${lines(readings)}${head}${lines(planned)}</ul>
`
}

/** What could change the reader's mind stands open; all else that the answer rests on is folded. */
function evidence({ changes, folded }: FirstScreen): Markup {
  return html`<div class="evidence-box">${lines(changes)}
<details><summary>How this was measured</summary>${lines(folded)}</details></div>
`
}

function lines(told: readonly EvidenceLine[]): Markup {
  if (told.length === 0) return nothing
  return html`<dl class="evidence">${told.map(({ topic, text, sound }) => {
    const standing = sound ? 'sound' : 'unsound'
    return html`<dt class="${standing}">${topic}</dt><dd class="${standing}">${text}</dd>
`
  })}</dl>`
}
