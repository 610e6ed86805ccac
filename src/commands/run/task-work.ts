import { settledPerSeat } from '../../experiment/draws/window.ts'
import type { PlanTask } from '../../experiment/sweep/plan-task.ts'

/** How much there is to plan in a task: completions of all its arms. A trace that is planned whole counts as one an arm, like all its tasks. */
export function taskWork({ arms, load, requests, settings }: PlanTask): number {
  const seats = load.kind === 'closed' ? load.sessionsPerReplica * settings.replicas : 0
  const settled = load.kind === 'closed' && load.start === 'warm' ? settledPerSeat * seats : 0
  return arms.length * ((requests ?? 1) + settled)
}
