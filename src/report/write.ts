import { renderHtml } from './html.ts'
import { jsonText } from './json-text.ts'
import { renderMarkdown } from './markdown.ts'
import type { Report } from './report.ts'
import { writeFiles } from './write-files.ts'

/** Writes report.html, report.md and report.json, none before all are rendered. */
export function writeReport(directory: string, report: Report): void {
  writeFiles(directory, [
    ['report.html', renderHtml(report)],
    ['report.md', renderMarkdown(report)],
    ['report.json', `${jsonText(report)}\n`],
  ])
}
