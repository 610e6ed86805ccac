import { styleText } from 'node:util'
import { layOut } from '../claims/terminal-columns.ts'
import type { TerminalOptions } from '../terminal.ts'
import { plain, wrap } from '../words/terminal-text.ts'
import { suiteSentence, suiteTable } from './overview.ts'
import type { SuiteReport } from './suite.ts'

/** The suite for a terminal: what became of it, a row an experiment, and where the pages are. */
export function renderSuiteTerminal(suite: SuiteReport, { colour, width, reportPath }: TerminalOptions): string {
  const paint = (style: 'bold' | 'dim' | 'cyan', text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text
  const { head, rows } = suiteTable(suite)
  const columns = head.map((name, i) => ({ head: plain(name), cells: rows.map((cells) => plain(cells[i]!)) }))
  const table = layOut(columns, width) ?? []
  const lines = table.flatMap((row, i) => row.map((cells) => paintRow(cells.join('  ').trimEnd(), i === 0)))
  function paintRow(line: string, isHead: boolean): string {
    return isHead ? paint('dim', line) : line
  }
  return [
    ...wrap(plain(suiteSentence(suite)), width).map((line) => paint('bold', line)),
    '',
    ...lines,
    '',
    paint('cyan', plain(reportPath)),
  ].join('\n')
}
