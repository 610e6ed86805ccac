import { forgetCalibration } from '../../calibration/calibrate.ts'
import { runControls } from '../../experiment/controls.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { validationRows } from '../../experiment/validation/validation.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { Report } from '../../report/report.ts'
import { analyse, drawKnee, noAnalyses } from './analyses.ts'
import { busyMachine } from './busy.ts'
import type { ExperimentOptions } from './options.ts'
import { refuseBadSweep } from './parameter-sweep.ts'
import { loadOwnPolicies } from './policies.ts'
import type { Progress } from './progress.ts'
import { refuseArms, refuseIdleContext, refuseLarge, refuseTiers } from './refusals.ts'
import { reportOf } from './report-of.ts'
import { calibrateRequest, fullDeployment, mockCalibration, mockDeploymentOf, mockLayout } from './run-context.ts'
import type { RunFigures } from './run-figures.ts'
import { runMeasured } from './run-measured.ts'
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
export async function runExperiment(
  { options, settings, loadKind }: PreparedExperiment,
  { threads, signal, progress }: Workbench,
): Promise<ExperimentOutcome> {
  const layout = settings.backend.measures ? mockLayout(settings) : undefined
  const full = fullDeployment(settings)
  let figures: RunFigures
  let knee: Awaited<ReturnType<typeof drawKnee>>
  if (layout === undefined) {
    figures = await runPlanned(settings, threads, progress)
    knee = await kneeOfRun(settings, figures.load.kind, [full], threads, (done) =>
      progress.show('planning the knee', 0.3 + 0.4 * done),
    )
  } else {
    const busy = busyMachine(threads.count)
    if (busy !== undefined) process.stderr.write(`${busy}\n`)
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
  const report = reportOf(settings, figures, controls, analyses, validation)
  return { report: { ...report, partial: report.partial || signal.aborted }, problems }
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
