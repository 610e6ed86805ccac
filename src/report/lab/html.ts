import type { LabReport } from '../../lab/lab-report.ts'
import { formatCount, formatNumber } from '../../units.ts'
import { chartScript } from '../page/client/script.ts'
import { html, type Markup, nothing, trusted } from '../page/markup.ts'
import { style } from '../page/style.ts'
import { foldedTable, table } from '../page/table.ts'
import { policyBarsChart } from './charts/bars.ts'
import { histogramChart } from './charts/histogram.ts'
import { hitCurveChart } from './charts/hit-curve.ts'
import { definitions } from './definitions.ts'
import { tierTable, tierWords } from './tiers.ts'
import { headroomText, labSentence, middleCapacity, rateText, resultsAt, traceWords } from './words.ts'

/** Policies on a trace as one file: no network, whole without JavaScript, readable on a phone, in the dark and on paper. */
export function renderLabHtml(report: LabReport): string {
  const answer = labSentence(report)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>memwall: eviction policies on ${report.trace.file}</title>
<meta name="description" content="${answer}">
<style>${trusted(style)}</style></head>
<body><main>
<header><p class="about">memwall · policy lab · ${traceWords(report)}</p>
<h1>${answer}</h1>
<dl class="evidence"><dt>how</dt><dd>Unit-sized blocks, cold start, one memory; a hit touches, a miss evicts and inserts. A hit rate alone decides nothing: memwall run --policy says what a policy is worth in tokens per GPU-second.</dd>
<dt>trace</dt><dd>${report.trace.notes.length === 0 ? 'As it is; nothing was made up.' : report.trace.notes.join(' ')}${report.trace.skippedRows === 0 ? '' : ` ${formatCount(report.trace.skippedRows, 'row')} skipped.`}</dd></dl></header>
${curve(report)}${oneSize(report)}${everyWay(report)}${twoTier(report)}${reuse(report)}
<footer><p>memwall, ${report.createdAt.slice(0, 10)}. Found in ${formatNumber(report.seconds)} s. All figures are in policies.json and policies.csv beside this page.</p></footer>
</main>${chartScript}</body></html>
`.markup
}

function curve(report: LabReport): Markup {
  const order = resultsAt(report, middleCapacity(report)).map(({ policy }) => policy)
  const cells = (policy: string): string[] =>
    report.capacities.map((capacity) =>
      rateText(report.results.find((one) => one.policy === policy && one.capacityBlocks === capacity)!.anyBlockHitRate),
    )
  return html`<section id="capacity"><h2>Hit rate over capacity</h2>
${hitCurveChart(report, 'Hit rate of block references over capacity, a line a policy')}
<p class="note">The grey line is LRU at every size, exact, from stack distances; thin lines are the other policies, by name in their tooltips and in the table.</p>
${foldedTable(
  'Every policy at every size',
  ['policy', ...report.capacities.map((capacity) => formatCount(capacity, 'block'))],
  order.map((policy) => [policy, ...cells(policy)]),
)}</section>
`
}

function oneSize(report: LabReport): Markup {
  const at = middleCapacity(report)
  return html`<section id="size"><h2>At ${formatCount(at, 'block')}, the best first</h2>
${policyBarsChart(report, at, `Hit rates of all policies at ${formatCount(at, 'block')}`)}
<p class="note">Behind each rate stands how much of the way from LRU to Belady it goes. Grey-blue: policies that are told what comes later, the trace’s future or its conversations’ schedule.</p></section>
`
}

function everyWay(report: LabReport): Markup {
  const told = definitions.filter(({ key }) => report.infinite[key] !== null)
  const row = (name: string, won: string, rates: LabReport['infinite']): string[] => [
    name,
    ...told.map(({ key }) => rateText(rates[key])),
    won,
  ]
  const head = ['policy', ...told.map(({ short }) => short), 'won']
  const at = middleCapacity(report)
  return html`<section id="definitions"><h2>The same replay, counted in every way in use</h2>
${table(head, [
  ...resultsAt(report, at).map((result) => row(result.policy, headroomText(result), result)),
  row('infinite capacity', '', report.infinite),
])}
<p class="note">At ${formatCount(at, 'block')}. Published hit rates differ by several points for no other reason than these. A request is counted once, at its first admission.</p>
<dl class="words">${told.map(({ short, meaning }) => html`<dt>${short}</dt><dd>${meaning}</dd>`)}<dt>won</dt><dd>(hit rate − LRU’s) ÷ (Belady’s − LRU’s), any block</dd></dl></section>
`
}

function twoTier(report: LabReport): Markup {
  if (report.twoTier.length === 0) return nothing
  const [head, ...rows] = tierTable(report.twoTier)
  return html`<section id="tiers"><h2>HBM above a warehouse</h2>
${table(head!, rows)}
<p class="note">${tierWords(report.twoTier[0]!)}.</p></section>
`
}

function reuse({ reuseDistances, reuseTimes }: LabReport): Markup {
  if (reuseDistances.length === 0) return nothing
  return html`<section id="reuse"><h2>How far apart two uses of a block lie</h2>
<div data-chart="distances">${histogramChart(reuseDistances, 'distinct blocks touched in between', 'Histogram of reuse distances')}</div>
${reuseTimes.length === 0 ? nothing : html`<div data-chart="times">${histogramChart(reuseTimes, 'seconds in between', 'Histogram of reuse times')}</div>`}
<p class="note">LRU of C blocks hits what lies less than C distinct blocks apart.</p></section>
`
}
