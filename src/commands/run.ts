import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import { forgetCalibration } from '../calibration/calibrate.ts'
import { exitCodes } from '../errors.ts'
import { runControls } from '../experiment/controls.ts'
import type { Deployment } from '../experiment/scale/deployment.ts'
import type { SweepResult } from '../experiment/sweep/knee.ts'
import { namedSettings, runSweep } from '../experiment/sweep/sweep.ts'
import { routers } from '../plan/router/registry.ts'
import type { Report } from '../report/report.ts'
import { renderTerminal } from '../report/terminal.ts'
import { writeReport } from '../report/write.ts'
import type { ExperimentOptions } from './run/options.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { openProgress, type ProgressLine } from './run/progress.ts'
import { reportOf } from './run/report-of.ts'
import {
  calibrateRequest,
  fullDeployment,
  mockCalibration,
  mockDeploymentOf,
  mockLayout,
  refuseLarge,
  refuseSmallTiers,
  runSettings,
} from './run/run-context.ts'
import type { RunFigures } from './run/run-figures.ts'
import { runMeasured } from './run/run-measured.ts'
import { runPlanned } from './run/run-planned.ts'
import { defaults, type Settings, settingsOf } from './run/settings.ts'
import { openThreads, type Threads } from './run/threads.ts'

/** 128 + SIGINT, as shells have it. */
const interruptedCode = 130

/** A kept calibration whose plan was further off than this is measured anew next time. */
const stalePlanError = 0.1

/** Runs an experiment, writes its report and prints the answer. Returns the exit code. */
export async function run(options: ExperimentOptions, json: boolean): Promise<number> {
  const settings = settingsOf(options)
  refuseSmallTiers(settings)
  refuseUnwritable('--out', settings.out)
  await refuseLarge(settings)
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  // A second Ctrl-C ends the process at once, and so does the first where nothing is measured that could be kept.
  const interrupt = (): void => abort.abort()
  if (settings.backend.measures) process.once('SIGINT', interrupt)
  const progress = openProgress()
  const threads = openThreads(abort.signal)
  try {
    const { report, problems } = await experiment(settings, threads, abort.signal, progress)
    progress.stop()
    show(report, settings, json)
    makeFolder(settings.out)
    writeReport(settings.out, report)
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

async function experiment(
  settings: Settings,
  threads: Threads,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<{ report: Report; problems: readonly string[] }> {
  const measures = settings.backend.measures
  const layout = measures ? mockLayout(settings) : undefined
  let figures: RunFigures
  let sweep: SweepResult[] = []
  let seeds: SweepResult[] = []
  if (layout === undefined) {
    const full = fullDeployment(settings)
    figures = await runPlanned(settings, progress)
    sweep = await drawKnee(settings, [full], threads, (done) => progress.show('planning the knee', 0.4 + 0.5 * done))
    seeds = await drawSeeds(settings, full, figures, threads)
  } else {
    const calibration = await mockCalibration(settings, layout, threads, () =>
      progress.show('calibrating the cost model', 0),
    )
    const mock = mockDeploymentOf(settings, calibration)
    const deployments = [mock, fullDeployment(settings)]
    sweep = await drawKnee(settings, deployments, threads, (done) =>
      progress.show('planning the knee', 0.05 + 0.25 * done),
    )
    const share = { from: sweep.length > 0 ? 0.3 : 0.05, to: 0.97 }
    figures = await runMeasured({ settings, layout, deployment: mock, calibration, threads, signal, progress, share })
    const planError = figures.measured?.planErrorRelative ?? 0
    if (planError > stalePlanError && settings.costModelPath === undefined) {
      forgetCalibration(calibrateRequest(settings, layout, threads.count))
    }
    if (!signal.aborted) seeds = await drawSeeds(settings, mock, figures, threads)
  }
  const controls = signal.aborted ? [] : runControls(figures.deployment.cost)
  const failed = controls.filter(({ passed }) => !passed)
  const problems = [
    ...figures.problems,
    ...failed.map(
      ({ name, measured, low, high }) => `control failed: ${name}: ${measured}, expected ${low} to ${high}`,
    ),
  ]
  return { report: reportOf(settings, figures, controls, sweep, seeds), problems }
}

/** Multiplier over conversations per replica: the default experiment's own, or the one that was asked for. */
async function drawKnee(
  settings: Settings,
  deployments: readonly Deployment[],
  threads: Threads,
  onPoint: (done: number) => void,
): Promise<SweepResult[]> {
  if (settings.sweep === undefined && !settings.isDefaultExperiment) return []
  const sessions = settings.sweep ?? defaults.kneeSessions
  const tasks = deployments.map((deployment) =>
    sweepPlan(settings, deployment, sessions, defaults.kneeSeeds, defaults.kneeRequests),
  )
  const results: SweepResult[] = []
  for (const [i, task] of tasks.entries()) {
    results.push(...(await runSweep(task, threads.sweep, (done) => onPoint((i + done) / tasks.length))))
  }
  return results
}

/** The run's own load over several seeds, planned. */
async function drawSeeds(
  settings: Settings,
  deployment: Deployment,
  figures: RunFigures,
  threads: Threads,
): Promise<SweepResult[]> {
  const { load } = figures
  if (settings.seeds === 1 || load.kind !== 'closed') return []
  const requests = figures.requests ?? defaults.plannedRequestsLeast
  const plan = sweepPlan(settings, deployment, [load.seats / settings.replicas], settings.seeds, requests)
  return runSweep({ ...plan, routers: [settings.router.name] }, threads.sweep, () => undefined)
}

function sweepPlan(
  settings: Settings,
  deployment: Deployment,
  sessions: readonly number[],
  seeds: number,
  requests: number,
) {
  const others = routers.filter(({ name }) => name !== settings.router.name)
  return {
    deployment,
    routers: [settings.router.name, ...others.map(({ name }) => name)],
    sessions,
    seeds: Array.from({ length: seeds }, (_unused, i) => settings.seed + i),
    task: {
      source: settings.source,
      settings: namedSettings(runSettings(settings, deployment)),
      arms: settings.arms.map(({ name }) => name),
      requests,
      start: settings.start,
      thinkCapMs: settings.thinkCapMs,
    },
  }
}

function show(report: Report, settings: Settings, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
    return
  }
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
  const width = Math.min(100, process.stdout.columns ?? 100)
  process.stdout.write(`${renderTerminal(report, { colour, width, reportPath: join(settings.out, 'report.html') })}\n`)
}
