import type { OpenGpu } from '../../src/gpu/backend.ts'
import { capForPool, createGpuMemory, type GpuMemory, gpuLayout, kvBlock } from '../../src/gpu/memory.ts'
import type { ModelShape } from '../../src/gpu/model-shape.ts'
import { initialise } from '../../src/gpu/weights.ts'
import { seededRandom } from '../../src/random.ts'

export const smallShape: ModelShape = {
  layers: 2,
  dModel: 64,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  ffn: 96,
  vocabulary: 64,
  maxContextTokens: 320,
}

/** All ones: NaN as float32, in every number of the pool. */
export const nan = 0xff

/** A GPU with weights from `seed` and a pool in which every byte is `fill`. */
export function mockGpu(shape: ModelShape, blockTokens: number, poolBlocks: number, fill = nan, seed = 7): GpuMemory {
  const batched = shape.maxContextTokens
  const gpu = createGpuMemory(
    gpuLayout(shape, blockTokens, batched, capForPool(shape, blockTokens, batched, poolBlocks)),
  )
  initialise(gpu, seed)
  new Uint8Array(gpu.memory.buffer, gpu.layout.pool).fill(fill)
  return gpu
}

export function randomTokens(shape: ModelShape, count: number, seed = 1): Int32Array {
  const random = seededRandom(seed)
  return Int32Array.from({ length: count }, () => random.integer(shape.vocabulary))
}

/** Slots `first`, `first + 1`, … for a context of `tokens`. */
export function slotsInOrder(blockTokens: number, tokens: number, first = 0): Int32Array {
  return Int32Array.from({ length: Math.ceil(tokens / blockTokens) }, (_, index) => first + index)
}

/** The slots of 0 to `count` in an order that follows from the seed. */
export function shuffledSlots(count: number, seed: number): Int32Array {
  const random = seededRandom(seed)
  const slots = Int32Array.from({ length: count }, (_, slot) => slot)
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1)
    const slot = slots[last]!
    slots[last] = slots[other]!
    slots[other] = slot
  }
  return slots
}

/** Prefills tokens in chunks of the given sizes (the rest in one), each sampled. Returns the bits of all logits. */
export function prefillInChunks(
  open: OpenGpu,
  tokens: Int32Array,
  blockTable: Int32Array,
  sizes: readonly number[] = [],
): string[] {
  const logits: string[] = []
  let start = 0
  for (const size of [...sizes, tokens.length]) {
    const chunk = tokens.subarray(start, start + size)
    if (chunk.length === 0) break
    open.prefill({ tokens: chunk, start, blockTable, sample: true })
    logits.push(bitsOf(open.logits(0)))
    start += chunk.length
  }
  return logits
}

/** Prefill of one chunk; the bits of its last logits. */
export function prefillAtOnce(open: OpenGpu, tokens: Int32Array, blockTable: Int32Array): string {
  return prefillInChunks(open, tokens, blockTable)[0]!
}

/** The numbers' bytes as hex: equal when every bit is. */
export function bitsOf(numbers: Float32Array): string {
  return Buffer.from(numbers.slice().buffer).toString('hex')
}

/** The bytes of a sequence's blocks in the sequence's order. */
export function kvBits(gpu: GpuMemory, blockTable: Int32Array): string[] {
  return Array.from(blockTable, (slot) => Buffer.from(kvBlock(gpu, slot)).toString('hex'))
}
