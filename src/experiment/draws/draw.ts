import type { ArmMetrics } from '../../account/metrics.ts'
import type { WindowTotals } from '../../account/window-totals.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import type { PlanTask } from '../sweep/plan-task.ts'

/** What the books say of an arm in one window. Plain data: it may come from another thread. */
export interface DrawnArm {
  readonly metrics: ArmMetrics
  readonly counts: PlanCounts
  readonly replicas: readonly WindowTotals[]
}

/** All arms in one draw of the workload, by name. */
export type Draw = Readonly<Record<string, DrawnArm>>

/** Plans a draw, on some thread. */
export type RunDraw = (task: PlanTask) => Promise<Draw>
