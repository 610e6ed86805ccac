import { multiplierOf } from '../../account/multiplier.ts'
import type { Calibration } from '../../calibration/calibrate.ts'
import { badInput } from '../../errors.ts'
import type { Arm } from '../../experiment/arms/arm.ts'
import { baselineArm } from '../../experiment/arms/registry.ts'
import { describeMismatch } from '../../experiment/measured/describe-mismatch.ts'
import {
  type MeasuredRun,
  measureRun,
  type PlannedSteps,
  planWithSteps,
} from '../../experiment/measured/measured-run.ts'
import { sizeRequests } from '../../experiment/measured/size-requests.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { compareScales } from '../../experiment/scale/scale-comparison.ts'
import { scaleRatios } from '../../experiment/scale/scale-ratios.ts'
import { planPoint } from '../../experiment/sweep/plan-point.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import type { GpuLayout } from '../../gpu/memory.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import type { Progress } from './progress.ts'
import { refuseShortTrace } from './refusals.ts'
import { fullDeployment, inputOf, load, loadOf, runSettings } from './run-context.ts'
import type { ArmFigures, RunFigures } from './run-figures.ts'
import type { Settings } from './settings.ts'
import type { Threads } from './threads.ts'

/** Completions planned beyond the window, per replica. */
const overrunPerReplica = 2

export interface MeasuredContext {
  readonly settings: Settings
  readonly layout: GpuLayout
  readonly deployment: Deployment
  readonly calibration: Calibration
  readonly threads: Threads
  readonly signal: AbortSignal
  readonly progress: Progress
  /** Share of the whole run that lies before and after the measurement. */
  readonly share: { readonly from: number; readonly to: number }
}

/** A run with real tensors: plan, size, measure, check, account. */
export async function runMeasured(context: MeasuredContext): Promise<RunFigures> {
  const { settings, layout, deployment, calibration, threads, signal, progress, share } = context
  const workload = await load(settings, deployment, settings.seed)
  const requestLoad = loadOf(settings, deployment, workload)
  refuseShortTrace(settings, requestLoad, workload, settings.requests)
  progress.show('planning', share.from)
  const started = performance.now()
  const plan = (requests: number): PlannedSteps[] => planAll(settings, deployment, workload, requestLoad, requests)
  const requests = settings.requests ?? sizedRequests(settings, workload, requestLoad, plan, threads.count)
  const planned = plan(requests)
  const planSeconds = (performance.now() - started) / 1000
  const measured = await measureRun(planned, {
    backend: settings.backend.name,
    layout,
    repeats: settings.repeats,
    seed: settings.seed,
    threads: threads.count,
    runTask: threads.execute,
    signal,
    onProgress: (arm, repeat, slice, done) =>
      progress.show(
        `${requests} requests an arm, repeat ${repeat + 1} of ${settings.repeats}, slice ${slice + 1}: ${arm}`,
        share.from + (share.to - share.from) * done,
      ),
  })
  const complete = planned.every(({ name }) => measured.figures.has(name))
  const arms = new Map<string, ArmFigures>(
    planned.map(({ name, counts, metrics, collector, timeline }) => [
      name,
      { counts, ...(complete ? measured.figures.get(name)! : { metrics, collector, timeline }) },
    ]),
  )
  return {
    trust: complete ? 'tensors' : 'fitted',
    arms,
    deployment,
    workload,
    load: requestLoad,
    requests,
    planSeconds,
    fitErrorRelative: calibration.fitErrorRelative,
    ...(measured.interrupted ? noScales : await scalesOf(settings, deployment, workload, requestLoad, arms, requests)),
    measured,
    problems: await problemsOf(measured, settings, threads),
  }
}

function planAll(
  settings: Settings,
  deployment: Deployment,
  workload: LoadedWorkload,
  requestLoad: Load,
  requests: number,
): PlannedSteps[] {
  const overrun = overrunPerReplica * settings.replicas
  const available = workload.pool.conversations.length - seatCount(requestLoad, settings.replicas) - requests
  // A trace that is used up cannot run over.
  const overrunRequests = requestLoad.kind === 'closed' ? overrun : Math.max(0, Math.min(overrun, available))
  return settings.arms.map((arm: Arm) =>
    planWithSteps(
      arm.name,
      inputOf(arm, settings, deployment, workload, requestLoad, requests, overrunRequests, settings.seed),
      deployment.gpusPerReplica,
    ),
  )
}

function sizedRequests(
  settings: Settings,
  workload: LoadedWorkload,
  requestLoad: Load,
  plan: (requests: number) => PlannedSteps[],
  threads: number,
): number {
  const seats = seatCount(requestLoad, settings.replicas)
  const most = requestLoad.kind === 'closed' ? Number.POSITIVE_INFINITY : workload.pool.conversations.length - seats
  if (most < 1) {
    throw badInput(
      '--in-flight-per-replica',
      `the trace ends before ${seats} requests have settled`,
      'Ask for fewer in flight.',
    )
  }
  const plans = (requests: number) => plan(Math.min(requests, most)).map((arm) => arm.plan)
  const { requests, predictedMs } = sizeRequests(plans, settings.budgetMs, settings.repeats, threads)
  if (predictedMs > settings.budgetMs) {
    const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`
    const arms = `${settings.repeats} × ${settings.arms.length} arms`
    process.stderr.write(
      `--budget: ${seconds(settings.budgetMs)} is too short; the fewest requests (${requests}) in ${arms} take about ${seconds(predictedMs)}.\n`,
    )
  }
  return Math.min(most, requests)
}

/** Ratios of target and mock at the operating point, and their multipliers, from plans of the target over as many requests. */
async function scalesOf(
  settings: Settings,
  mock: Deployment,
  mockWorkload: LoadedWorkload,
  requestLoad: Load,
  arms: ReadonlyMap<string, ArmFigures>,
  requests: number,
): Promise<Pick<RunFigures, 'scaleModel' | 'scaleComparison'>> {
  const baseline = arms.get(baselineArm)
  const warehouse = arms.get('warehouse')
  if (requestLoad.kind !== 'closed' || baseline === undefined || warehouse === undefined) return noScales
  const full = fullDeployment(settings)
  const workload = await load(settings, full, settings.seed)
  const targetLoad: Load = { ...requestLoad, timeScale: full.timeScale }
  const planTarget = (deployment: Deployment) =>
    planPoint(
      settings.arms,
      deployment,
      runSettings(settings, full),
      workload.pool,
      targetLoad,
      requests,
      settings.seed,
    )
  const target = planTarget(full)
  const common = {
    replicas: settings.replicas,
    sessionsPerReplica: requestLoad.seats / settings.replicas,
    thinkCapMs: requestLoad.thinkCapMs,
  }
  return {
    scaleModel: scaleRatios(
      {
        ...common,
        deployment: full,
        pool: workload.pool,
        warehouse: target.get('warehouse')!.metrics,
        baseline: target.get(baselineArm)!.metrics,
      },
      {
        ...common,
        deployment: mock,
        pool: mockWorkload.pool,
        warehouse: warehouse.metrics,
        baseline: baseline.metrics,
      },
    ),
    scaleComparison: compareScales(
      multipliersOf(arms),
      { mock, target: full },
      (deployment) => multipliersOf(deployment === full ? target : planTarget(deployment)),
      'warehouse',
    ),
  }
}

const noScales = { scaleModel: [], scaleComparison: undefined } as const

function multipliersOf(arms: ReadonlyMap<string, Pick<ArmFigures, 'metrics'>>): Record<string, number> {
  const baseline = arms.get(baselineArm)!.metrics
  const compared = [...arms].filter(([name]) => name !== baselineArm)
  return Object.fromEntries(compared.map(([name, { metrics }]) => [name, multiplierOf(metrics, baseline).value]))
}

async function problemsOf(measured: MeasuredRun, settings: Settings, threads: Threads): Promise<string[]> {
  const problems: string[] = []
  const [first] = measured.answers.mismatches
  if (first !== undefined) {
    const machine = measured.machines.find(({ name }) => name === first.arm)!
    const told = await describeMismatch(first, machine, settings.backend.name, settings.seed, threads.execute)
    problems.push(`${measured.answers.differences} answers differ between arms; the first: ${told}`)
  }
  const { mutant } = measured
  if (mutant !== undefined && !(mutant.logitsNoticed && mutant.checksumNoticed)) {
    problems.push('a damaged block was not noticed: the checks of this run prove nothing')
  }
  return problems
}
