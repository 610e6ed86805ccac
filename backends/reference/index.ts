import { assert } from '../../src/errors.ts'
import type { BackendSpec, OpenGpu } from '../../src/gpu/backend.ts'
import { type GpuMemory, kvBlock, tileKeys } from '../../src/gpu/memory.ts'
import { argmaxOf, checksumText } from '../sampled.ts'
import { assertBatch, assertChunk } from '../step-input.ts'
import { checksum } from './checksum.ts'
import { Forward } from './forward.ts'

/** The model in plain TypeScript, one position at a time: slow, and the truth that the kernels must equal. */
export const reference: BackendSpec = {
  name: 'reference',
  summary: 'plain TypeScript, the readable truth',
  source: 'backends/reference/forward.ts',
  measures: true,
  variant: () => `float32, simd, ${tileKeys} keys a tile`,
  open: openReference,
}

function openReference(gpu: GpuMemory): OpenGpu {
  const forward = new Forward(gpu)
  let sampled: Float32Array[] = []
  const logits = (row: number): Float32Array => {
    const found = sampled[row]
    assert(found !== undefined, 'no such sampled row', { row, sampled: sampled.length })
    return found
  }
  return {
    prefill(chunk) {
      assertChunk(gpu.layout, chunk)
      sampled = []
      chunk.tokens.forEach((token, index) => {
        const residual = forward.run(token, chunk.start + index, chunk.blockTable)
        if (chunk.sample && index === chunk.tokens.length - 1) sampled.push(forward.project(residual))
      })
    },
    decode(batch) {
      assertBatch(gpu.layout, batch)
      sampled = batch.blockTables.map((table, row) =>
        forward.project(forward.run(batch.tokens[row]!, batch.positions[row]!, table)),
      )
    },
    logits,
    argmax: (row) => argmaxOf(logits(row)),
    checksum: (slot) => checksumText(checksum(kvBlock(gpu, slot))),
  }
}
