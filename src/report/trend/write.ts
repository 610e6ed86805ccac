import { svgFiles } from '../svg/svg-files.ts'
import { writeFiles } from '../write-files.ts'
import { renderTrendHtml } from './html.ts'
import { renderTrendJson } from './json.ts'
import type { TrendReport } from './trend-report.ts'

/** Writes trend.html and trend.json, none before both are rendered. @param svg folder for each chart as a file of its own */
export function writeTrend(directory: string, report: TrendReport, svg?: string): void {
  const page = renderTrendHtml(report)
  const charts = svg === undefined ? [] : svgFiles(page)
  writeFiles(directory, [
    ['trend.html', page],
    ['trend.json', renderTrendJson(report)],
  ])
  if (svg !== undefined) writeFiles(svg, charts)
}
