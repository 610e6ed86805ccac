import { formatCount } from '../../units.ts'
import type { Report } from '../report.ts'
import { comparisonTable, controlsTable, reasonsTable, roles, scaleTable, validationTable } from '../tables/belief.ts'
import { modelValidation } from '../words/measured-points.ts'
import { modelErrors } from '../words/scale.ts'
import { validationNote, validationTitle } from '../words/validation.ts'
import { html, type Markup, nothing } from './markup.ts'
import { foldedTableOf, tableOf } from './table.ts'
import { comparisonTitle, controlsTitle, scaleTitle } from './titles/belief.ts'

/** Why believe it: the errors of fit and plan, mock beside target, the scale model, controls, the model's credentials. */
export function belief(report: Report): Markup {
  return html`<section id="belief"><h2>Why believe it</h2>
${modelErrors(report).map((sentence) => html`<p class="note">${sentence}</p>`)}
${comparison(report)}${scaleModel(report)}${controls(report)}${validation(report)}</section>
`
}

function controls(report: Report): Markup {
  if (report.controls.length === 0) return nothing
  return html`<h3>${controlsTitle(report)}</h3>
<p class="note">Cases whose outcome is known beforehand, planned with this run’s own cost model; a ratio to what theory says.</p>
${tableOf(controlsTable(report))}`
}

function comparison({ scaleComparison, setup }: Report): Markup {
  if (scaleComparison === undefined) return nothing
  const reasons = reasonsTable(scaleComparison)
  const why = reasons === undefined ? nothing : html`<p class="note">${reasons.title}.</p>${tableOf(reasons)}`
  return html`<h3>${comparisonTitle(scaleComparison)}</h3>
<p class="note">Measured on the mock with real tensors${setup.repeats > 0 ? `, ${formatCount(setup.repeats, 'repeat')}` : ''}, beside what is planned for the target at the same load and seed.</p>
${tableOf(comparisonTable(scaleComparison))}${why}`
}

function scaleModel(report: Report): Markup {
  if (report.scaleModel.length === 0) return nothing
  const { gpu, model, contextTokens } = report.target
  return html`<h3>${scaleTitle(report)}</h3>
<p class="note">The mock stands for ${gpu} with ${model} and contexts of ${contextTokens.toLocaleString('en-US')} tokens as far as the ratios that decide the outcome agree.</p>
${tableOf(scaleTable(report))}`
}

function validation(report: Report): Markup {
  const validation = modelValidation(report)
  if (validation === undefined) return nothing
  return html`<h3>${validationTitle(validation)}</h3>
<p class="note">${validationNote(validation)}</p>
${roles.map((role) => foldedTableOf(validationTable(validation, role)))}`
}
