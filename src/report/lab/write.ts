import type { LabReport } from '../../lab/lab-report.ts'
import { writeFiles } from '../write-files.ts'
import { renderLabCsv } from './csv.ts'
import { renderLabHtml } from './html.ts'
import { renderLabJson } from './json.ts'

/** Writes policies.html, policies.json and policies.csv, none before all are rendered. */
export function writeLab(directory: string, report: LabReport): void {
  writeFiles(directory, [
    ['policies.html', renderLabHtml(report)],
    ['policies.json', renderLabJson(report)],
    ['policies.csv', renderLabCsv(report)],
  ])
}
