import type { ClaimsReport } from '../../claims/result.ts'
import { writeFiles } from '../write-files.ts'
import { renderClaimsHtml } from './html.ts'
import { renderClaimsJson } from './json.ts'
import { renderClaimsJunit } from './junit.ts'
import { renderClaimsMarkdown } from './markdown.ts'

/** Writes claims.html, claims.md, claims.json and claims.junit.xml, none before all are rendered. */
export function writeClaims(directory: string, report: ClaimsReport): void {
  writeFiles(directory, [
    ['claims.html', renderClaimsHtml(report)],
    ['claims.md', renderClaimsMarkdown(report)],
    ['claims.json', renderClaimsJson(report)],
    ['claims.junit.xml', renderClaimsJunit(report)],
  ])
}
