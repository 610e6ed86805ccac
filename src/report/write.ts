import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import type { Report } from './report.ts'

/** Writes report.html, report.md and report.json. Each appears whole or not at all, and none before all are rendered. */
export function writeReport(directory: string, report: Report): void {
  const files: readonly (readonly [string, string])[] = [
    ['report.html', renderHtml(report)],
    ['report.md', renderMarkdown(report)],
    ['report.json', `${JSON.stringify(report, undefined, 2)}\n`],
  ]
  mkdirSync(directory, { recursive: true })
  const staged = files.map(([name]) => join(directory, `.${name}.${process.pid}.tmp`))
  try {
    for (const [i, [, text]] of files.entries()) writeFileSync(staged[i]!, text)
    for (const [i, [name]] of files.entries()) renameSync(staged[i]!, join(directory, name))
  } finally {
    for (const path of staged) rmSync(path, { force: true })
  }
}
