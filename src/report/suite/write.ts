import { writeFiles } from '../write-files.ts'
import { renderSuiteHtml } from './html.ts'
import { renderSuiteJson } from './json.ts'
import { renderSuiteMarkdown } from './markdown.ts'
import type { SuiteReport } from './suite.ts'

/** Writes suite.html, suite.md and suite.json, none before all are rendered. */
export function writeSuite(directory: string, suite: SuiteReport): void {
  writeFiles(directory, [
    ['suite.html', renderSuiteHtml(suite)],
    ['suite.md', renderSuiteMarkdown(suite)],
    ['suite.json', renderSuiteJson(suite)],
  ])
}
