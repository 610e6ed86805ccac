import { Piscina } from 'piscina'
import { expect, test } from 'vitest'
import type { RunTask } from '../../src/gpu/execute-task.ts'
import { Machine } from '../../src/gpu/machine.ts'
import { createGpuMemory } from '../../src/gpu/memory.ts'
import type { ProgramResult } from '../../src/gpu/run-program.ts'
import { cutSlices } from '../../src/gpu/slices.ts'
import { computeWarmKv } from '../../src/gpu/warm-kv.ts'
import { initialise } from '../../src/gpu/weights.ts'
import { workerUrl } from '../../src/root.ts'
import { smallLayout, smallPlans } from './small-run.ts'

const gpus = 100
const layout = smallLayout(70)

test('100 mock GPUs give the same answers on one thread as on two', async () => {
  const plan = smallPlans({ replicas: gpus, requests: 150 }).find(({ name }) => name === 'warehouse')!
  expect(plan.counts.fetches).toBeGreaterThan(50)
  const [one, two] = [await answersOn(1, plan), await answersOn(2, plan)]
  expect(one.length).toBeGreaterThan(gpus)
  expect(two).toEqual(one)
})

async function answersOn(threads: number, { name, plan }: ReturnType<typeof smallPlans>[number]): Promise<unknown[]> {
  const pool = new Piscina({
    filename: workerUrl('./worker', new URL('../../src/root.ts', import.meta.url).href),
    minThreads: threads,
    maxThreads: threads,
  })
  const runTask: RunTask = (task) => pool.run(task, { name: 'execute' }) as Promise<ProgramResult>
  try {
    const weights = createGpuMemory(layout)
    initialise(weights, 5)
    const machine = new Machine(name, 'wasm', plan, layout, weights)
    machine.reset(await computeWarmKv(plan, 'wasm', layout, weights, threads, runTask))
    const answers: [number, number, number[], readonly string[]][] = []
    for (const slice of cutSlices(plan, 3)) {
      for (const { segment, result } of await machine.run(slice, runTask)) {
        expect(result.damaged).toEqual([])
        answers.push([segment.replica, segment.from, [...result.logitsHashes], result.checksums])
      }
    }
    return answers.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  } finally {
    await pool.destroy()
  }
}
