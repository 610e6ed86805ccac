import { Collector } from '../../account/collector.ts'
import { type ArmMetrics, armMetrics } from '../../account/metrics.ts'
import { bothSinks } from '../../account/timeline/both-sinks.ts'
import type { PoolLog } from '../../cache/pool-log.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import { planTimeline } from '../../plan/plan-arm.ts'
import type { Load, PlanInput } from '../../plan/plan-input.ts'
import type { TimelineSink } from '../../plan/timeline.ts'
import type { ConversationPool } from '../../workload/pool.ts'
import { armInput, type RunSettings } from '../arm-input.ts'
import type { Arm } from '../arms/arm.ts'
import { settleRequestsOf } from '../draws/window.ts'
import type { Deployment } from '../scale/deployment.ts'

export interface PlannedArm {
  readonly metrics: ArmMetrics
  readonly counts: PlanCounts
  readonly collector: Collector
}

/** Who else watches an arm being planned, made from its input. */
export interface Watchers {
  /** Told of all that happens to the HBM pools. */
  readonly poolLog?: ((input: PlanInput) => PoolLog) | undefined
  /** Told of what the accounting is told. */
  readonly timeline?: (input: PlanInput) => TimelineSink
}

/** Plans every arm of one point, without tensors. */
export function planPoint(
  arms: readonly Arm[],
  deployment: Deployment,
  settings: RunSettings,
  pool: ConversationPool,
  load: Load,
  requests: number | undefined,
  seed: number,
  watchers: Watchers = {},
): Map<string, PlannedArm> {
  return new Map(
    arms.map((arm) => {
      const window = { requests, overrunRequests: 0, settleRequests: settleRequestsOf(load) }
      const input = armInput(arm, deployment, settings, pool, load, window, seed)
      const collector = new Collector()
      const timeline = watchers.timeline?.(input)
      const sink = timeline === undefined ? collector : bothSinks(collector, timeline)
      const counts = planTimeline(input, sink, watchers.poolLog?.(input))
      return [
        arm.name,
        { metrics: armMetrics(collector.totals, input.replicas, deployment.gpusPerReplica), counts, collector },
      ]
    }),
  )
}
