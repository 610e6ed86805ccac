import { backends } from '../backends/registry.ts'
import { type CalibrationResult, measureGrid } from './calibration/measure.ts'
import { assert } from './errors.ts'
import type { OpenGpu } from './gpu/backend.ts'
import type { ExecuteTask } from './gpu/machine.ts'
import type { GpuMemory } from './gpu/memory.ts'
import { type ProgramResult, runProgram } from './gpu/run-program.ts'
import type { StoreMemory } from './warehouse/store-memory.ts'

/** What a thread runs. Each export is a task by name. */

const opened = new Map<string, OpenGpu>()

/** Runs a stretch of a program on a GPU. */
export function execute(task: ExecuteTask): ProgramResult {
  const open = openGpu(task.backend, task.gpuId, task.gpu)
  return runProgram(task.gpu, open, task.store, new Int32Array(task.words), task.fromWord, task.toWord)
}

export interface CalibrateTask {
  readonly backend: string
  readonly gpus: readonly GpuMemory[]
  readonly store: StoreMemory
  readonly contextTokens: number
}

/** Measures the grid of the cost model on the thread's own GPUs. */
export function calibrate({ backend, gpus, store, contextTokens }: CalibrateTask): CalibrationResult {
  const open = gpus.map((memory) => ({ memory, open: openBackend(backend, memory) }))
  return measureGrid(open, store, contextTokens)
}

/** A GPU is opened once per thread; its id is unique in the process. */
function openGpu(backend: string, gpuId: string, gpu: GpuMemory): OpenGpu {
  const open = opened.get(gpuId) ?? openBackend(backend, gpu)
  opened.set(gpuId, open)
  return open
}

function openBackend(name: string, gpu: GpuMemory): OpenGpu {
  const backend = backends.find((candidate) => candidate.name === name)
  assert(backend?.open !== undefined, 'a task names a backend that measures', { name })
  return backend.open(gpu)
}
