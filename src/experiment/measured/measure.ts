import { Collector } from '../../account/collector.ts'
import { replayPlan } from '../../account/replay.ts'
import { bothSinks } from '../../account/timeline/both-sinks.ts'
import { AnswerBook } from '../../gpu/answers.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import type { Machine, SegmentResult } from '../../gpu/machine.ts'
import { cutSlices, type Slice } from '../../gpu/slices.ts'
import type { WarmKv } from '../../gpu/warm-kv.ts'
import { plannedMs, type StepOp } from '../../plan/plan.ts'
import type { PlanInput } from '../../plan/plan-input.ts'
import type { TimelineSink } from '../../plan/timeline.ts'
import { type Random, shuffled } from '../../random.ts'
import { type ArmTimes, robustStepMs } from '../../statistics/multiplier-interval.ts'

/** Slices of equal predicted work, at least 0.1 s each: as many as the simulation of the interval's coverage had. */
export const mostSlices = 24
const leastSliceMs = 100

/** An arm whose plan is to be run with tensors. */
export interface ArmUnderMeasurement {
  readonly name: string
  readonly gpusPerReplica: number
  readonly input: PlanInput
  readonly machine: Machine
}

/** A copy of fetched blocks: its real time, and the time that the link takes with nothing else on it; undefined: no link. */
export interface MeasuredCopy {
  readonly copyMs: number
  readonly linkMs: number | undefined
}

/** What was measured of one arm. Steps are numbered in the plan's order over all replicas. */
export interface MeasuredArm {
  readonly name: string
  readonly gpusPerReplica: number
  readonly input: PlanInput
  readonly machine: Machine
  readonly steps: readonly StepOp[]
  /** Slice of each step. */
  readonly slices: Int32Array
  /** Per repeat; NaN where a step was not reached. */
  readonly repeats: readonly Float64Array[]
  readonly copies: readonly MeasuredCopy[]
}

export type Progress = (arm: string, repeat: number, slice: number, shareDone: number) => void

export interface Measurement {
  readonly arms: readonly MeasuredArm[]
  readonly answers: AnswerBook
  readonly interrupted: boolean
}

/**
 * Runs every arm's plan `repeats` times. In every slice all arms run in turn, in random order, so that what disturbs the
 * machine disturbs them alike; each repeat starts from the same warm state.
 */
export async function measure(
  arms: readonly ArmUnderMeasurement[],
  repeats: number,
  warm: WarmKv,
  random: Random,
  runTask: RunTask,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<Measurement> {
  const answers = new AnswerBook()
  const count = sliceCount(arms)
  const tracks = arms.map((arm) => new Track(arm, repeats, cutSlices(arm.machine.plan, count)))
  const work = repeats * count * arms.length
  let done = 0
  try {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const { arm } of tracks) arm.machine.reset(warm)
      for (let slice = 0; slice < count; slice++) {
        for (const track of shuffled(tracks, random)) {
          signal.throwIfAborted()
          onProgress(track.arm.name, repeat, slice, done / work)
          const results = await track.arm.machine.run(track.slices[slice]!, runTask)
          for (const result of results) track.take(result, repeat, slice, answers)
          done++
        }
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return { arms: tracks.map((track) => track.result()), answers, interrupted: done < work }
}

/** Measured ÷ planned step time over all arms, as far as they were measured: how much slower the machine was than its calibration. */
export function timeFactor(arms: readonly MeasuredArm[], timeline: (arm: MeasuredArm) => Float64Array): number {
  let measuredMs = 0
  let planMs = 0
  for (const arm of arms) {
    timeline(arm).forEach((ms, i) => {
      if (!Number.isFinite(ms)) return
      measuredMs += ms
      planMs += plannedMs(arm.steps[i]!)
    })
  }
  return planMs > 0 ? measuredMs / planMs : 1
}

/**
 * The figures of an arm on its measured timeline; undefined when it was interrupted before its window opened.
 * @param beside told of the same
 */
export function accountMeasured(
  arm: MeasuredArm,
  stepMs: Float64Array,
  factor: number,
  beside?: TimelineSink,
): Collector | undefined {
  const collector = new Collector()
  const sink = beside === undefined ? collector : bothSinks(collector, beside)
  const { plan } = arm.machine
  const perReplica: number[][] = plan.ops.map(() => [])
  arm.steps.forEach((step, i) => {
    if (Number.isFinite(stepMs[i])) perReplica[step.replica]!.push(stepMs[i]!)
  })
  const durationMs = perReplica.map((times) => Float64Array.from(times))
  const opened = replayPlan(plan, arm.input, durationMs, sink, factor)
  return opened ? collector : undefined
}

/** The complete repeats of an arm, as the statistics want them. */
export function completeRepeats({ repeats, slices }: MeasuredArm): ArmTimes {
  return { repeats: repeats.filter((times) => times.every(Number.isFinite)), slices }
}

/** The robust timeline over complete repeats; without one, what the interrupted first repeat reached. */
export function timelineMs(arm: MeasuredArm): Float64Array {
  const complete = completeRepeats(arm)
  return complete.repeats.length > 0 ? robustStepMs(complete) : arm.repeats[0]!
}

function sliceCount(arms: readonly ArmUnderMeasurement[]): number {
  const planMs = ({ machine }: ArmUnderMeasurement): number =>
    machine.plan.ops.flat().reduce((sum, op) => sum + plannedMs(op), 0)
  const shortest = Math.min(...arms.map(planMs))
  return Math.max(1, Math.min(mostSlices, Math.floor(shortest / leastSliceMs)))
}

function alone({ lowers }: PlanInput, bytes: number): number | undefined {
  const link = lowers[0]?.link
  return link && link.latencyMs + bytes / link.readBytesPerMs
}

/** Collects one arm's results as they come. */
class Track {
  readonly arm: ArmUnderMeasurement
  readonly slices: readonly Slice[]
  readonly #steps: StepOp[]
  readonly #numbers = new Map<StepOp, number>()
  readonly #sliceOf: Int32Array
  readonly #repeats: Float64Array[]
  readonly #copies: MeasuredCopy[] = []

  constructor(arm: ArmUnderMeasurement, repeats: number, slices: readonly Slice[]) {
    this.arm = arm
    this.slices = slices
    this.#steps = arm.machine.plan.ops
      .flat()
      .filter((op) => op.kind === 'step')
      .sort((a, b) => a.order - b.order)
    this.#steps.forEach((step, number) => {
      this.#numbers.set(step, number)
    })
    this.#sliceOf = new Int32Array(this.#steps.length)
    this.#repeats = Array.from({ length: repeats }, () => new Float64Array(this.#steps.length).fill(Number.NaN))
  }

  take(done: SegmentResult, repeat: number, slice: number, answers: AnswerBook): void {
    const { segment, result } = done
    const { plan, gpus } = this.arm.machine
    const ops = plan.ops[segment.replica]!
    let step = 0
    let fetch = 0
    for (let at = segment.from; at < segment.to; at++) {
      const op = ops[at]!
      if (op.kind === 'step') {
        const number = this.#numbers.get(op)!
        this.#repeats[repeat]![number] = result.stepMs[step++]!
        this.#sliceOf[number] = slice
      } else if (op.fetch !== undefined) {
        this.#copies.push({ copyMs: result.fetchMs[fetch++]!, linkMs: alone(this.arm.input, op.fetch.bytes) })
      }
    }
    answers.check(this.arm.name, ops, done, gpus[0]!.layout.blockTokens)
  }

  result(): MeasuredArm {
    const { name, gpusPerReplica, input, machine } = this.arm
    const repeats = this.#repeats.filter((times) => times.some(Number.isFinite))
    return {
      name,
      gpusPerReplica,
      input,
      machine,
      steps: this.#steps,
      slices: this.#sliceOf,
      repeats: repeats.length > 0 ? repeats : this.#repeats.slice(0, 1),
      copies: this.#copies,
    }
  }
}
