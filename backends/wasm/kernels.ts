import { readFileSync } from 'node:fs'
import { type GpuLayout, type GpuMemory, rowBlock } from '../../src/gpu/memory.ts'
import { kernelUrl } from '../../src/root.ts'

export type Variant = 'simd' | 'relaxed'

/** What kernels/model.ts exports. */
export interface Kernels {
  prefill(start: number, count: number, sample: number): void
  decode(firstRow: number, rows: number): void
  checksum(from: number, bytes: number): bigint
  peak(rounds: number): number
}

const modules = new Map<Variant, WebAssembly.Module>()

/** Kernels that work in this GPU's memory and nowhere else. The module is compiled once a thread. */
export function instantiate({ memory, layout }: GpuMemory, variant: Variant): Kernels {
  const instance = new WebAssembly.Instance(moduleOf(variant), { env: { memory }, layout: constants(layout) })
  return instance.exports as unknown as Kernels
}

function moduleOf(variant: Variant): WebAssembly.Module {
  const known = modules.get(variant)
  if (known) return known
  const module = new WebAssembly.Module(readFileSync(kernelUrl(`model.${variant}.wasm`)))
  modules.set(variant, module)
  return module
}

function constants(layout: GpuLayout): Record<string, number> {
  const { shape, layer, scratch } = layout
  const { maxContextTokens: _, ...sizes } = shape
  return {
    ...sizes,
    ...scratch,
    blockTokens: layout.blockTokens,
    maxBlocksPerSequence: layout.maxBlocksPerSequence,
    qkvColumns: layout.qkvColumns,
    rowBlock,
    queryScale: Math.LOG2E / Math.sqrt(shape.headDim),
    embedding: layout.embedding,
    layerWeights: layout.layers,
    layerStride: layer.stride,
    attentionNorm: layer.attentionNorm,
    qkvWeight: layer.qkv,
    outputWeight: layer.output,
    ffnNorm: layer.ffnNorm,
    gateUpWeight: layer.gateUp,
    downWeight: layer.down,
    finalNorm: layout.finalNorm,
    projection: layout.projection,
    ropeCos: layout.ropeCos,
    ropeSin: layout.ropeSin,
    pool: layout.pool,
    blockBytes: layout.blockBytes,
  }
}
