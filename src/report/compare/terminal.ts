import { formatCount } from '../../units.ts'
import { alignedLines, plain, wrap } from '../words/terminal-text.ts'
import type { ComparedFigure, CompareReport } from './compare-report.ts'
import { changedFigures, compareSentence, figuresTable, timingNotes, timingTable, unchangedFigures } from './words.ts'

/** Names of figures are cut to this many columns, so that a table fits into a hundred. */
const nameColumns = 30
const mostRows = 40

/** What `memwall compare` prints: the answer, the times, then what differs. */
export function renderCompareTerminal(report: CompareReport, width: number): string {
  const lines = [...wrap(compareSentence(report), width), '', ...sides(report, width)]
  if (report.timing !== null) {
    const { head, rows } = timingTable(report.timing)
    lines.push('', ...alignedLines([head, ...rows]))
    for (const note of timingNotes(report.timing)) lines.push(...wrap(note, width))
  }
  for (const comparison of report.comparisons) {
    lines.push('', plain(comparison.experiment))
    for (const note of comparison.notes) lines.push(...wrap(plain(note), width))
    lines.push(...differences(changedFigures(comparison)))
    lines.push(`${formatCount(unchangedFigures(comparison).length, 'figure')} unchanged`)
  }
  for (const note of report.notes) lines.push('', ...wrap(plain(note), width))
  return lines.join('\n')
}

/** Changed figures, those that fail first; what only one side has is counted, unless it fails. */
function differences(changed: readonly ComparedFigure[]): string[] {
  const told = changed.filter((figure) => figure.outcome !== 'new' && (figure.outcome !== 'missing' || figure.isGated))
  const oneSided = changed.length - told.length
  const shown = told.slice(0, mostRows)
  const { head, rows } = figuresTable('', shown)
  return [
    ...(shown.length === 0
      ? []
      : alignedLines([head, ...rows].map(([name, ...cells]) => [cut(plain(name!)), ...cells]))),
    ...(told.length > shown.length
      ? [`and ${told.length - shown.length} more that differ; --out writes all of them`]
      : []),
    ...(oneSided === 0 ? [] : [`${formatCount(oneSided, 'figure')} only in one of the two`]),
  ]
}

function sides({ base, head }: CompareReport, width: number): string[] {
  return [...wrap(`base  ${plain(base)}`, width), ...wrap(`head  ${plain(head)}`, width)]
}

/** The ends of a name tell it from its neighbours. */
function cut(name: string): string {
  if (name.length <= nameColumns) return name
  const tail = Math.floor(nameColumns / 2)
  return `${name.slice(0, nameColumns - 1 - tail)}…${name.slice(-tail)}`
}
