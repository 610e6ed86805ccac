import { answerSentence } from '../answer.ts'
import { section, text } from '../markdown-table.ts'
import { suiteSentence, suiteTable } from './overview.ts'
import type { SuiteReport } from './suite.ts'

/** A suite for a job's summary or a wiki: what became of it, a row an experiment, and each one's answer. */
export function renderSuiteMarkdown(suite: SuiteReport): string {
  const answers = Object.entries(suite.experiments).map(
    ([name, { report }]) => `- **${text(name)}**: ${text(answerSentence(report))}`,
  )
  return `${[`**${text(suiteSentence(suite))}**`, section(suiteTable(suite)), answers.join('\n')].join('\n\n')}\n`
}
