import { Collector } from '../../account/collector.ts'
import { type ArmMetrics, armMetrics } from '../../account/metrics.ts'
import type { PoolLog } from '../../cache/pool-log.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import { planTimeline } from '../../plan/plan-arm.ts'
import type { Load, PlanInput } from '../../plan/plan-input.ts'
import type { ConversationPool } from '../../workload/pool.ts'
import { armInput, type RunSettings } from '../arm-input.ts'
import type { Arm } from '../arms/arm.ts'
import type { Deployment } from '../scale/deployment.ts'

export interface PlannedArm {
  readonly metrics: ArmMetrics
  readonly counts: PlanCounts
  readonly collector: Collector
}

/**
 * Plans every arm of one point, without tensors.
 * @param logOf makes the log of what happens to the HBM pools of an arm
 */
export function planPoint(
  arms: readonly Arm[],
  deployment: Deployment,
  settings: RunSettings,
  pool: ConversationPool,
  load: Load,
  requests: number | undefined,
  seed: number,
  logOf?: (input: PlanInput) => PoolLog,
): Map<string, PlannedArm> {
  return new Map(
    arms.map((arm) => {
      const input = armInput(arm, deployment, settings, pool, load, { requests, overrunRequests: 0 }, seed)
      const collector = new Collector()
      const counts = planTimeline(input, collector, logOf?.(input))
      return [
        arm.name,
        { metrics: armMetrics(collector.totals, input.replicas, deployment.gpusPerReplica), counts, collector },
      ]
    }),
  )
}
