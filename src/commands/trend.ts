import { join } from 'node:path'
import { badInput, exitCodes } from '../errors.ts'
import { readHistory } from '../history/history-folder.ts'
import type { HistoryRecord } from '../history/record.ts'
import { experimentTrend } from '../history/trend.ts'
import type { ExperimentTrend } from '../history/trend-series.ts'
import { renderTrendJson } from '../report/trend/json.ts'
import { renderTrendTerminal } from '../report/trend/terminal.ts'
import { writeTrend } from '../report/trend/write.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { defaults } from './run/settings.ts'
import { terminal } from './terminal.ts'

/** Options of `trend` as the command line gives them. */
export interface TrendOptions {
  readonly out?: string
  /** Folder for each chart as an SVG file. */
  readonly svg?: string
  readonly json?: boolean
}

/** Draws a history and marks what changed in it. It never fails a build: a mark is a question. Returns the exit code. */
export function trend(folder: string, { out = defaults.out, svg, json = false }: TrendOptions): number {
  const history = readHistory(folder)
  if (history.size === 0) {
    throw badInput(folder, 'holds no record', 'Record runs there first: memwall run --history DIR.')
  }
  refuseUnwritable('--out', out)
  if (svg !== undefined) refuseUnwritable('--svg', svg)
  const experiments = [...history].flatMap(([name, records]) => byTrust(name, records))
  const report = { createdAt: new Date().toISOString(), folder, experiments }
  makeFolder(out)
  writeTrend(out, report, svg)
  const { width } = terminal()
  process.stdout.write(
    json ? renderTrendJson(report) : `${renderTrendTerminal(report, width, join(out, 'trend.html'))}\n`,
  )
  return exitCodes.done
}

/** Measured and planned runs of one name are two experiments: their figures have nothing in common but names. */
function byTrust(name: string, records: readonly HistoryRecord[]): ExperimentTrend[] {
  const kinds = { tensors: 'measured', fitted: 'planned on the fitted cost model', catalogue: 'planned' } as const
  const trusts = [...new Set(records.map(({ trust }) => trust))]
  return trusts.map((trust) =>
    experimentTrend(
      trusts.length === 1 ? name : `${name}, ${kinds[trust]}`,
      records.filter((record) => record.trust === trust),
    ),
  )
}
