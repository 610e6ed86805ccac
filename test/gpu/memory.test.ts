import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemwallError } from '../../src/errors.ts'
import { capForPool, createGpuMemory, gpuLayout, kvBlock } from '../../src/gpu/memory.ts'
import { kvBytesPerToken } from '../../src/gpu/model-shape.ts'
import { smallShape } from './mock-gpu.ts'

const pageBytes = 65_536

describe('the cap', () => {
  it('cannot be passed: a page more is refused', () => {
    const { memory, layout } = createGpuMemory(gpuLayout(smallShape, 8, 320, 4_000_000))
    expect(memory.buffer.byteLength).toBe(layout.memoryBytes)
    expect(() => memory.grow(1)).toThrow(RangeError)
    expect(memory.buffer.byteLength).toBe(layout.memoryBytes)
  })

  it('is never exceeded by the memory, however odd it is', () => {
    expect(gpuLayout(smallShape, 8, 320, 4_000_001).memoryBytes).toBeLessThanOrEqual(4_000_001)
  })

  it('is refused where weights and scratch leave no block, with what they take and what to do', () => {
    const refused = (): unknown => gpuLayout(smallShape, 8, 320, 200_000)
    expect(refused).toThrow(MemwallError)
    expect(refused).toThrow(
      /^HBM cap: 0\.20 MB cannot hold the model: weights take [\d.]+ MB, scratch [\d.]+ MB, a KV block 0\.01 MB\. Give at least [\d.]+ MB, or a smaller model\.$/,
    )
    expect(() => gpuLayout(smallShape, 8, 320, Number.NaN)).toThrow(MemwallError)
  })

  it('is refused above what a wasm memory can be', () => {
    expect(() => gpuLayout(smallShape, 8, 320, 2 ** 33)).toThrow(/more than a mock GPU can have/)
  })
})

describe('the layout', () => {
  it('needs for a pool of N blocks a cap that has room for them, and no page more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 64 }), (blocks, blockTokens) => {
        const cap = capForPool(smallShape, blockTokens, 320, blocks)
        expect(gpuLayout(smallShape, blockTokens, 320, cap).poolBlocks).toBeGreaterThanOrEqual(blocks)
        const less = cap - pageBytes
        const fits = (): number => gpuLayout(smallShape, blockTokens, 320, less).poolBlocks
        if (blocks === 1) expect(fits).toThrow(MemwallError)
        else if (less >= capForPool(smallShape, blockTokens, 320, 1)) expect(fits()).toBeLessThan(blocks)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('gives a block the KV bytes of its tokens, and each its own', () => {
    const gpu = createGpuMemory(gpuLayout(smallShape, 8, 320, 4_000_000))
    const { blockBytes, poolBlocks, memoryBytes } = gpu.layout
    expect(blockBytes).toBe(8 * kvBytesPerToken(smallShape, 4))
    const last = kvBlock(gpu, poolBlocks - 1)
    expect(last.byteOffset + last.byteLength).toBeLessThanOrEqual(memoryBytes)
    expect(kvBlock(gpu, 1).byteOffset).toBe(kvBlock(gpu, 0).byteOffset + blockBytes)
    expect(kvBlock(gpu, 0).byteOffset).toBe(gpu.layout.weightBytes + gpu.layout.scratchBytes)
  })

  it('survives being sent to another thread', () => {
    const layout = gpuLayout(smallShape, 8, 320, 4_000_000)
    expect(structuredClone(layout)).toEqual(layout)
  })

  it.each([
    ['dModel', { dModel: 40 }],
    ['ffn', { ffn: 248 }],
    ['vocabulary', { vocabulary: 50 }],
    ['headDim', { headDim: 24 }],
    ['heads', { heads: 3 }],
    ['layers', { layers: 0 }],
  ])('refuses a %s that the kernels cannot do', (name, change) => {
    expect(() => gpuLayout({ ...smallShape, ...change }, 8, 320, 4_000_000)).toThrow(
      new RegExp(`^${name}: .* does not fit the kernels\\. Give a positive multiple of \\d+\\.$`),
    )
  })

  it.each([0, 65, 1.5])('refuses blocks of %d tokens', (blockTokens) => {
    expect(() => gpuLayout(smallShape, blockTokens, 320, 4_000_000)).toThrow(/^block tokens: .* Give 1 to 64\.$/)
  })
})
