import { answerSentence } from '../answer.ts'
import { evidenceLines } from '../evidence.ts'
import { html, type Markup, trusted } from '../page/markup.ts'
import { style } from '../page/style.ts'
import { stackingTable } from '../page/table.ts'
import { suiteSentence, suiteTable } from './overview.ts'
import type { SuiteOutcome, SuiteReport } from './suite.ts'

/** The way into the reports of a suite: what became of it, and each experiment's answer with a link to its page. */
export function renderSuiteHtml(suite: SuiteReport): string {
  const answer = suiteSentence(suite)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${`memwall: suite ${suite.suite}`}</title>
<meta name="description" content="${answer}">
<style>${trusted(style)}</style></head>
<body><main>
<header><p class="about">memwall · suite</p>
<h1>${answer}</h1></header>
<section id="overview"><h2>Experiments</h2>${stackingTable(suiteTable(suite))}</section>
${Object.entries(suite.experiments).map(([name, outcome]) => experiment(name, outcome))}
<footer><p>${`memwall, ${suite.createdAt.slice(0, 10)}`}. All figures are in suite.json beside this page.</p></footer>
</main></body></html>
`.markup
}

function experiment(name: string, { report, problems }: SuiteOutcome): Markup {
  const doubts = evidenceLines(report).filter(({ sound }) => !sound)
  return html`<section id="${name}"><h2>${name}</h2>
${problems.map((problem) => html`<p class="warning">${problem}</p>`)}
<p>${answerSentence(report)}</p>
<dl class="evidence">${doubts.map(({ topic, text }) => html`<dt class="unsound">${topic}</dt><dd class="unsound">${text}</dd>`)}</dl>
<p class="source"><a href="${`${encodeURIComponent(name)}/report.html`}">${`The whole report of ${name}`}</a></p></section>
`
}
