import type { PoolLog } from '../cache/pool-log.ts'
import { assert } from '../errors.ts'
import { Engine, type PlanCounts } from './engine/engine.ts'
import { Recorder } from './engine/recorder.ts'
import type { RecordedPlan } from './plan.ts'
import type { PlanInput } from './plan-input.ts'
import type { TimelineSink } from './timeline.ts'

/**
 * Plans without keeping the steps: any scale, runs of decode steps in closed form.
 * @param poolLog told of all that happens to the HBM pools
 */
export function planTimeline(input: PlanInput, sink: TimelineSink, poolLog?: PoolLog): PlanCounts {
  return new Engine(input, sink, undefined, poolLog).run()
}

/** Plans and keeps every step, for execution. */
export function planSteps(input: PlanInput, sink: TimelineSink): { plan: RecordedPlan; counts: PlanCounts } {
  assert(isExecutable(input), 'steps are kept for arms that can run with tensors', {})
  const [lower] = input.lowers
  const lowerStores = lower === undefined ? 0 : lower.shared ? 1 : input.replicas
  const recorder = new Recorder(input.replicas, lowerStores)
  const engine = new Engine(input, sink, recorder)
  const counts = engine.run()
  const stores = engine.transfers.below.lowers.flatMap((tier) => tier.stores)
  const lowerSlots = Math.max(0, ...stores.map((store) => store.highWaterBlocks))
  return { plan: recorder.finish(lowerSlots, lower?.shared ?? false), counts }
}

/** Whether a plan can be run with tensors: one tier below, whole fetches that end before what they are for begins. */
export function isExecutable({ lowers, peerReads, poolBlocks, fetchMode, fetchPart }: PlanInput): boolean {
  const plainFetches = fetchMode !== 'layerwise' && fetchPart === 'whole'
  return lowers.length <= 1 && !peerReads && Number.isFinite(poolBlocks) && plainFetches
}
