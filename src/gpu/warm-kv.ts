import type { Sequence } from '../plan/engine/sequence.ts'
import type { RecordedPlan } from '../plan/plan.ts'
import { createStoreMemory, readHeader, type StoreMemory, storeSlot } from '../warehouse/store-memory.ts'
import type { RunTask } from './execute-task.ts'
import { capForPool, createGpuMemory, type GpuLayout, type GpuMemory, gpuLayout } from './memory.ts'
import { opcode } from './program.ts'
import { contentKey, tokensOf } from './tokens.ts'
import { copyWeights } from './weights.ts'

/** KV of the histories, computed once and copied into every arm and repeat; by content key. */
export interface WarmKv {
  bytes(key: number): Uint8Array
  checksum(key: number): string
}

/** A GPU apart on which whole prefixes are computed. */
interface Workbench {
  readonly id: string
  readonly gpu: GpuMemory
}

/** Computes the KV of every history block on GPUs apart, several at a time. */
export async function computeWarmKv(
  plan: RecordedPlan,
  backend: string,
  layout: GpuLayout,
  weights: GpuMemory,
  threads: number,
  runTask: RunTask,
): Promise<WarmKv> {
  const { blockTokens } = layout
  const slots = new Map<number, number>()
  const jobs: { request: Sequence; blocks: number; firstSlot: number }[] = []
  let taken = 0
  for (const { request, blocks } of plan.histories) {
    for (let i = 0; i < blocks; i++) {
      const key = contentKey(request, i, blockTokens)
      if (!slots.has(key)) slots.set(key, taken + i)
    }
    jobs.push({ request, blocks, firstSlot: taken })
    taken += blocks
  }
  const store = createStoreMemory(taken, layout.blockBytes)
  await onWorkbenches(layout, weights, threads, jobs, (bench, job) =>
    runPrefix(bench, backend, job.request, job.blocks, store, job.firstSlot, runTask),
  )
  const slotOf = (key: number): number => slots.get(key)!
  return {
    bytes: (key) => storeSlot(store, slotOf(key)),
    checksum: (key) => readHeader(store, slotOf(key)).checksum,
  }
}

/** The KV of a request's leading blocks, computed from nothing: what each block must hold. */
export async function computePrefix(
  request: Sequence,
  blocks: number,
  backend: string,
  layout: GpuLayout,
  weights: GpuMemory,
  runTask: RunTask,
): Promise<{ bytes(block: number): Uint8Array; checksum(block: number): string }> {
  const store = createStoreMemory(blocks, layout.blockBytes)
  await onWorkbenches(layout, weights, 1, [request], (bench) =>
    runPrefix(bench, backend, request, blocks, store, 0, runTask),
  )
  return {
    bytes: (block) => storeSlot(store, block),
    checksum: (block) => readHeader(store, block).checksum,
  }
}

/** Benches are kept for the weights that they hold: threads keep what they opened, so a new one each time would never go. */
const known = new WeakMap<GpuMemory, Workbench[]>()
let benches = 0

async function onWorkbenches<T>(
  layout: GpuLayout,
  weights: GpuMemory,
  count: number,
  jobs: readonly T[],
  run: (bench: Workbench, job: T) => Promise<void>,
): Promise<void> {
  const kept = known.get(weights) ?? []
  known.set(weights, kept)
  let next = 0
  const lane = async (index: number): Promise<void> => {
    kept[index] ??= openBench(layout, weights)
    while (next < jobs.length) await run(kept[index], jobs[next++]!)
  }
  await Promise.all(Array.from({ length: Math.min(count, jobs.length) }, (_, index) => lane(index)))
}

function openBench(layout: GpuLayout, weights: GpuMemory): Workbench {
  const cap = capForPool(layout.shape, layout.blockTokens, layout.maxBatchedTokens, layout.maxBlocksPerSequence)
  const gpu = createGpuMemory(gpuLayout(layout.shape, layout.blockTokens, layout.maxBatchedTokens, cap))
  copyWeights(weights, gpu)
  return { id: `workbench/${benches++}`, gpu }
}

/** Prefills a request's leading blocks in chunks and stores them from `firstSlot` on. */
async function runPrefix(
  { id, gpu }: Workbench,
  backend: string,
  request: Sequence,
  blocks: number,
  store: StoreMemory,
  firstSlot: number,
  runTask: RunTask,
): Promise<void> {
  const { blockTokens, maxBatchedTokens, shape } = gpu.layout
  const length = blocks * blockTokens
  const tokens = tokensOf(request, blockTokens, shape.vocabulary)
  const words: number[] = []
  for (let from = 0; from < length; from += maxBatchedTokens) {
    const to = Math.min(length, from + maxBatchedTokens)
    const table = Array.from({ length: Math.ceil(to / blockTokens) }, (_, slot) => slot)
    words.push(opcode.step, 1, 0, 0, 0, from, to - from, ...tokens.subarray(from, to), table.length, ...table)
  }
  words.push(opcode.store, blocks)
  for (let i = 0; i < blocks; i++) words.push(i, firstSlot + i)
  const buffer = new SharedArrayBuffer(words.length * 4)
  new Int32Array(buffer).set(words)
  await runTask({
    kind: 'execute',
    backend,
    gpuId: id,
    gpu,
    store,
    words: buffer,
    fromWord: 0,
    toWord: words.length,
  })
}
