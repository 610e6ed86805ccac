import type { BackendSpec, DecodeBatch, OpenGpu, PrefillChunk } from '../../src/gpu/backend.ts'
import { type GpuMemory, rowBlock, tileKeys } from '../../src/gpu/memory.ts'
import { argmaxOf, checksumText } from '../sampled.ts'
import { assertBatch, assertChunk, blocksFor } from '../step-input.ts'
import { instantiate, type Variant } from './kernels.ts'
import { enableRelaxedSimd } from './relaxed.ts'

/** SIMD kernels in the GPU's own memory, with relaxed SIMD where the engine has it. */
export const wasm: BackendSpec = {
  name: 'wasm',
  summary: 'SIMD kernels in the GPU’s own memory, fused multiply-add where the engine has it',
  source: 'backends/wasm/README.md',
  measures: true,
  variant: () => variantName(fastest()),
  open: (gpu) => openWasm(gpu, fastest()),
}

/** The same kernels without fused multiply-add: slower, and bit for bit equal to `reference` on every machine. */
export const wasmSimd: BackendSpec = {
  name: 'wasm-simd',
  summary: 'SIMD kernels in portable arithmetic, the bits of `reference`',
  source: 'backends/wasm/README.md',
  measures: true,
  variant: () => variantName('simd'),
  open: (gpu) => openWasm(gpu, 'simd'),
}

function variantName(variant: Variant): string {
  return `float32, ${variant === 'relaxed' ? 'relaxed simd (fma)' : 'simd'}, ${tileKeys} keys a tile`
}

let probed: Variant | undefined

function fastest(): Variant {
  probed ??= enableRelaxedSimd() ? 'relaxed' : 'simd'
  return probed
}

function openWasm(gpu: GpuMemory, variant: Variant): OpenGpu {
  const { memory, layout } = gpu
  const { maxBlocksPerSequence, scratch } = layout
  const { vocabulary } = layout.shape
  const kernels = instantiate(gpu, variant)
  const tokens = new Int32Array(memory.buffer, scratch.tokens)
  const positions = new Int32Array(memory.buffer, scratch.positions)
  const tables = new Int32Array(memory.buffer, scratch.blockTables, rowBlock * maxBlocksPerSequence)

  const logits = (row: number): Float32Array =>
    new Float32Array(memory.buffer, scratch.logits + row * vocabulary * 4, vocabulary)

  /** Only the blocks in use: a table may be longer than the context. */
  const putTable = (row: number, table: Int32Array, last: number): void => {
    tables.set(table.subarray(0, blocksFor(layout, last)), row * maxBlocksPerSequence)
  }

  return {
    prefill(chunk: PrefillChunk) {
      assertChunk(layout, chunk)
      tokens.set(chunk.tokens)
      putTable(0, chunk.blockTable, chunk.start + chunk.tokens.length - 1)
      kernels.prefill(chunk.start, chunk.tokens.length, chunk.sample ? 1 : 0)
    },
    decode(batch: DecodeBatch) {
      assertBatch(layout, batch)
      tokens.set(batch.tokens)
      positions.set(batch.positions)
      const rows = batch.tokens.length
      for (let first = 0; first < rows; first += rowBlock) {
        const count = Math.min(rowBlock, rows - first)
        for (let row = 0; row < count; row++)
          putTable(row, batch.blockTables[first + row]!, batch.positions[first + row]!)
        kernels.decode(first, count)
      }
    },
    logits,
    argmax: (row) => argmaxOf(logits(row)),
    checksum: (slot) => checksumText(kernels.checksum(layout.pool + slot * layout.blockBytes, layout.blockBytes)),
  }
}
