import { describe, expect, it } from 'vitest'
import { reference } from '../../backends/reference/index.ts'
import { wasm, wasmSimd } from '../../backends/wasm/index.ts'
import type { ModelShape } from '../../src/gpu/model-shape.ts'
import { forwardFloat64 } from './forward-float64.ts'
import { mockGpu, randomTokens, slotsInOrder } from './mock-gpu.ts'

const small = {
  layers: 2,
  dModel: 64,
  heads: 4,
  kvHeads: 2,
  headDim: 16,
  ffn: 96,
  vocabulary: 64,
  maxContextTokens: 96,
}
const shapes: ModelShape[] = [
  small,
  { ...small, layers: 1, heads: 3, kvHeads: 1, headDim: 32 },
  { ...small, dModel: 32, heads: 2, headDim: 64, vocabulary: 32 },
]

describe.each(shapes)('against float64, $heads heads of $headDim over $kvHeads', (shape) => {
  const blockTokens = 8
  const tokens = randomTokens(shape, 72)
  const blockTable = slotsInOrder(blockTokens, tokens.length)
  const truth = forwardFloat64(mockGpu(shape, blockTokens, blockTable.length), tokens)

  it.each([reference, wasm, wasmSimd])('$name: logits within 1e-4, by prefill and by decode', (backend) => {
    const opened = backend.open!(mockGpu(shape, blockTokens, blockTable.length))
    const errors: number[] = []
    let position = 0
    for (const size of [1, 39, 24, 5]) {
      opened.prefill({ tokens: tokens.subarray(position, position + size), start: position, blockTable, sample: true })
      position += size
      errors.push(relativeError(opened.logits(0), truth[position - 1]!))
    }
    for (; position < tokens.length; position++) {
      opened.decode({
        tokens: tokens.subarray(position, position + 1),
        positions: Int32Array.of(position),
        blockTables: [blockTable],
      })
      errors.push(relativeError(opened.logits(0), truth[position]!))
    }
    expect(Math.max(...errors)).toBeLessThan(1e-4)
    expect(Math.max(...errors)).toBeGreaterThan(0)
  })
})

/** Largest difference, over the largest logit. */
function relativeError(logits: Float32Array, truth: readonly number[]): number {
  const differences = truth.map((value, id) => Math.abs(logits[id]! - value))
  return Math.max(...differences) / Math.max(...truth.map(Math.abs))
}
