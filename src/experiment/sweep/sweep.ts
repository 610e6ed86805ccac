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

/** Plans every point on the threads, ordered so that points of one workload follow each other. */
export async function runKnee(
  { task, routers, sessions, seeds, requestsAt }: KneePlan,
  run: RunPlanTask,
  onPoint: (shareDone: number) => void,
): Promise<SweepResult[]> {
  const points = seeds.flatMap((seed) =>
    routers.flatMap((router) =>
      // Long points first: the threads end together.
      [...sessions].reverse().map((sessionsPerReplica) => ({ seed, router, sessionsPerReplica })),
    ),
  )
  let done = 0
  return Promise.all(
    points.map(async (point) => {
      const { seed, router, sessionsPerReplica } = point
      const arms = await run({
        ...task,
        seed,
        settings: { ...task.settings, router },
        load: closedAt(task, sessionsPerReplica),
        requests: requestsAt(sessionsPerReplica),
      })
      onPoint(++done / points.length)
      return { ...point, scale: scaleOf(task.deployment), arms }
    }),
  )
}

function closedAt({ load }: PlanTask, sessionsPerReplica: number): PlanTask['load'] {
  return load.kind === 'closed' ? { ...load, sessionsPerReplica } : load
}

function scaleOf({ scale }: Deployment): SweepResult['scale'] {
  return scale
}
