import type { StoreMemory } from '../warehouse/store-memory.ts'
import type { GpuMemory } from './memory.ts'
import type { ProgramResult } from './run-program.ts'

/** A stretch of a program for a worker thread. */
export interface ExecuteTask {
  readonly kind: 'execute'
  readonly backend: string
  /** Names the GPU within the process, so that a thread opens it once. */
  readonly gpuId: string
  readonly gpu: GpuMemory
  readonly store: StoreMemory | undefined
  readonly words: SharedArrayBuffer
  readonly fromWord: number
  readonly toWord: number
}

export type RunTask = (task: ExecuteTask) => Promise<ProgramResult>
