import { pooledBooks } from '../../account/pooled.ts'
import type { Calibration } from '../../calibration/calibrate.ts'
import { badInput } from '../../errors.ts'
import type { Arm } from '../../experiment/arms/arm.ts'
import { drawSeeds } from '../../experiment/draws/window.ts'
import { leastDraws, type MeasuredDraws, measureDraws } from '../../experiment/measured/measured-draws.ts'
import { type PlannedSteps, planWithSteps } from '../../experiment/measured/measured-run.ts'
import { sizeRequests } from '../../experiment/measured/size-requests.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import type { GpuLayout } from '../../gpu/memory.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import { answerPlan, planAnswer } from './answer-draws.ts'
import { busyWords } from './busy.ts'
import type { Progress } from './progress.ts'
import { refuseShortTrace } from './refusals.ts'
import { inputOf, load, loadOf } from './run-context.ts'
import type { ArmFigures, RunFigures } from './run-figures.ts'
import { type Scales, scalesOf } from './scales.ts'
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
  /** Share of the whole run that lies before and after. */
  readonly share: { readonly from: number; readonly to: number }
}

/** A run with real tensors: plan many draws, measure a few of them, check, account. */
export async function runMeasured(context: MeasuredContext): Promise<RunFigures> {
  const { settings, deployment, calibration, threads, signal, progress, share } = context
  const workload = await load(settings, deployment, settings.seed)
  const requestLoad = loadOf(settings, deployment, workload)
  refuseShortTrace(settings, requestLoad, workload, settings.requests)
  const started = performance.now()
  const measuredFrom = share.from + (share.to - share.from) * 0.2
  const planned = await planAnswer(answerPlan(settings, deployment, requestLoad), threads.draw, (done, of) =>
    progress.show(`planning draw ${done} of ${of}`, share.from + (measuredFrom - share.from) * (done / of)),
  )
  const planSeconds = (performance.now() - started) / 1000
  const first = (requests: number): PlannedSteps[] => planAll(context, workload, requestLoad, requests, settings.seed)
  const requests = settings.requests ?? sizedRequests(settings, workload, requestLoad, first, threads.count)
  const measured = await measureAll(context, requestLoad, requests, measuredFrom)
  const complete = measured.figures.size === settings.arms.length && measured.draws.length > 0
  return {
    trust: complete ? 'tensors' : 'fitted',
    arms: complete ? measured.figures : withoutMeasured(first(requests)),
    deployment,
    workload,
    load: requestLoad,
    requests,
    planSeconds,
    fitErrorRelative: calibration.fitErrorRelative,
    ...(signal.aborted ? noScales : await scalesOf(settings, deployment, requestLoad, planned, threads.draw)),
    planned,
    measured,
    problems: measured.problems,
  }
}

const noScales: Scales = { scaleModel: [], scaleComparison: undefined }

/** An interrupted run without a complete draw shows the plan of the first. */
function withoutMeasured(arms: readonly PlannedSteps[]): Map<string, ArmFigures> {
  return new Map(
    arms.map(({ name, gpusPerReplica, metrics, collector, counts, timeline }) => {
      const books = pooledBooks([{ metrics, replicas: collector.replicas }], gpusPerReplica)
      return [name, { ...books, counts, timeline }]
    }),
  )
}

function measureAll(
  context: MeasuredContext,
  requestLoad: Load,
  requests: number,
  from: number,
): Promise<MeasuredDraws> {
  const { settings, layout, deployment, threads, signal, progress, share } = context
  const draws = requestLoad.kind === 'closed' ? settings.draws : 1
  const seeds = drawSeeds(settings.seed, draws)
  const passes = draws + settings.repeats - 1
  const started = performance.now()
  const isLate = (): boolean => performance.now() - started > settings.budgetMs
  const busy = busyWords(settings.budgetMs, (Math.min(leastDraws, draws) + settings.repeats - 1) / passes)
  const plan = async (seed: number): Promise<PlannedSteps[]> =>
    planAll(context, await load(settings, deployment, seed), requestLoad, requests, seed)
  return measureDraws(plan, {
    backend: settings.backend.name,
    layout,
    seeds,
    repeats: settings.repeats,
    // Who fixes the requests fixes what is measured, whatever the time.
    isLate: settings.requests === undefined ? isLate : undefined,
    weightsSeed: settings.seed,
    threads: threads.count,
    runTask: threads.execute,
    signal,
    onProgress: ({ draw, repeat, slice, arm, shareDone }) => {
      const before = draw === 0 ? 0 : draw - 1 + settings.repeats
      const share0 = (before + shareDone * (draw === 0 ? settings.repeats : 1)) / passes
      if (settings.requests === undefined) busy(share0, performance.now() - started)
      const again = settings.repeats > 1 && draw === 0 ? `, repeat ${repeat + 1} of ${settings.repeats}` : ''
      progress.show(
        `measuring draw ${draw + 1} of ${draws}, ${requests} requests an arm${again}, slice ${slice + 1}: ${arm}`,
        from + (share.to - from) * share0,
      )
    },
  })
}

function planAll(
  { settings, deployment }: MeasuredContext,
  workload: LoadedWorkload,
  requestLoad: Load,
  requests: number,
  seed: number,
): PlannedSteps[] {
  const overrun = overrunPerReplica * settings.replicas
  const available = workload.pool.conversations.length - seatCount(requestLoad, settings.replicas) - requests
  // A trace that is used up cannot run over.
  const overrunRequests = requestLoad.kind === 'closed' ? overrun : Math.max(0, Math.min(overrun, available))
  return settings.arms.map((arm: Arm) =>
    planWithSteps(
      arm.name,
      inputOf(arm, settings, deployment, workload, requestLoad, requests, overrunRequests, seed),
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
  const passes = (requestLoad.kind === 'closed' ? settings.draws : 1) + settings.repeats - 1
  const plans = (requests: number) => plan(Math.min(requests, most)).map((arm) => arm.plan)
  const { requests, predictedMs } = sizeRequests(plans, settings.budgetMs, passes, threads)
  if (predictedMs > settings.budgetMs) {
    const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`
    const arms = `${Math.min(leastDraws, passes)} draws of ${settings.arms.length} arms or more`
    process.stderr.write(
      `--budget: ${seconds(settings.budgetMs)} is too short; the fewest requests (${requests}) take about ${seconds(predictedMs)} in ${passes} passes. It ends after ${arms}.\n`,
    )
  }
  return Math.min(most, requests)
}
