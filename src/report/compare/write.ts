import { writeFiles } from '../write-files.ts'
import type { CompareReport } from './compare-report.ts'
import { renderCompareJson } from './json.ts'
import { renderCompareJunit } from './junit.ts'
import { renderCompareMarkdown } from './markdown.ts'

/** Writes compare.md, compare.json and compare.junit.xml, none before all are rendered. */
export function writeCompare(directory: string, report: CompareReport): void {
  writeFiles(directory, [
    ['compare.md', renderCompareMarkdown(report)],
    ['compare.json', renderCompareJson(report)],
    ['compare.junit.xml', renderCompareJunit(report)],
  ])
}
