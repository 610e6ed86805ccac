import { formatCount } from '../../units.ts'
import { alignedLines, plain, wrap } from '../words/terminal-text.ts'
import type { CompareReport } from './compare-report.ts'
import { changedFigures, compareSentence, figuresTable, timingNotes, timingTable, unchangedFigures } from './words.ts'

/** Names of figures are cut to this many columns, so that a table fits into a hundred. */
const nameColumns = 34

/** What `memwall compare` prints: the answer, the times, then what differs. */
export function renderCompareTerminal(report: CompareReport, width: number): string {
  const lines = [...wrap(compareSentence(report), width), '', ...sides(report, width)]
  if (report.timing !== null) {
    const { head, rows } = timingTable(report.timing)
    lines.push('', ...alignedLines([head, ...rows]))
    for (const note of timingNotes(report.timing)) lines.push(...wrap(note, width))
  }
  for (const comparison of report.comparisons) {
    const changed = changedFigures(comparison)
    lines.push('', plain(comparison.experiment))
    for (const note of comparison.notes) lines.push(...wrap(plain(note), width))
    if (changed.length > 0) {
      const { head, rows } = figuresTable('', changed)
      lines.push(...alignedLines([head, ...rows].map(([name, ...cells]) => [cut(plain(name!)), ...cells])))
    }
    lines.push(`${formatCount(unchangedFigures(comparison).length, 'figure')} unchanged`)
  }
  for (const note of report.notes) lines.push('', ...wrap(plain(note), width))
  return lines.join('\n')
}

function sides({ base, head }: CompareReport, width: number): string[] {
  return [...wrap(`base  ${plain(base)}`, width), ...wrap(`head  ${plain(head)}`, width)]
}

function cut(name: string): string {
  return name.length <= nameColumns ? name : `${name.slice(0, nameColumns - 1)}…`
}
