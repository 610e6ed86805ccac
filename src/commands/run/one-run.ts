import { join } from 'node:path'
import { exitCodes } from '../../errors.ts'
import { jsonText } from '../../report/json-text.ts'
import type { Report } from '../../report/report.ts'
import { renderTerminal } from '../../report/terminal.ts'
import { writeReport } from '../../report/write.ts'
import { type RunHistory, recordRun } from '../history/run-history.ts'
import { terminal } from '../terminal.ts'
import { type PreparedExperiment, runExperiment, type Workbench } from './experiment.ts'
import { makeFolder, reportFolder } from './out-folder.ts'
import { atWorkbench, interruptedCode } from './workbench.ts'

/** What becomes of a report. */
export interface RunEnd {
  readonly json: boolean
  /** Whether the terminal shows all figures. */
  readonly details?: boolean
  readonly history: RunHistory | undefined
  /** Folder for each chart as an SVG file. */
  readonly svg?: string | undefined
}

/**
 * Runs one experiment, writes its report and prints the answer. Returns the exit code.
 * @param within what takes the place of the bench's plans
 */
export function runOne(
  prepared: PreparedExperiment,
  { json, details = false, history, svg }: RunEnd,
  within: (bench: Workbench) => Workbench = (bench) => bench,
): Promise<number> {
  const { out, backend } = prepared.settings
  return atWorkbench(backend.measures, async (bench) => {
    const { report, problems } = await runExperiment(prepared, within(bench))
    bench.progress.stop()
    writeRun(report, out, { json, details }, svg)
    if (history !== undefined) recordRun(history, report, problems)
    for (const problem of problems) process.stderr.write(`${problem}\n`)
    if (report.partial) return interruptedCode
    return problems.length > 0 ? exitCodes.failed : exitCodes.done
  })
}

type Shown = Required<Pick<RunEnd, 'json' | 'details'>>

function writeRun(report: Report, out: string, shown: Shown, svg: string | undefined): void {
  const folder = reportFolder(out, report.partial)
  show(report, folder, shown)
  makeFolder(folder)
  writeReport(folder, report, svg)
  if (folder !== out) {
    process.stderr.write(`The partial report is in ${folder}; the complete one in ${out} stays.\n`)
  }
}

function show(report: Report, folder: string, { json, details }: Shown): void {
  if (json) {
    process.stdout.write(`${jsonText(report)}\n`)
    return
  }
  process.stdout.write(
    `${renderTerminal(report, { ...terminal(), details, reportPath: join(folder, 'report.html') })}\n`,
  )
}
