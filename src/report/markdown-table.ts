import type { ReportTable } from './tables/report-table.ts'

/** A table under its title; nothing where there is none. */
export function section(table: ReportTable | undefined, note = ''): string {
  if (table === undefined) return ''
  const told = note === '' ? '' : `${text(note)}\n\n`
  return `## ${text(table.title)}\n\n${told}${markdownTable(table)}`
}

function markdownTable({ head, rows, wordsFrom = head.length }: ReportTable): string {
  const align = head.map((_, i) => (i === 0 || i >= wordsFrom ? ':--' : '--:'))
  const lines = [head.map(text), align, ...rows.map((cells) => cells.map(text))]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Text as text: nothing in it is markup. */
export function text(value: string): string {
  return value
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/[\\`*_[\]<>|#~]/g, (sign) => `\\${sign}`)
    .replaceAll('\\<', '&lt;')
}
