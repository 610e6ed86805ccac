import { formatNumber } from '../../units.ts'
import type { Report } from '../report.ts'
import { expectedWords, mismatchCell, mismatchWords, modelErrors } from '../scale-words.ts'
import { html, type Markup, nothing } from './markup.ts'
import { table } from './table.ts'
import { controlsTitle, scaleTitle } from './titles.ts'

/** Why believe it: controls, the errors of fit and plan, the scale model. */
export function belief(report: Report): Markup {
  return html`<section id="belief"><h2>Why believe it</h2>
${modelErrors(report.costModel).map((sentence) => html`<p class="note">${sentence}</p>`)}
${controls(report)}${scaleModel(report)}</section>
`
}

function controls(report: Report): Markup {
  if (report.controls.length === 0) return nothing
  const rows = report.controls.map((control) => [
    control.name,
    control.measured.toFixed(3),
    expectedWords(control),
    control.passed ? 'as expected' : 'failed',
  ])
  return html`<h3>${controlsTitle(report)}</h3>
<p class="note">Cases whose outcome is known beforehand, planned with this run’s own cost model; a ratio to what theory says.</p>
${table(['control', 'outcome', 'expected', 'verdict'], rows)}`
}

function scaleModel(report: Report): Markup {
  if (report.scaleModel.length === 0) return nothing
  const { gpu, model, contextTokens } = report.setup
  const rows = report.scaleModel.map((row) => [
    row.ratio,
    formatNumber(row.target),
    formatNumber(row.mock),
    mismatchCell(row),
    mismatchWords(row),
  ])
  return html`<h3>${scaleTitle(report)}</h3>
<p class="note">The mock stands for ${gpu} with ${model} and contexts of ${contextTokens.toLocaleString('en-US')} tokens as far as the ratios that decide the outcome agree.</p>
${table(['ratio', 'target', 'mock', 'mismatch', 'reading'], rows, 4)}`
}
