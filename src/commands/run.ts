import { join } from 'node:path'
import { exitCodes } from '../errors.ts'
import type { Report } from '../report/report.ts'
import { renderTerminal } from '../report/terminal.ts'
import { writeReport } from '../report/write.ts'
import { type PreparedExperiment, prepareExperiment, runExperiment } from './run/experiment.ts'
import type { ExperimentOptions } from './run/options.ts'
import { makeFolder, refuseUnwritable, reportFolder } from './run/out-folder.ts'
import { atWorkbench, interruptedCode } from './run/workbench.ts'

/** Runs an experiment, writes its report and prints the answer. Returns the exit code. */
export async function run(options: ExperimentOptions, json: boolean): Promise<number> {
  const prepared = await prepareExperiment(options)
  refuseUnwritable('--out', prepared.settings.out)
  return atWorkbench(keepsMeasured(prepared), async (workbench) => {
    const { report, problems } = await runExperiment(prepared, workbench)
    workbench.progress.stop()
    writeRun(report, prepared.settings.out, json)
    for (const problem of problems) process.stderr.write(`${problem}\n`)
    if (report.partial) return interruptedCode
    return problems.length > 0 ? exitCodes.failed : exitCodes.done
  })
}

/** Where nothing is measured there is nothing to keep. */
function keepsMeasured({ settings }: PreparedExperiment): boolean {
  return settings.backend.measures
}

function writeRun(report: Report, out: string, json: boolean): void {
  const folder = reportFolder(out, report.partial)
  show(report, folder, json)
  makeFolder(folder)
  writeReport(folder, report)
  if (folder !== out) {
    process.stderr.write(`The partial report is in ${folder}; the complete one in ${out} stays.\n`)
  }
}

function show(report: Report, folder: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
    return
  }
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
  const width = Math.min(100, process.stdout.columns ?? 100)
  process.stdout.write(`${renderTerminal(report, { colour, width, reportPath: join(folder, 'report.html') })}\n`)
}
