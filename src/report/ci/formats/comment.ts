import { answerSentence } from '../../answer.ts'
import { evidenceLines } from '../../evidence.ts'
import { section, text } from '../../markdown-table.ts'
import { suiteTable } from '../../suite/overview.ts'
import type { CiFormat } from '../format.ts'
import type { NamedRun } from '../named-run.ts'
import { suiteOfRuns } from '../suite-of-runs.ts'

/** The first line of a comment, by which a later run finds it and writes it anew. */
export const commentMarker = '<!-- memwall -->'

/** A comment takes no more characters. */
const mostCharacters = 65_536

/** The body of a pull request's comment: the answer of each run, what weakens it, and the table of all of them. */
export const comment: CiFormat = {
  name: 'comment',
  summary: 'Markdown for a comment on a pull request; its first line marks it for the next run',
  source: 'https://docs.github.com/rest/issues/comments',

  render(runs) {
    const lines = [commentMarker, ...runs.map(answerOf), section(suiteTable(suiteOfRuns(runs)))]
    return [['comment.md', `${lines.join('\n\n').slice(0, mostCharacters)}\n`]]
  },
}

function answerOf({ experiment, report, problems }: NamedRun): string {
  const doubts = evidenceLines(report).filter(({ sound }) => !sound)
  return [
    `**${text(experiment)}**: ${text(answerSentence(report))}`,
    ...problems.map((problem) => `- failed: ${text(problem)}`),
    ...doubts.map(({ topic, text: told }) => `- ${text(topic)}: ${text(told)}`),
  ].join('\n')
}
