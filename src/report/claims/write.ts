import type { ClaimsReport } from '../../claims/result.ts'
import { svgFiles } from '../svg/svg-files.ts'
import { writeFiles } from '../write-files.ts'
import { renderClaimsHtml } from './html.ts'
import { renderClaimsJson } from './json.ts'
import { renderClaimsJunit } from './junit.ts'
import { renderClaimsMarkdown } from './markdown.ts'

/** Writes claims.html, claims.md, claims.json and claims.junit.xml, none before all are rendered. @param svg folder for each chart as a file of its own */
export function writeClaims(directory: string, report: ClaimsReport, svg?: string): void {
  const page = renderClaimsHtml(report)
  const charts = svg === undefined ? [] : svgFiles(page)
  writeFiles(directory, [
    ['claims.html', page],
    ['claims.md', renderClaimsMarkdown(report)],
    ['claims.json', renderClaimsJson(report)],
    ['claims.junit.xml', renderClaimsJunit(report)],
  ])
  if (svg !== undefined) writeFiles(svg, charts)
}
