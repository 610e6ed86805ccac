import type { WorkMeter } from '../progress/work-meter.ts'
import { taskWork } from './task-work.ts'
import type { Threads } from './threads.ts'

/** Threads whose plans are counted as they are done. */
export function countedThreads(threads: Threads, meter: WorkMeter): Threads {
  return {
    ...threads,
    plan: async (task) => {
      const figures = await threads.plan(task)
      meter.did(taskWork(task), 1)
      return figures
    },
    draw: async (task) => {
      const draw = await threads.draw(task)
      meter.did(taskWork(task), 1)
      return draw
    },
  }
}
