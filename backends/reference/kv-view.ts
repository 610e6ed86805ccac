import type { GpuMemory } from '../../src/gpu/memory.ts'

/** Keys and values of one sequence in one layer, by absolute position. */
export interface SequenceKv {
  write(kvHead: number, position: number, key: Float32Array, value: Float32Array): void
  key(kvHead: number, position: number, dimension: number): number
  value(kvHead: number, position: number, dimension: number): number
}

/** The paged pool: a block is [layer][kv head][K as headDim × blockTokens | V as blockTokens × headDim]. */
export class KvView {
  readonly #gpu: GpuMemory
  readonly #floats: Float32Array

  constructor(gpu: GpuMemory) {
    this.#gpu = gpu
    this.#floats = new Float32Array(gpu.memory.buffer)
  }

  sequence(layer: number, blockTable: Int32Array): SequenceKv {
    const { layout } = this.#gpu
    const { blockTokens } = layout
    const { kvHeads, headDim } = layout.shape
    const floats = this.#floats
    const keyAt = (kvHead: number, position: number, dimension: number): number => {
      const block = (layout.pool + blockTable[Math.floor(position / blockTokens)]! * layout.blockBytes) / 4
      const inBlock = (layer * kvHeads + kvHead) * 2 * headDim * blockTokens
      return block + inBlock + dimension * blockTokens + (position % blockTokens)
    }
    const valueAt = (kvHead: number, position: number, dimension: number): number => {
      const offset = position % blockTokens
      return keyAt(kvHead, position, 0) - offset + headDim * blockTokens + offset * headDim + dimension
    }
    return {
      write(kvHead, position, key, value) {
        for (let dimension = 0; dimension < headDim; dimension++) {
          floats[keyAt(kvHead, position, dimension)] = key[dimension]!
          floats[valueAt(kvHead, position, dimension)] = value[dimension]!
        }
      },
      key: (kvHead, position, dimension) => floats[keyAt(kvHead, position, dimension)]!,
      value: (kvHead, position, dimension) => floats[valueAt(kvHead, position, dimension)]!,
    }
  }
}
