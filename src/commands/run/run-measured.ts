import type { Calibration } from '../../calibration/calibrate.ts'
import { badInput } from '../../errors.ts'
import type { Arm } from '../../experiment/arms/arm.ts'
import { describeMismatch } from '../../experiment/measured/describe-mismatch.ts'
import {
  type MeasuredRun,
  measureRun,
  type PlannedSteps,
  planWithSteps,
} from '../../experiment/measured/measured-run.ts'
import { sizeRequests } from '../../experiment/measured/size-requests.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { ratioOf, type ScaleRatio, scaleRatios, withUnbatchedDecode } from '../../experiment/scale/scale-ratios.ts'
import { planPoint } from '../../experiment/sweep/plan-point.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import type { GpuLayout } from '../../gpu/memory.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import type { ProgressLine } from './progress.ts'
import { fullDeployment, inputOf, load, loadOf, refuseShortTrace, runSettings } from './run-context.ts'
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
  readonly progress: ProgressLine
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
    planned.map(({ name, counts, metrics, collector }) => [
      name,
      { counts, ...(complete ? measured.figures.get(name)! : { metrics, collector }) },
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
    scaleComparison: undefined,
    scaleModel: measured.interrupted
      ? []
      : await compareScales(settings, deployment, workload, requestLoad, arms, requests),
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

/** Ratios of target and mock at the operating point, from a plan of the target at the same load over as many requests. */
async function compareScales(
  settings: Settings,
  mock: Deployment,
  mockWorkload: LoadedWorkload,
  requestLoad: Load,
  arms: ReadonlyMap<string, ArmFigures>,
  requests: number,
): Promise<ScaleRatio[]> {
  const baseline = arms.get('hbm-only')
  const warehouse = arms.get('warehouse')
  if (requestLoad.kind !== 'closed' || baseline === undefined || warehouse === undefined) return []
  const full = fullDeployment(settings)
  const workload = await load(settings, full, settings.seed)
  const targetLoad: Load = { ...requestLoad, timeScale: full.timeScale }
  const compared = settings.arms.filter(({ name }) => name === 'hbm-only' || name === 'warehouse')
  const planTarget = (deployment: Deployment) =>
    planPoint(compared, deployment, runSettings(settings, full), workload.pool, targetLoad, requests, settings.seed)
  const target = planTarget(full)
  const unbatched = planTarget({ ...full, cost: withUnbatchedDecode(full) })
  const multiplier = (planned: typeof target): number =>
    planned.get('warehouse')!.metrics.tokensPerGpuSecond / planned.get('hbm-only')!.metrics.tokensPerGpuSecond
  const common = {
    replicas: settings.replicas,
    sessionsPerReplica: requestLoad.seats / settings.replicas,
    thinkCapMs: requestLoad.thinkCapMs,
  }
  return [
    ...scaleRatios(
      {
        ...common,
        deployment: full,
        pool: workload.pool,
        warehouse: target.get('warehouse')!.metrics,
        baseline: target.get('hbm-only')!.metrics,
      },
      {
        ...common,
        deployment: mock,
        pool: mockWorkload.pool,
        warehouse: warehouse.metrics,
        baseline: baseline.metrics,
      },
    ),
    ratioOf(
      'multiplier of the target, as it is and with decodes that gain nothing from batching',
      multiplier(target),
      multiplier(unbatched),
    ),
  ]
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
