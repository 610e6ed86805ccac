import { Collector } from '../../account/collector.ts'
import { type ArmMetrics, armMetrics } from '../../account/metrics.ts'
import { bothSinks } from '../../account/timeline/both-sinks.ts'
import { type RecordedTimeline, TimelineRecorder } from '../../account/timeline/timeline-recorder.ts'
import type { AnswerBook } from '../../gpu/answers.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import { Machine } from '../../gpu/machine.ts'
import { createGpuMemory, type GpuLayout, type GpuMemory } from '../../gpu/memory.ts'
import { computeWarmKv } from '../../gpu/warm-kv.ts'
import { initialise } from '../../gpu/weights.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import { plannedMs, type RecordedPlan } from '../../plan/plan.ts'
import { planSteps } from '../../plan/plan-arm.ts'
import type { PlanInput } from '../../plan/plan-input.ts'
import { seededRandom } from '../../random.ts'
import { minimaStepMs, multiplierError } from '../../statistics/multiplier-interval.ts'
import { sliceNoise } from '../../statistics/slice-noise.ts'
import { baselineArm } from '../arms/registry.ts'
import { recomputeFromNothing } from './from-nothing.ts'
import {
  accountMeasured,
  completeRepeats,
  type MeasuredArm,
  measure,
  type Progress,
  timeFactor,
  timelineMs,
} from './measure.ts'
import { type MutantResult, runMutants } from './mutant.ts'

/** An arm as planned, before any tensor is touched. */
export interface PlannedSteps {
  readonly name: string
  readonly gpusPerReplica: number
  readonly input: PlanInput
  readonly plan: RecordedPlan
  readonly counts: PlanCounts
  readonly metrics: ArmMetrics
  readonly collector: Collector
  readonly timeline: RecordedTimeline
}

export interface MeasuredFigures {
  readonly metrics: ArmMetrics
  readonly collector: Collector
  readonly timeline: RecordedTimeline
}

/** A multiplier on one draw of the workload. */
export interface MeasuredRatio {
  readonly measured: number
  readonly planned: number
  /** On the timelines of per-step minima. */
  readonly minima: number | null
  /** Half the width of the interval of timing, as a share: from repeats, or an upper bound from neighbouring slices. */
  readonly timingNoise: number | null
}

export interface MeasuredRun {
  /** On the measured timeline; an arm is absent when the run was interrupted before its window opened. */
  readonly figures: ReadonlyMap<string, MeasuredFigures>
  /** Of each arm against the baseline. */
  readonly ratios: ReadonlyMap<string, MeasuredRatio>
  readonly answers: AnswerBook
  readonly mutant: MutantResult | undefined
  /** Requests whose KV was computed once more from nothing. */
  readonly prefixesRecomputed: number
  /** Largest over arms of |planned − measured| ÷ measured step time. */
  readonly planErrorRelative: number | null
  readonly copies: number
  readonly copiesSlowerThanLink: number
  readonly completeRepeats: number
  readonly interrupted: boolean
  readonly machines: readonly Machine[]
}

/** Plans an arm with every step written down. */
export function planWithSteps(name: string, input: PlanInput, gpusPerReplica: number): PlannedSteps {
  const collector = new Collector()
  const recorder = new TimelineRecorder(input)
  const { plan, counts } = planSteps(input, bothSinks(collector, recorder))
  return {
    name,
    gpusPerReplica,
    input,
    plan,
    counts,
    metrics: armMetrics(collector.totals, input.replicas, gpusPerReplica),
    collector,
    timeline: recorder.timeline,
  }
}

export interface MeasureOptions {
  readonly backend: string
  readonly layout: GpuLayout
  readonly repeats: number
  readonly seed: number
  readonly threads: number
  readonly runTask: RunTask
  readonly signal: AbortSignal
  readonly onProgress: Progress
  /** GPUs with these weights are used on from draw to draw; undefined: they are made anew. */
  readonly bench?: MeasuringBench
  /** Whether planted damage and a computation from nothing are tried as well. */
  readonly checks?: boolean
}

/** What stays from one measured draw to the next. */
export interface MeasuringBench {
  readonly weights: GpuMemory
  machines: readonly Machine[]
}

export function openBench(layout: GpuLayout, seed: number): MeasuringBench {
  const weights = createGpuMemory(layout)
  initialise(weights, seed)
  return { weights, machines: [] }
}

/** Runs the plans with tensors, checks the answers, tries the mutants, and accounts on the measured timeline. */
export async function measureRun(planned: readonly PlannedSteps[], options: MeasureOptions): Promise<MeasuredRun> {
  const { backend, layout, runTask, signal, checks = true } = options
  const bench = options.bench ?? openBench(layout, options.seed)
  const { weights } = bench
  const machines = planned.map(
    ({ name, plan }, i) => new Machine(name, backend, plan, layout, weights, bench.machines[i]),
  )
  bench.machines = machines
  const warm = await computeWarmKv(planned[0]!.plan, backend, layout, weights, options.threads, runTask)
  const underMeasurement = planned.map(({ name, gpusPerReplica, input }, i) => ({
    name,
    gpusPerReplica,
    input,
    machine: machines[i]!,
  }))
  const random = seededRandom(options.seed).fork('order of arms')
  const measurement = await measure(
    underMeasurement,
    options.repeats,
    warm,
    random,
    runTask,
    options.onProgress,
    signal,
  )
  const fetching = machines.find(({ name }) => name === 'warehouse') ?? machines.find(({ stores }) => stores.length > 0)
  const mutant =
    !checks || measurement.interrupted || fetching === undefined
      ? undefined
      : await runMutants(fetching, warm, measurement.answers, runTask)
  const prefixesRecomputed =
    !checks || measurement.interrupted
      ? 0
      : await recomputeFromNothing(planned.at(-1)!.plan, measurement.answers, backend, layout, weights, runTask)
  return {
    ...accounted(measurement.arms, planned),
    prefixesRecomputed,
    answers: measurement.answers,
    mutant,
    interrupted: measurement.interrupted,
    machines,
  }
}

/** Arms with as many repeats each: of an interrupted run some have one more. */
function alike(arms: readonly MeasuredArm[], repeats: number): readonly MeasuredArm[] {
  if (repeats < 1) return arms
  const complete = ({ repeats }: MeasuredArm): Float64Array[] => repeats.filter((times) => times.every(Number.isFinite))
  return arms.map((arm) => ({ ...arm, repeats: complete(arm).slice(0, repeats) }))
}

function accounted(
  measured: readonly MeasuredArm[],
  planned: readonly PlannedSteps[],
): Omit<MeasuredRun, 'answers' | 'mutant' | 'prefixesRecomputed' | 'interrupted' | 'machines'> {
  const figures = new Map<string, MeasuredFigures>()
  const repeats = Math.min(...measured.map((arm) => completeRepeats(arm).repeats.length))
  const arms = alike(measured, repeats)
  const factor = timeFactor(arms, timelineMs)
  for (const arm of arms) {
    const recorder = new TimelineRecorder(arm.input)
    const collector = accountMeasured(arm, timelineMs(arm), factor, recorder)
    if (collector === undefined) continue
    figures.set(arm.name, {
      collector,
      metrics: armMetrics(collector.totals, arm.input.replicas, arm.gpusPerReplica),
      timeline: recorder.timeline,
    })
  }
  const copies = arms.flatMap((arm) => arm.copies.filter(({ linkMs }) => linkMs !== undefined))
  return {
    figures,
    ratios: ratiosOf(arms, planned, figures, repeats),
    planErrorRelative: repeats < 1 ? null : Math.max(...arms.map(planError)),
    copies: copies.length,
    completeRepeats: repeats,
    copiesSlowerThanLink: copies.filter(({ copyMs, linkMs }) => copyMs > (linkMs ?? 0) * factor).length,
  }
}

/** Multipliers of a draw, measured and planned; none where the draw was not measured to its end. */
function ratiosOf(
  arms: readonly MeasuredArm[],
  planned: readonly PlannedSteps[],
  figures: ReadonlyMap<string, MeasuredFigures>,
  repeats: number,
): Map<string, MeasuredRatio> {
  const baseline = arms.find(({ name }) => name === baselineArm)
  if (baseline === undefined || repeats < 1) return new Map()
  const rateOf = (from: { readonly metrics: ArmMetrics }): number => from.metrics.tokensPerGpuSecond
  const plannedRate = (name: string): number => rateOf(planned.find((arm) => arm.name === name)!)
  const ratio = (rate: (name: string) => number, name: string): number => rate(name) / rate(baselineArm)
  return new Map(
    arms
      .filter((arm) => arm !== baseline && figures.has(arm.name) && figures.has(baselineArm))
      .map((arm) => [
        arm.name,
        {
          measured: ratio((name) => rateOf(figures.get(name)!), arm.name),
          planned: ratio(plannedRate, arm.name),
          minima: minimaMultiplier(arms, baseline, arm),
          timingNoise: timingNoise(baseline, arm),
        },
      ]),
  )
}

/** Normal quantile of a 95 % interval. */
const within95 = 1.96

/** From repeats, or else an upper bound from neighbouring slices. */
function timingNoise(baseline: MeasuredArm, arm: MeasuredArm): number | null {
  const { logHalfWidth } = multiplierError(completeRepeats(baseline), completeRepeats(arm))
  if (logHalfWidth !== null) return Math.expm1(logHalfWidth)
  const [base, own] = [sliceFactors(baseline), sliceFactors(arm)]
  const both = [...base.keys()].filter((slice) => own.has(slice))
  const noise = sliceNoise(both.map((slice) => ({ baseline: base.get(slice)!, arm: own.get(slice)! })))
  return noise === null ? null : Math.expm1(within95 * noise)
}

/** Measured ÷ planned time of each slice in which an arm has steps. */
function sliceFactors(arm: MeasuredArm): Map<number, number> {
  const measuredMs = new Map<number, number>()
  const planMs = new Map<number, number>()
  const times = timelineMs(arm)
  arm.steps.forEach((step, i) => {
    const slice = arm.slices[i]!
    measuredMs.set(slice, (measuredMs.get(slice) ?? 0) + times[i]!)
    planMs.set(slice, (planMs.get(slice) ?? 0) + plannedMs(step))
  })
  return new Map([...measuredMs].sort(([a], [b]) => a - b).map(([slice, ms]) => [slice, ms / planMs.get(slice)!]))
}

/** The multiplier on the timelines of per-step minima. */
function minimaMultiplier(arms: readonly MeasuredArm[], baseline: MeasuredArm, arm: MeasuredArm): number | null {
  const minima = (one: MeasuredArm): Float64Array => minimaStepMs(completeRepeats(one))
  const factor = timeFactor(arms, minima)
  const [below, above] = [baseline, arm].map((one) => accountMeasured(one, minima(one), factor))
  if (below === undefined || above === undefined) return null
  const speed = ({ totals }: Collector): number => totals.outputTokens / (totals.closeMs - totals.openMs)
  return speed(above) / speed(below)
}

function planError(arm: MeasuredArm): number {
  const measured = timelineMs(arm).reduce((sum, ms) => sum + ms, 0)
  const planned = arm.steps.reduce((sum, step) => sum + plannedMs(step), 0)
  return Math.abs(planned - measured) / measured
}
