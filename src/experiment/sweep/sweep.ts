import type { Deployment } from '../scale/deployment.ts'
import type { SweepResult } from './knee.ts'
import type { PlanTask, RunPlanTask } from './plan-task.ts'

/** A load on a grid of sessions per replica, several routers and seeds. */
export interface KneePlan {
  /** What is the same at every point; its load is a closed loop. */
  readonly task: PlanTask
  readonly routers: readonly string[]
  readonly sessions: readonly number[]
  readonly seeds: readonly number[]
  /** Requests in the window of a point. */
  readonly requestsAt: (sessionsPerReplica: number) => number
}

/** A point of the grid, with what plans it. */
export interface GridPoint {
  readonly point: Omit<SweepResult, 'scale' | 'arms'>
  readonly task: PlanTask
}

/** Every point, ordered so that those of one workload follow each other. */
export function gridOf({ task, routers, sessions, seeds, requestsAt }: KneePlan): GridPoint[] {
  return seeds.flatMap((seed) =>
    routers.flatMap((router) =>
      // Long points first: the threads end together.
      [...sessions].reverse().map((sessionsPerReplica) => ({
        point: { seed, router, sessionsPerReplica },
        task: {
          ...task,
          seed,
          settings: { ...task.settings, router },
          load: closedAt(task, sessionsPerReplica),
          requests: requestsAt(sessionsPerReplica),
        },
      })),
    ),
  )
}

/** Plans every point on the threads. */
export async function runKnee(plan: KneePlan, run: RunPlanTask): Promise<SweepResult[]> {
  const scale = scaleOf(plan.task.deployment)
  return Promise.all(gridOf(plan).map(async ({ point, task }) => ({ ...point, scale, arms: await run(task) })))
}

function closedAt({ load }: PlanTask, sessionsPerReplica: number): PlanTask['load'] {
  return load.kind === 'closed' ? { ...load, sessionsPerReplica } : load
}

function scaleOf({ scale }: Deployment): SweepResult['scale'] {
  return scale
}
