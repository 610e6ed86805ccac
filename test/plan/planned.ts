import { Collector } from '../../src/account/collector.ts'
import { Engine, type PlanCounts } from '../../src/plan/engine/engine.ts'
import { Recorder } from '../../src/plan/engine/recorder.ts'
import type { Sequence } from '../../src/plan/engine/sequence.ts'
import { planTimeline } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import type { StepSegment } from '../../src/plan/timeline.ts'

/** Adds up what a replica's time went into, from the start. */
export class Time extends Collector {
  busyMs = 0
  stalledMs = 0
  starvedMs = 0
  override step(segment: StepSegment): void {
    super.step(segment)
    this.busyMs += segment.endMs - segment.startMs
  }
  override idle(replica: number, fromMs: number, toMs: number, kind: 'stalled' | 'starved'): void {
    super.idle(replica, fromMs, toMs, kind)
    this[`${kind}Ms`] += toMs - fromMs
  }
}

export interface Planned {
  readonly time: Time
  readonly counts: PlanCounts
  readonly requests: readonly Sequence[]
}

/** Every step its own, and nothing forgotten. */
export function stepByStep(input: PlanInput): Planned {
  const time = new Time()
  const recorder = new Recorder(input.replicas, Math.max(input.replicas, input.lowers.length))
  const counts = new Engine(input, time, recorder).run()
  return { time, counts, requests: recorder.requests }
}

/** Runs of decode steps at once; the blocks of conversations that are over are forgotten where nothing is evicted. */
export function inClosedForm(input: PlanInput): Planned {
  const time = new Time()
  const spied = withSequences(input)
  const counts = planTimeline(spied.input, time)
  return { time, counts, requests: spied.sequences() }
}

/** The same input, whose order of admission writes down every request that it is asked about, in a plan that keeps no steps. */
function withSequences(input: PlanInput): {
  readonly input: PlanInput
  sequences(): readonly Sequence[]
} {
  const seen = new Set<Sequence>()
  const { next } = input.admission
  return {
    input: {
      ...input,
      admission: {
        ...input.admission,
        next(queue, prefixBlocks) {
          for (const sequence of queue) seen.add(sequence)
          return next(queue, prefixBlocks)
        },
      },
    },
    sequences: () => [...seen],
  }
}
