import { formatBytes } from '../../units.ts'
import { armNames } from '../arms.ts'
import { jsonText } from '../json-text.ts'
import type { Report } from '../report.ts'
import { definitions } from './definitions.ts'
import { html, type Markup, nothing, trusted } from './markup.ts'
import { folded, foldedTable } from './table.ts'

/** Parameters, environment, traffic, definitions and the data itself. */
export function everything(report: Report): Markup {
  return html`<section id="everything"><h2>Everything</h2>
${target(report)}${strongest(report)}
${keyValues('Parameters', { ...report.setup, ...report.parameters })}
${keyValues('Environment', { ...report.environment, created: report.createdAt, 'hash of the inputs': report.inputsHash, 'hash of the cost model': report.costModel.hash })}
${traffic(report)}${seeds(report)}
${folded('Definitions', html`<dl class="words">${definitions.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>`)}
${data(report)}
<script type="application/json" id="report">${trusted(scriptJson(report))}</script></section>
`
}

/** The deployment, and between which values its assumptions lie. */
function target({ target: { assumptions, ...facts } }: Report): Markup {
  const figure = (value: number): string => valueText(Number(value.toPrecision(6)))
  const rows = Object.entries(assumptions).map(([name, { low, value, high }]) => [
    name,
    figure(low),
    figure(value),
    figure(high),
  ])
  const assumed = rows.length === 0 ? nothing : foldedTable('Assumptions', ['assumption', 'low', 'taken', 'high'], rows)
  return html`${keyValues('Target', facts)}${assumed}`
}

function strongest({ strongestBaseline }: Report): Markup {
  if (strongestBaseline === undefined) return nothing
  const { multipliers: _, bounds: __, ...facts } = strongestBaseline
  return keyValues('Strongest free baseline', facts)
}

function keyValues(summary: string, values: Readonly<Record<string, string | number | boolean | null>>): Markup {
  const rows = Object.entries(values).map(([key, value]) => [key, valueText(value)])
  return foldedTable(summary, ['name', 'value'], rows, 1)
}

function valueText(value: string | number | boolean | null): string {
  if (value === null) return 'not set'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 6 }) : value
}

function traffic(report: Report): Markup {
  const names = armNames(report)
  if (names.length === 0) return nothing
  const count = (value: number): string => value.toLocaleString('en-US')
  const rows = names.map((name) => {
    const { fetches, fetchedBytes, storedBytes, droppedStoreBlocks, evictions, preemptions } =
      report.arms[name]!.traffic
    return [
      name,
      count(fetches),
      formatBytes(fetchedBytes),
      formatBytes(storedBytes),
      count(droppedStoreBlocks),
      count(evictions),
      count(preemptions),
    ]
  })
  const head = ['arm', 'fetches', 'fetched', 'stored', 'blocks not stored', 'evictions', 'preemptions']
  return foldedTable('Traffic of the whole plan, settling included', head, rows)
}

function seeds({ seeds: { count, multiplier } }: Report): Markup {
  if (count < 2) return nothing
  const rows = Object.entries(multiplier).map(([name, { values }]) => [
    name,
    values.map((value) => `${value.toFixed(2)}×`).join('  '),
  ])
  return foldedTable(`Multiplier of each of ${count} draws, planned`, ['arm', 'multipliers'], rows, 1)
}

/** The timeline is as long as all the rest: it is in the page once, as data. */
function data({ timeline, ...rest }: Report): Markup {
  const left = timeline === undefined ? '' : ', but for the columns of the timeline'
  return html`<details class="data"><summary>report.json${left}</summary><pre tabindex="0">${jsonText(rest)}</pre></details>`
}

/** No text of the data can end the script element. */
function scriptJson(report: Report): string {
  return JSON.stringify(report).replaceAll('<', '\\u003c')
}
