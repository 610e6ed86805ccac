import { setMaxListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { RunCalibration } from '../../calibration/calibrate.ts'
import { notRefused } from '../../errors.ts'
import type { Draw, RunDraw } from '../../experiment/draws/draw.ts'
import type { PlanFigures, RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import type { LabTask, PolicyHits, TwoTierHits } from '../../lab/replay/policy-task.ts'
import { workerUrl } from '../../root.ts'

/** The threads of a run: as many as cores. */
export interface Threads {
  readonly count: number
  readonly execute: RunTask
  readonly calibrate: RunCalibration
  readonly plan: RunPlanTask
  readonly draw: RunDraw
  readonly lab: (task: LabTask) => Promise<PolicyHits | TwoTierHits>
  /** Ends all threads, whatever they do. */
  close(): Promise<void>
}

/** @param signal ends a running task with its thread */
export function openThreads(signal: AbortSignal): Threads {
  const count = availableParallelism()
  // Each task that waits listens.
  setMaxListeners(0, signal)
  const pool = new Piscina({
    filename: workerUrl('../../worker', import.meta.url),
    minThreads: count,
    maxThreads: count,
    idleTimeout: Number.POSITIVE_INFINITY,
  })
  const loaded = pool.threads.map(untilLoaded)
  return {
    count,
    execute: (task) => pool.run(task, { name: 'execute', signal }),
    calibrate: (task) => pool.run(task, { name: 'calibrate', signal }),
    plan: async (task) => notRefused<PlanFigures>(await pool.run(task, { name: 'plan', signal })),
    draw: async (task) => notRefused<Draw>(await pool.run(task, { name: 'draw', signal })),
    lab: async (task) => notRefused<PolicyHits | TwoTierHits>(await pool.run(task, { name: 'lab', signal })),
    close: async () => {
      for (const thread of pool.threads) thread.ref()
      await Promise.all(loaded)
      // A task that ends in this moment answers a pool that no longer asks.
      pool.on('error', () => undefined)
      await pool.destroy()
    },
  }
}

/** Node aborts the whole process where a thread is ended amid the loading of its modules; the first message comes after it. */
function untilLoaded(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['message', 'error', 'exit']) thread.once(event, () => resolve())
  })
}
