import { forgetCalibration } from '../../calibration/calibrate.ts'
import { runControls } from '../../experiment/controls.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { validationRows } from '../../experiment/validation/validation.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { Report } from '../../report/report.ts'
import type { Progress } from '../progress/progress.ts'
import { calibratingWords } from '../progress/stage.ts'
import { analyse, drawKnee, noAnalyses } from './analyses.ts'
import { busyMachine } from './busy.ts'
import { countedThreads } from './counted-threads.ts'
import { analysisName, stageNames } from './expected-stages.ts'
import type { ExperimentOptions } from './options.ts'
import { refuseBadSweep } from './parameter-sweep.ts'
import { loadOwnPolicies } from './policies.ts'
import { refuseArms, refuseIdleContext, refuseLarge, refuseTiers } from './refusals.ts'
import { reportOf } from './report-of.ts'
import { calibrateRequest, fullDeployment, mockCalibration, mockDeploymentOf, mockLayout } from './run-context.ts'
import type { RunFigures } from './run-figures.ts'
import { runMeasured } from './run-measured.ts'
import { meterOf } from './run-meter.ts'
import { runPlanned } from './run-planned.ts'
import { type Settings, settingsOf } from './settings.ts'
import type { Threads } from './threads.ts'

/** A kept calibration whose plan was further off than this is measured anew next time. */
const stalePlanError = 0.1

/** An experiment whose options were found sound. */
export interface PreparedExperiment {
  readonly options: ExperimentOptions
  readonly settings: Settings
  /** How requests come, as far as that is known before a plan. */
  readonly loadKind: Load['kind']
}

/** What an experiment is run with. */
export interface Workbench {
  readonly threads: Threads
  /** Ends the measuring; what was measured is kept. */
  readonly signal: AbortSignal
  readonly progress: Progress
}

/** What a run gives. */
export interface ExperimentOutcome {
  readonly report: Report
  /** What fails the run, a line each: answers that differ, controls that failed. */
  readonly problems: readonly string[]
}

/** Refuses whatever is wrong with an experiment, before any work. */
export async function prepareExperiment(options: ExperimentOptions): Promise<PreparedExperiment> {
  const settings = settingsOf(options, await loadOwnPolicies(options))
  refuseIdleContext(options, settings)
  refuseTiers(settings)
  refuseArms(settings)
  refuseBadSweep(options, settings)
  return { options, settings, loadKind: await refuseLarge(settings) }
}

/** Runs an experiment; nothing is written. */
export async function runExperiment(prepared: PreparedExperiment, bench: Workbench): Promise<ExperimentOutcome> {
  const { options, settings, loadKind } = prepared
  const { signal, progress } = bench
  const layout = settings.backend.measures ? mockLayout(settings) : undefined
  const full = fullDeployment(settings)
  const busy = layout === undefined ? undefined : busyMachine(bench.threads.count)
  if (busy !== undefined) process.stderr.write(`${busy}\n`)
  const calibration =
    layout === undefined
      ? undefined
      : await mockCalibration(settings, layout, bench.threads, ({ done, all }) =>
          progress.show(calibratingWords(done, all), 0),
        )
  const mock = calibration === undefined ? undefined : mockDeploymentOf(settings, calibration)
  const deployments = mock === undefined ? [full] : [mock, full]
  const meter = await meterOf(prepared, deployments, bench)
  const threads = countedThreads(bench.threads, meter)
  const knee = async (kind: Load['kind']): ReturnType<typeof kneeOfRun> => {
    meter.begin(stageNames.knee)
    return kneeOfRun(settings, kind, deployments, threads)
  }
  let figures: RunFigures
  let points: Awaited<ReturnType<typeof drawKnee>>
  if (layout === undefined || calibration === undefined || mock === undefined) {
    figures = await runPlanned(settings, threads, meter)
    points = await knee(figures.load.kind)
  } else {
    points = await knee(loadKind)
    figures = await runMeasured({ settings, layout, deployment: mock, calibration, threads, signal, meter })
    const planError = figures.measured?.planErrorRelative ?? 0
    if (planError > stalePlanError && settings.costModelPath === undefined) {
      forgetCalibration(calibrateRequest(settings, layout, threads.count))
    }
  }
  const analyses = signal.aborted
    ? { ...noAnalyses, ...points }
    : await analyse(options, settings, figures, points, threads.plan, (what) => meter.begin(analysisName(what)))
  const controls = signal.aborted ? [] : runControls(figures.deployment.cost)
  const failed = controls.filter(({ passed }) => !passed)
  const problems = [
    ...figures.problems,
    ...failed.map(
      ({ name, measured, low, high }) => `control failed: ${name}: ${measured}, expected ${low} to ${high}`,
    ),
  ]
  const validation = await validationRows(false)
  const report = reportOf(settings, figures, controls, analyses, validation)
  return { report: { ...report, partial: report.partial || signal.aborted }, problems }
}

/** A closed loop has a knee; a trace without sessions has none. */
async function kneeOfRun(
  settings: Settings,
  load: Load['kind'],
  deployments: readonly Deployment[],
  threads: Threads,
): ReturnType<typeof drawKnee> {
  if (load !== 'closed') return { knee: [], kneeSeeds: 0 }
  return drawKnee(settings, deployments, threads.plan)
}
