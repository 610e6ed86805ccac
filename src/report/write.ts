import { renderHtml } from './html.ts'
import { jsonText } from './json-text.ts'
import { renderMarkdown } from './markdown.ts'
import type { Report } from './report.ts'
import { svgFiles } from './svg/svg-files.ts'
import { writeFiles } from './write-files.ts'

/** Writes report.html, report.md and report.json, none before all are rendered. @param svg folder for each chart as a file of its own */
export function writeReport(directory: string, report: Report, svg?: string): void {
  const page = renderHtml(report)
  const charts = svg === undefined ? [] : svgFiles(page)
  writeFiles(directory, [
    ['report.html', page],
    ['report.md', renderMarkdown(report)],
    ['report.json', `${jsonText(report)}\n`],
  ])
  if (svg !== undefined) writeFiles(svg, charts)
}
