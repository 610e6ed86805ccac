import { Piscina } from 'piscina'
import type { PlanTask } from '../../experiment/sweep/plan-task.ts'
import { workerUrl } from '../../root.ts'

/** Plans before anything is timed, so that the engine has compiled its code. */
const warmUpPlans = 30

/** A thread that makes one plan again and again, as long as its own compiled code lasts. */
export interface PlanThread {
  plan(): Promise<void>
  close(): Promise<void>
}

/** What the engine makes of the planner differs by several percent from thread to thread: a new one draws it anew. */
export async function openPlanThread(task: PlanTask): Promise<PlanThread> {
  const filename = workerUrl('../../worker', import.meta.url)
  const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1, idleTimeout: Number.POSITIVE_INFINITY })
  const plan = async (): Promise<void> => {
    await pool.run(task, { name: 'plan' })
  }
  for (let i = 0; i < warmUpPlans; i++) await plan()
  return { plan, close: () => pool.destroy() }
}
