import { describe, expect, it } from 'vitest'
import { reference } from '../../backends/reference/index.ts'
import { copyWeights } from '../../src/gpu/weights.ts'
import { mockGpu, prefillAtOnce, randomTokens, slotsInOrder, smallShape } from './mock-gpu.ts'

const weightsOf = (seed: number): Buffer => {
  const { memory, layout } = mockGpu(smallShape, 8, 2, 0, seed)
  return Buffer.from(memory.buffer, 0, layout.weightBytes)
}

describe('weights', () => {
  it('follow from the seed', () => {
    expect(weightsOf(3).equals(weightsOf(3))).toBe(true)
    expect(weightsOf(3).equals(weightsOf(4))).toBe(false)
  })

  it('are copied whole: the copy answers with the same bits', () => {
    const [first, second] = [mockGpu(smallShape, 8, 2, 0, 3), mockGpu(smallShape, 8, 2, 0, 4)]
    copyWeights(first, second)
    const bits = [first, second].map((gpu) =>
      prefillAtOnce(reference.open!(gpu), randomTokens(smallShape, 16), slotsInOrder(8, 16)),
    )
    expect(bits[1]).toBe(bits[0])
  })

  it('keep logits of order one through many layers, and different between tokens', () => {
    const shape = { ...smallShape, layers: 8 }
    const opened = reference.open!(mockGpu(shape, 8, 4))
    const tokens = randomTokens(shape, 32)
    const choices = new Set<number>()
    for (let start = 0; start < 32; start++) {
      opened.prefill({
        tokens: tokens.subarray(start, start + 1),
        start,
        blockTable: slotsInOrder(8, 32),
        sample: true,
      })
      const logits = [...opened.logits(0)]
      const rms = Math.hypot(...logits) / Math.sqrt(logits.length)
      expect(rms).toBeGreaterThan(0.5)
      expect(rms).toBeLessThan(2)
      choices.add(opened.argmax(0))
    }
    expect(choices.size).toBeGreaterThan(8)
  })
})
