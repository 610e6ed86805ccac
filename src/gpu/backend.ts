import type { GpuMemory } from './memory.ts'

/** A run of prompt positions of one sequence. Their KV is written, the logits of the last are sampled on request. */
export interface PrefillChunk {
  /** Token ids at positions `start`, `start + 1`, … */
  readonly tokens: Int32Array
  readonly start: number
  /** HBM slots of the sequence's blocks, position 0 first; covers `start + tokens.length` positions. */
  readonly blockTable: Int32Array
  /** Whether the logits of the chunk's last position are wanted (row 0 of {@link OpenGpu.logits}). */
  readonly sample: boolean
}

/** One position each of several sequences. Logits of sequence i are row i of {@link OpenGpu.logits}. */
export interface DecodeBatch {
  readonly tokens: Int32Array
  readonly positions: Int32Array
  readonly blockTables: readonly Int32Array[]
}

/** A GPU opened by one thread. The memory is the GPU: another thread may open it later and go on. */
export interface OpenGpu {
  prefill(chunk: PrefillChunk): void
  decode(batch: DecodeBatch): void
  /** Logits of a sampled row of the last call: [vocabulary] float32, a view that the next call overwrites. */
  logits(row: number): Float32Array
  /** Greedy choice of a sampled row of the last call; the lowest id wins a tie. */
  argmax(row: number): number
  /** 64-bit checksum of a block's KV as 16 hex digits. Every single-bit flip changes it. */
  checksum(slot: number): string
}

/** A way to compute a step. See conventions.md, plugin families. */
export interface BackendSpec {
  readonly name: string
  readonly summary: string
  readonly source: string
  /** Whether it computes real tensors; one that does not has no `open`. */
  readonly measures: boolean
  /** The number format that its bits belong to, e.g. `float32, simd, 64 keys a tile`. */
  variant(): string
  /** Opens a GPU's memory for this thread. Weights must have been written by `initialise` of weights.ts before. */
  open?(memory: GpuMemory): OpenGpu
}
