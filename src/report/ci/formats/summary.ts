import { renderMarkdown } from '../../markdown.ts'
import { html } from '../../page/markup.ts'
import { renderSuiteMarkdown } from '../../suite/markdown.ts'
import type { CiFormat } from '../format.ts'
import { suiteOfRuns } from '../suite-of-runs.ts'

/** GitHub takes no more of a job's summary. */
const mostBytes = 1024 * 1024

/** The summary of a job: the answer, or a suite's overview, with each report folded beneath while there is room. */
export const summary: CiFormat = {
  name: 'summary',
  summary: 'Markdown for the summary of a job, such as $GITHUB_STEP_SUMMARY',
  source:
    'https://docs.github.com/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions#adding-a-job-summary',

  render(runs) {
    const [only] = runs
    if (runs.length === 1) return [['summary.md', renderMarkdown(only!.report)]]
    let text = renderSuiteMarkdown(suiteOfRuns(runs))
    for (const { experiment, report } of runs) {
      const title = html`<details><summary>${experiment.replaceAll(/\s+/g, ' ')}</summary>`.markup
      const folded = `\n${title}\n\n${renderMarkdown(report)}\n</details>\n`
      if (Buffer.byteLength(text) + Buffer.byteLength(folded) > mostBytes) break
      text += folded
    }
    return [['summary.md', text]]
  },
}
