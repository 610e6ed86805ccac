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
export async function runKnee(
  plan: KneePlan,
  run: RunPlanTask,
  onPoint: (shareDone: number) => void,
): Promise<SweepResult[]> {
  const grid = gridOf(plan)
  let done = 0
  return Promise.all(
    grid.map(async ({ point, task }) => {
      const arms = await run(task)
      onPoint(++done / grid.length)
      return { ...point, scale: scaleOf(plan.task.deployment), arms }
    }),
  )
}

function closedAt({ load }: PlanTask, sessionsPerReplica: number): PlanTask['load'] {
  return load.kind === 'closed' ? { ...load, sessionsPerReplica } : load
}

function scaleOf({ scale }: Deployment): SweepResult['scale'] {
  return scale
}
