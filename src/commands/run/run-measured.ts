import { pooledBooks } from '../../account/pooled.ts'
import type { Calibration } from '../../calibration/calibrate.ts'
import { badInput } from '../../errors.ts'
import type { Arm } from '../../experiment/arms/arm.ts'
import type { PlannedDraws } from '../../experiment/draws/planned-draws.ts'
import { drawSeeds } from '../../experiment/draws/window.ts'
import { leastDraws, type MeasuredDraws, measureDraws } from '../../experiment/measured/measured-draws.ts'
import { type PlannedSteps, planWithSteps } from '../../experiment/measured/measured-run.ts'
import { sizeRequests } from '../../experiment/measured/size-requests.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { contextPrefillMs } from '../../experiment/scale/scale-model.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import type { GpuLayout } from '../../gpu/memory.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import type { WorkMeter } from '../progress/work-meter.ts'
import { answerPlan, planAnswer } from './answer-draws.ts'
import { busyWords } from './busy.ts'
import { stageNames } from './expected-stages.ts'
import { measuredShare, type Passes } from './measured-share.ts'
import { refuseShortTrace } from './refusals.ts'
import { inputOf, load, loadOf } from './run-context.ts'
import type { ArmFigures, RunFigures } from './run-figures.ts'
import { type Scales, scalesOf } from './scales.ts'
import type { Settings } from './settings.ts'
import type { Threads } from './threads.ts'
import { promptTokensOf } from './workload-figures.ts'

/** Completions planned beyond the window, per replica. */
const overrunPerReplica = 2

export interface MeasuredContext {
  readonly settings: Settings
  readonly layout: GpuLayout
  readonly deployment: Deployment
  readonly calibration: Calibration
  readonly threads: Threads
  readonly signal: AbortSignal
  readonly meter: WorkMeter
}

/** Of the budget: a little over is better than a draw less. */
const grace = 1.15

/** A run with real tensors: plan many draws, measure a few of them, check, account. */
export async function runMeasured(context: MeasuredContext): Promise<RunFigures> {
  const { settings, deployment, calibration, threads, signal, meter } = context
  const workload = await load(settings, deployment, settings.seed)
  const requestLoad = loadOf(settings, deployment, workload)
  refuseShortTrace(settings, requestLoad, workload, settings.requests)
  const started = performance.now()
  meter.begin(stageNames.answer)
  const answer = answerPlan(settings, deployment, requestLoad)
  const planned = await planAnswer(answer, threads.draw)
  const planSeconds = (performance.now() - started) / 1000
  const first = (requests: number): PlannedSteps[] => planAll(context, workload, requestLoad, requests, settings.seed)
  meter.begin(stageNames.measuring)
  const requests =
    settings.requests ?? sizedRequests(context, workload, requestLoad, planned, answer.task.settings.replicas)
  const measured = await measureAll(context, requestLoad, requests)
  meter.begin(stageNames.scales)
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
    ...(signal.aborted ? noScales : await scalesOf(settings, deployment, workload, requestLoad, planned, threads.draw)),
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

function measureAll(context: MeasuredContext, requestLoad: Load, requests: number): Promise<MeasuredDraws> {
  const { settings, layout, deployment, threads, signal, meter } = context
  const draws = requestLoad.kind === 'closed' ? settings.draws : 1
  const seeds = drawSeeds(settings.seed, draws)
  const passes = draws + settings.repeats - 1
  const least = leastDraws + settings.repeats - 1
  const budgetMs = settings.requests === undefined ? settings.budgetMs : undefined
  const expected: Passes = { planned: passes, least, budgetMs }
  const started = performance.now()
  // A further draw is begun where it is likely to end within the budget.
  const isLate = (done: number): boolean =>
    (performance.now() - started) * (1 + 1 / (done + settings.repeats - 1)) > settings.budgetMs * grace
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
      const done = before + shareDone * (draw === 0 ? settings.repeats : 1)
      const spentMs = performance.now() - started
      if (settings.requests === undefined) busy(done / passes, spentMs)
      const again = settings.repeats > 1 && draw === 0 ? `, repeat ${repeat + 1} of ${settings.repeats}` : ''
      meter.measured(
        `measuring draw ${draw + 1} of ${draws}, ${requests} requests an arm${again}, slice ${slice + 1}: ${arm}`,
        measuredShare(done, spentMs, expected),
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

/** Requests that fit the budget, at the long run's cost of a request. */
function sizedRequests(
  { settings, deployment, threads }: MeasuredContext,
  workload: LoadedWorkload,
  requestLoad: Load,
  planned: PlannedDraws,
  plannedReplicas: number,
): number {
  const seats = seatCount(requestLoad, settings.replicas)
  const available = workload.pool.conversations.length - seats
  const most = requestLoad.kind === 'closed' ? Number.POSITIVE_INFINITY : available
  if (most < 1) {
    throw badInput(
      '--in-flight-per-replica',
      `the trace ends before ${seats} requests have settled`,
      'Ask for fewer in flight.',
    )
  }
  const draws = requestLoad.kind === 'closed' ? settings.draws : 1
  const { requests, predictedMs } = sizeRequests(
    {
      arms: [...planned.arms.values()].map(({ metrics }) => metrics),
      replicas: plannedReplicas,
      threads: threads.count,
      passes: draws + settings.repeats - 1,
      warmMs: requestLoad.kind === 'closed' ? seats * meanPrefillMs(deployment, workload) : 0,
      outsideRequests: seats + overrunPerReplica * settings.replicas,
    },
    settings.budgetMs,
  )
  if (predictedMs > settings.budgetMs) {
    const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`
    process.stderr.write(
      `--budget: ${seconds(settings.budgetMs)} is too short for ${draws} draws of ${requests} requests, which take about ${seconds(predictedMs)}; ${Math.min(leastDraws, draws)} are measured in any case.\n`,
    )
  }
  return Math.min(most, requests)
}

/** Time to compute the history of a seat that is met at any of its turns. */
function meanPrefillMs({ cost, maxBatchedTokens }: Deployment, { pool }: LoadedWorkload): number {
  const turns = pool.conversations.reduce((sum, conversation) => sum + conversation.turns.length, 0)
  const tokens = promptTokensOf(pool) / turns
  return contextPrefillMs(cost, Math.round(tokens), maxBatchedTokens)
}
