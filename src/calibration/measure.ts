import { Bench } from 'tinybench'
import type { OpenGpu } from '../gpu/backend.ts'
import { type GpuMemory, kvBlock } from '../gpu/memory.ts'
import { layerParameters, type ModelShape } from '../gpu/model-shape.ts'
import { addChunk, emptyLoad, type StepLoad } from '../plan/cost-model.ts'
import { type StoreMemory, storeSlot } from '../warehouse/store-memory.ts'
import type { CalibrationPoint } from './fit.ts'
import { expectSteps, type GridSteps, openGridSteps, stepDone } from './grid-steps.ts'

/** What a thread measured on its GPUs. */
export interface CalibrationResult {
  readonly points: readonly CalibrationPoint[]
  /** Copying a context's blocks from shared memory into a GPU. */
  readonly fetchBytesPerMs: number
}

interface GridPoint {
  readonly load: StepLoad
  readonly iterations: number
  run(gpu: OpenGpu): void
}

/**
 * Decode steps that a thread runs on one GPU before it turns to the next: in a run they follow each other and find the
 * KV in the caches. A prefill comes after something else.
 */
const decodeStretch = 7

/**
 * Measures prefill chunks, decode batches and block copies over a grid, on several GPUs in turn as a run interleaves them,
 * so that caches are as warm and as cold as they will be. Each point is the median of its samples.
 * @param steps counts GPUs warmed up and points measured
 */
export function measureGrid(
  gpus: readonly { memory: GpuMemory; open: OpenGpu }[],
  store: StoreMemory,
  contextTokens: number,
  steps: GridSteps = openGridSteps(),
): CalibrationResult {
  const { layout } = gpus[0]!.memory
  const contextBlocks = Math.ceil(contextTokens / layout.blockTokens)
  const slow = isSlow(gpus[0]!.open, layout.blockTokens)
  const contexts: Contexts = {
    tokens: contextTokens,
    count: slow ? 1 : Math.max(1, Math.floor(layout.poolBlocks / contextBlocks)),
    table: (tokens, nth) => tableFor(tokens, layout.blockTokens, contextBlocks, nth),
  }
  const grid = [...prefillGrid(contexts, layout.maxBatchedTokens), ...decodeGrid(contexts)]
  const used = slow ? gpus.slice(0, 1) : gpus
  const repeats = ({ iterations }: GridPoint): number => (slow ? 1 : iterations)
  const warmFlops = contexts.count * contextFlops(layout.shape, contextTokens)
  const pointFlops = grid.map((point) => repeats(point) * flopsOf(layout.shape, point.load))
  const allFlops = pointFlops.reduce((sum, flops) => sum + flops, used.length * warmFlops)
  expectSteps(steps, used.length + grid.length)
  for (const { open } of used) {
    warmUp(open, contexts, layout.maxBatchedTokens)
    stepDone(steps, warmFlops / allFlops)
  }
  const points = grid.map((point, nth) => {
    const { load, run } = point
    const stretch = load.decodes > 0 ? decodeStretch : 1
    let turn = 0
    const next = (): OpenGpu => used[Math.floor(turn++ / stretch) % used.length]!.open
    const ms = medianMs(repeats(point), () => run(next()))
    stepDone(steps, pointFlops[nth]! / allFlops)
    return { load, ms }
  })
  let turn = 0
  const copyMs = medianMs(12, () => {
    const { memory } = gpus[turn++ % gpus.length]!
    for (let slot = 0; slot < contextBlocks; slot++) kvBlock(memory, slot).set(storeSlot(store, slot))
  })
  return { points, fetchBytesPerMs: (contextBlocks * layout.blockBytes) / copyMs }
}

/** What a step takes, as far as progress has to know: products with weights, and of queries with keys and values. */
function flopsOf(shape: ModelShape, load: StepLoad): number {
  const tokens = load.prefillTokens + load.decodes
  const pairs = load.prefillPairs + load.decodeContextTokens
  return 2 * tokens * layerParameters(shape) + 4 * pairs * shape.layers * shape.heads * shape.headDim
}

/** Of the prefill of a whole context. */
function contextFlops(shape: ModelShape, tokens: number): number {
  const load = emptyLoad()
  addChunk(load, 0, tokens, undefined)
  return flopsOf(shape, load)
}

/** A backend that takes more than a ms a token needs no medians, and no time to lose. */
function isSlow(open: OpenGpu, blockTokens: number): boolean {
  const tokens = tokensFor(16)
  const blockTable = Int32Array.from({ length: Math.ceil(16 / blockTokens) }, (_, slot) => slot)
  let ms = 0
  // The first call compiles.
  for (let call = 0; call < 2; call++) {
    const started = performance.now()
    open.prefill({ tokens, start: 0, blockTable, sample: true })
    ms = performance.now() - started
  }
  return ms > tokens.length
}

function medianMs(iterations: number, run: () => void): number {
  const bench = new Bench({ time: 0, iterations, warmup: false })
  bench.add('point', run)
  const result = bench.runSync()[0]!.result
  if (result.state !== 'completed') throw new Error('a calibration point failed')
  return result.latency.p50
}

/** The contexts that lie in a pool under calibration. */
interface Contexts {
  readonly tokens: number
  readonly count: number
  /** Slots of the first `tokens` positions of the n-th context. */
  table(tokens: number, nth: number): Int32Array
}

/** Fills every context, so that all later reads meet finite KV, and lets the engine compile its code. */
function warmUp(open: OpenGpu, contexts: Contexts, chunkTokens: number): void {
  for (let nth = 0; nth < contexts.count; nth++) {
    for (let from = 0; from < contexts.tokens; from += chunkTokens) {
      const to = Math.min(contexts.tokens, from + chunkTokens)
      const tokens = tokensFor(to - from)
      open.prefill({ tokens, start: from, blockTable: contexts.table(to, nth), sample: to === contexts.tokens })
    }
  }
}

function prefillGrid(contexts: Contexts, chunkTokens: number): GridPoint[] {
  const points: GridPoint[] = []
  for (const parts of [1, 3, 12]) {
    const chunk = Math.max(1, Math.floor(chunkTokens / parts))
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const start = Math.floor((contexts.tokens - chunk) * share)
      const load = { ...emptyLoad(), sampledRows: 1 }
      addChunk(load, start, start + chunk, undefined)
      const tokens = tokensFor(chunk)
      const blockTable = contexts.table(start + chunk, 0)
      points.push({ load, iterations: 9, run: (gpu) => gpu.prefill({ tokens, start, blockTable, sample: true }) })
    }
  }
  return points
}

function decodeGrid(contexts: Contexts): GridPoint[] {
  const points: GridPoint[] = []
  for (const batch of [1, 2, 3, 4]) {
    for (const share of [0.25, 0.5, 0.75, 1]) {
      const context = Math.floor(contexts.tokens * share)
      const load = { ...emptyLoad(), decodes: batch, decodeContextTokens: batch * context, sampledRows: batch }
      const tokens = tokensFor(batch)
      const positions = new Int32Array(batch).fill(context - 1)
      const blockTables = Array.from({ length: batch }, (_, nth) => contexts.table(context, nth % contexts.count))
      points.push({ load, iterations: 21, run: (gpu) => gpu.decode({ tokens, positions, blockTables }) })
    }
  }
  return points
}

function tokensFor(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => (i * 31) % 64)
}

/** Slots of the n-th context in a scattered order: in a pool in use, the blocks of a sequence are no neighbours. */
function tableFor(tokens: number, blockTokens: number, contextBlocks: number, nth: number): Int32Array {
  const blocks = Math.ceil(tokens / blockTokens)
  const stride = scatterStride(contextBlocks)
  return Int32Array.from({ length: blocks }, (_, i) => nth * contextBlocks + ((i * stride) % contextBlocks))
}

/** A step near 0.38 of the length that meets every slot once. */
function scatterStride(length: number): number {
  let stride = Math.max(1, Math.floor(length * 0.38))
  while (greatestCommonDivisor(stride, length) !== 1) stride++
  return stride
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
