import type { ReportTable } from '../tables/report-table.ts'
import { html, type Markup, nothing } from './markup.ts'

/** A table in a box of its own, the first column left, the others right; wide tables scroll in their box. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], wordsFrom = head.length): Markup {
  const columns = head.map((_, i) => (i === 0 || i >= wordsFrom ? 'words' : 'number'))
  return html`${boxStart(head)}<table>
<thead><tr>${head.map((name, i) => html`<th scope="col" class="${columns[i]!}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, i) =>
        i === 0
          ? html`<th scope="row" class="${indent(cell)}">${cell.trim()}</th>`
          : html`<td class="${columns[i]!}">${cell}</td>`,
      )}</tr>
`,
  )}</tbody></table></div>`
}

/** A table that is there for who asks. */
export function foldedTable(
  summary: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  wordsFrom?: number,
): Markup {
  return folded(summary, table(head, rows, wordsFrom))
}

/** A table whose rows become lists on a phone: every cell carries the name of its column. */
export function stackingTable({ head, rows }: ReportTable): Markup {
  return html`<div class="box stacking"><table>
<thead><tr>${head.map((name) => html`<th scope="col" class="words">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row" class="words">${name!}</th>${cells.map((cell, i) => html`<td class="words" data-name="${head[i + 1]!}">${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`
}

/** What may scroll can be reached with the keyboard. */
function boxStart(head: readonly string[]): Markup {
  const columns = head.filter((name) => name !== '').slice(0, 4)
  return html`<div class="box" tabindex="0" role="group" aria-label="Table: ${columns.join(', ')}">`
}

export function tableOf({ head, rows, wordsFrom }: ReportTable): Markup {
  return table(head, rows, wordsFrom)
}

/** A table under its own title, folded; nothing where there is none. */
export function foldedTableOf(told: ReportTable | undefined, title = told?.title ?? ''): Markup {
  return told === undefined ? nothing : foldedTable(title, told.head, told.rows, told.wordsFrom)
}

export function folded(summary: string, content: Markup): Markup {
  return html`<details><summary>${summary}</summary>${content}</details>`
}

function indent(cell: string): string {
  return cell.startsWith(' ') ? 'words inner' : 'words'
}
