import { writeFiles } from '../write-files.ts'
import { renderTrendHtml } from './html.ts'
import { renderTrendJson } from './json.ts'
import type { TrendReport } from './trend-report.ts'

/** Writes trend.html and trend.json, none before both are rendered. */
export function writeTrend(directory: string, report: TrendReport): void {
  writeFiles(directory, [
    ['trend.html', renderTrendHtml(report)],
    ['trend.json', renderTrendJson(report)],
  ])
}
