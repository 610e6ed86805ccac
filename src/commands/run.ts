import { join } from 'node:path'
import { forgetCalibration } from '../calibration/calibrate.ts'
import { exitCodes } from '../errors.ts'
import { runControls } from '../experiment/controls.ts'
import type { Deployment } from '../experiment/scale/deployment.ts'
import { validationRows } from '../experiment/validation/validation.ts'
import type { Load } from '../plan/plan-input.ts'
import { jsonText } from '../report/json-text.ts'
import type { Report } from '../report/report.ts'
import { renderTerminal } from '../report/terminal.ts'
import { writeReport } from '../report/write.ts'
import { analyse, drawKnee, noAnalyses } from './run/analyses.ts'
import type { ExperimentOptions } from './run/options.ts'
import { makeFolder, refuseUnwritable, reportFolder } from './run/out-folder.ts'
import { refuseBadSweep } from './run/parameter-sweep.ts'
import { loadOwnPolicies } from './run/policies.ts'
import { openProgress, type ProgressLine } from './run/progress.ts'
import { refuseArms, refuseLarge, refuseTiers } from './run/refusals.ts'
import { reportOf } from './run/report-of.ts'
import { calibrateRequest, fullDeployment, mockCalibration, mockDeploymentOf, mockLayout } from './run/run-context.ts'
import type { RunFigures } from './run/run-figures.ts'
import { runMeasured } from './run/run-measured.ts'
import { runPlanned } from './run/run-planned.ts'
import { type Settings, settingsOf } from './run/settings.ts'
import { openThreads, type Threads } from './run/threads.ts'

/** 128 + SIGINT, as shells have it. */
const interruptedCode = 130

/** A kept calibration whose plan was further off than this is measured anew next time. */
const stalePlanError = 0.1

/** Runs an experiment, writes its report and prints the answer. Returns the exit code. */
export async function run(options: ExperimentOptions, json: boolean): Promise<number> {
  const settings = settingsOf(options, await loadOwnPolicies(options))
  refuseTiers(settings)
  refuseArms(settings)
  refuseBadSweep(options, settings)
  refuseUnwritable('--out', settings.out)
  const loadKind = await refuseLarge(settings)
  const abort = new AbortController()
  const progress = openProgress()
  // Where nothing is measured there is nothing to keep; else a second Ctrl-C ends the process at once.
  const interrupt = (): void => {
    if (settings.backend.measures) abort.abort()
    else endInterrupted(progress)
  }
  process.once('SIGINT', interrupt)
  const threads = openThreads(abort.signal)
  try {
    const { report, problems } = await experiment(options, settings, loadKind, threads, abort.signal, progress)
    progress.stop()
    const folder = reportFolder(settings.out, report.partial)
    show(report, folder, json)
    makeFolder(folder)
    writeReport(folder, report)
    if (folder !== settings.out) {
      process.stderr.write(`The partial report is in ${folder}; the complete one in ${settings.out} stays.\n`)
    }
    for (const problem of problems) process.stderr.write(`${problem}\n`)
    if (report.partial) return interruptedCode
    return problems.length > 0 ? exitCodes.failed : exitCodes.done
  } catch (error) {
    if (!abort.signal.aborted) throw error
    progress.stop()
    process.stderr.write('Interrupted before anything was measured; no report was written.\n')
    return interruptedCode
  } finally {
    progress.stop()
    process.off('SIGINT', interrupt)
    await threads.close()
  }
}

function endInterrupted(progress: ProgressLine): never {
  progress.stop()
  process.stderr.write('Interrupted; no report was written.\n')
  process.exit(interruptedCode)
}

/** Runs an experiment whose options were found sound; nothing is written. */
export async function experiment(
  options: ExperimentOptions,
  settings: Settings,
  loadKind: Load['kind'],
  threads: Threads,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<{ report: Report; problems: readonly string[] }> {
  const layout = settings.backend.measures ? mockLayout(settings) : undefined
  const full = fullDeployment(settings)
  let figures: RunFigures
  let knee: Awaited<ReturnType<typeof drawKnee>>
  if (layout === undefined) {
    figures = await runPlanned(settings, progress)
    knee = await kneeOfRun(settings, figures.load.kind, [full], threads, (done) =>
      progress.show('planning the knee', 0.3 + 0.4 * done),
    )
  } else {
    const calibration = await mockCalibration(settings, layout, threads, () =>
      progress.show('calibrating the cost model', 0),
    )
    const mock = mockDeploymentOf(settings, calibration)
    knee = await kneeOfRun(settings, loadKind, [mock, full], threads, (done) =>
      progress.show('planning the knee', 0.05 + 0.25 * done),
    )
    const share = { from: knee.knee.length > 0 ? 0.3 : 0.05, to: 0.92 }
    figures = await runMeasured({ settings, layout, deployment: mock, calibration, threads, signal, progress, share })
    const planError = figures.measured?.planErrorRelative ?? 0
    if (planError > stalePlanError && settings.costModelPath === undefined) {
      forgetCalibration(calibrateRequest(settings, layout, threads.count))
    }
  }
  const analyses = signal.aborted
    ? { ...noAnalyses, ...knee }
    : await analyse(options, settings, figures, knee, threads.plan, (what) => progress.show(`planning ${what}`, 0.95))
  const controls = signal.aborted ? [] : runControls(figures.deployment.cost)
  const failed = controls.filter(({ passed }) => !passed)
  const problems = [
    ...figures.problems,
    ...failed.map(
      ({ name, measured, low, high }) => `control failed: ${name}: ${measured}, expected ${low} to ${high}`,
    ),
  ]
  const validation = await validationRows(false)
  return { report: reportOf(settings, figures, controls, analyses, validation), problems }
}

/** A closed loop has a knee; a trace without sessions has none. */
async function kneeOfRun(
  settings: Settings,
  load: Load['kind'],
  deployments: readonly Deployment[],
  threads: Threads,
  onPoint: (done: number) => void,
): ReturnType<typeof drawKnee> {
  if (load !== 'closed') return { knee: [], kneeSeeds: 0 }
  return drawKnee(settings, deployments, threads.plan, onPoint)
}

function show(report: Report, folder: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${jsonText(report)}\n`)
    return
  }
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
  const width = Math.min(100, process.stdout.columns ?? 100)
  process.stdout.write(`${renderTerminal(report, { colour, width, reportPath: join(folder, 'report.html') })}\n`)
}
