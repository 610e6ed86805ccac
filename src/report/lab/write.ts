import type { LabReport } from '../../lab/lab-report.ts'
import { svgFiles } from '../svg/svg-files.ts'
import { writeFiles } from '../write-files.ts'
import { renderLabCsv } from './csv.ts'
import { renderLabHtml } from './html.ts'
import { renderLabJson } from './json.ts'

/** Writes policies.html, policies.json and policies.csv, none before all are rendered. @param svg folder for each chart as a file of its own */
export function writeLab(directory: string, report: LabReport, svg?: string): void {
  const page = renderLabHtml(report)
  const charts = svg === undefined ? [] : svgFiles(page)
  writeFiles(directory, [
    ['policies.html', page],
    ['policies.json', renderLabJson(report)],
    ['policies.csv', renderLabCsv(report)],
  ])
  if (svg !== undefined) writeFiles(svg, charts)
}
