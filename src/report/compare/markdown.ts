import { formatCount } from '../../units.ts'
import { section, text } from '../markdown-table.ts'
import type { CompareReport } from './compare-report.ts'
import { changedFigures, compareSentence, figuresTable, timingNotes, timingTable, unchangedFigures } from './words.ts'

/** By which a bot finds the comment that it wrote before. */
export const compareMarker = '<!-- memwall compare -->'

/** compare.md, which is a comment on a pull request as it stands. */
export function renderCompareMarkdown(report: CompareReport): string {
  const { base, head, timing } = report
  const parts = [
    compareMarker,
    `**${text(compareSentence(report))}**`,
    `Base: ${text(base)}. Head: ${text(head)}.`,
    ...(timing === null ? [] : [section(timingTable(timing), timingNotes(timing).join(' '))]),
    ...report.comparisons.flatMap(experiment),
    ...report.notes.map(text),
  ]
  return `${parts.join('\n\n')}\n`
}

function experiment(comparison: CompareReport['comparisons'][number]): string[] {
  const changed = changedFigures(comparison)
  const unchanged = unchangedFigures(comparison)
  const differ = `${comparison.experiment}: ${formatCount(changed.length, 'figure')} of ${comparison.figures.length} ${changed.length === 1 ? 'differs' : 'differ'}`
  const notes = comparison.notes.join(' ')
  const table = figuresTable(differ, changed)
  return [
    changed.length === 0
      ? [`## ${text(differ)}`, ...(notes === '' ? [] : [text(notes)])].join('\n\n')
      : section(table, notes),
    ...(unchanged.length === 0 ? [] : [folded(`${formatCount(unchanged.length, 'figure')} unchanged`, unchanged)]),
  ]
}

function folded(summary: string, figures: Parameters<typeof figuresTable>[1]): string {
  const [, ...table] = section(figuresTable(summary, figures)).split('\n\n')
  return `<details><summary>${summary}</summary>\n\n${table.join('\n\n')}\n\n</details>`
}
