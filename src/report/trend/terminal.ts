import { commitText } from '../../history/record.ts'
import { changeText } from '../compare/words.ts'
import { alignedLines, plain, wrap } from '../words/terminal-text.ts'
import type { TrendReport } from './trend-report.ts'
import { dateText, foundChanges, trendSentence } from './words.ts'

const mostChanges = 12

/** What `memwall trend` prints: the answer, the newest changes, where the page is. */
export function renderTrendTerminal(report: TrendReport, width: number, page: string): string {
  const changes = foundChanges(report)
  const rows = changes
    .slice(0, mostChanges)
    .map(({ experiment, series, mark }) => [
      plain(`${experiment}: ${series.name}`).slice(0, 52),
      mark.stepRelative === null ? 'from 0' : changeText(mark.stepRelative),
      `${dateText(mark.after)}, ${commitText(mark.after)}`,
    ])
  return [
    ...wrap(plain(trendSentence(report)), width),
    ...(rows.length === 0 ? [] : ['', ...alignedLines(rows)]),
    ...(changes.length > mostChanges ? [`and ${changes.length - mostChanges} more`] : []),
    '',
    `Page: ${page}`,
  ].join('\n')
}
