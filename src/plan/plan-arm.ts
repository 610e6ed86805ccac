import { Engine, type PlanCounts } from './engine/engine.ts'
import { Recorder } from './engine/recorder.ts'
import type { RecordedPlan } from './plan.ts'
import type { PlanInput } from './plan-input.ts'
import type { TimelineSink } from './timeline.ts'

/** Plans without keeping the steps: any scale, runs of decode steps in closed form. */
export function planTimeline(input: PlanInput, sink: TimelineSink): PlanCounts {
  return new Engine(input, sink).run()
}

/** Plans and keeps every step, for execution. */
export function planSteps(input: PlanInput, sink: TimelineSink): { plan: RecordedPlan; counts: PlanCounts } {
  const lowerStores = input.lower === undefined ? 0 : input.lower.shared ? 1 : input.replicas
  const recorder = new Recorder(input.replicas, lowerStores)
  const engine = new Engine(input, sink, recorder)
  const counts = engine.run()
  const lowerSlots = Math.max(0, ...(engine.transfers.lower?.stores.map((store) => store.highWaterBlocks) ?? []))
  return { plan: recorder.finish(lowerSlots, input.lower?.shared ?? false), counts }
}
