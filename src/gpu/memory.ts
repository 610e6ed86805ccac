import { badInput } from '../errors.ts'
import type { ModelShape } from './model-shape.ts'

/** Keys of one attention tile. Tiles start at multiples of it in absolute position, so it is part of the number format. */
export const tileKeys = 64
/** Columns of a packed weight panel: a matrix of K × N lies as N ÷ 32 panels of [K][32]. */
export const panelColumns = 32
/** Rows that go through all layers together. Free of influence on the numbers; it bounds the scratch. */
export const rowBlock = 128
/** Sampled rows of one call, and so the largest decode batch. */
export const maxSampledRows = 256

const pageBytes = 65_536
const maxPages = 65_536
const alignBytes = 64

/** Byte offsets of one layer's weights from the layer's start. Norms are plain, matrices are packed panels. */
export interface LayerOffsets {
  readonly attentionNorm: number
  /** dModel × (heads + 2 kv heads) × head dim, padded to whole panels: queries, keys, values. */
  readonly qkv: number
  readonly output: number
  readonly ffnNorm: number
  /** dModel × 2 ffn: gate, then up. */
  readonly gateUp: number
  readonly down: number
  /** From one layer to the next. */
  readonly stride: number
}

/** Byte offsets of what a step needs besides weights and KV. Nothing in it outlives a call, the logits aside. */
export interface ScratchOffsets {
  /** Token ids of a call, int32. */
  readonly tokens: number
  /** Positions of a decode batch, int32. */
  readonly positions: number
  /** Block tables of a row block, `maxBlocksPerSequence` int32 a row. */
  readonly blockTables: number
  /** Residual stream, [rowBlock][dModel], like `normed` and `delta`. */
  readonly residual: number
  readonly normed: number
  readonly delta: number
  /** [rowBlock][qkvColumns]. */
  readonly qkv: number
  /** [rowBlock][heads × headDim]. */
  readonly attended: number
  /** [rowBlock][2 ffn]. */
  readonly hidden: number
  /** Keys of a tile, [headDim][tileKeys]. */
  readonly tileK: number
  /** Values of a tile, [tileKeys][headDim]. */
  readonly tileV: number
  /** Scores of a tile, [2 × rowBlock][tileKeys]. */
  readonly scores: number
  /** State of each row and head in attention, 64 bytes each: running maximum and sum, addresses of query and output. */
  readonly units: number
  /** [maxSampledRows][vocabulary]. */
  readonly logits: number
}

/** Where everything lies in a GPU's memory. Plain data: it may be sent to another thread. */
export interface GpuLayout {
  readonly shape: ModelShape
  readonly blockTokens: number
  readonly maxBatchedTokens: number
  /** The memory's size: the cap in whole pages. */
  readonly memoryBytes: number
  readonly maxBlocksPerSequence: number
  readonly qkvColumns: number
  /** [vocabulary][dModel], not packed. */
  readonly embedding: number
  readonly layers: number
  readonly layer: LayerOffsets
  readonly finalNorm: number
  /** Output projection, packed. */
  readonly projection: number
  /** [maxContextTokens][headDim ÷ 2], like `ropeSin`. */
  readonly ropeCos: number
  readonly ropeSin: number
  readonly scratch: ScratchOffsets
  /** Weights and tables. */
  readonly weightBytes: number
  readonly scratchBytes: number
  /** First byte of slot 0. A block is one run of bytes: [layer][kv head][K as headDim × blockTokens | V as blockTokens × headDim]. */
  readonly pool: number
  readonly blockBytes: number
  readonly poolBlocks: number
}

/** A mock GPU: a shared memory that cannot grow past its cap, and the plan of what lies where. */
export interface GpuMemory {
  readonly memory: WebAssembly.Memory
  readonly layout: GpuLayout
}

/** The layout of a GPU with `capBytes` of HBM. What weights and scratch leave becomes the KV pool. */
export function gpuLayout(
  shape: ModelShape,
  blockTokens: number,
  maxBatchedTokens: number,
  capBytes: number,
): GpuLayout {
  const fixed = fixedLayout(shape, blockTokens, maxBatchedTokens)
  const memoryBytes = Math.floor(capBytes / pageBytes) * pageBytes
  const poolBlocks = Math.floor((memoryBytes - fixed.pool) / fixed.blockBytes)
  if (memoryBytes > maxPages * pageBytes)
    throw badInput(
      'HBM cap',
      `${bytes(capBytes)} is more than a mock GPU can have`,
      `Give at most ${bytes(maxPages * pageBytes)}.`,
    )
  if (!(poolBlocks >= 1))
    throw badInput(
      'HBM cap',
      `${bytes(capBytes)} cannot hold the model: weights take ${bytes(fixed.weightBytes)}, scratch ${bytes(fixed.scratchBytes)}, a KV block ${bytes(fixed.blockBytes)}`,
      `Give at least ${bytes(capForPool(shape, blockTokens, maxBatchedTokens, 1))}, or a smaller model.`,
    )
  return { ...fixed, memoryBytes, poolBlocks }
}

/** The smallest cap, in whole pages, whose pool has `poolBlocks` blocks. */
export function capForPool(
  shape: ModelShape,
  blockTokens: number,
  maxBatchedTokens: number,
  poolBlocks: number,
): number {
  const fixed = fixedLayout(shape, blockTokens, maxBatchedTokens)
  return Math.ceil((fixed.pool + poolBlocks * fixed.blockBytes) / pageBytes) * pageBytes
}

/** Reserves the memory: all of it at once, and not a page more later. */
export function createGpuMemory(layout: GpuLayout): GpuMemory {
  const pages = layout.memoryBytes / pageBytes
  return { memory: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }), layout }
}

/** The bytes of a block's KV, for copies in and out. */
export function kvBlock({ memory, layout }: GpuMemory, slot: number): Uint8Array {
  return new Uint8Array(memory.buffer, layout.pool + slot * layout.blockBytes, layout.blockBytes)
}

function fixedLayout(
  shape: ModelShape,
  blockTokens: number,
  maxBatchedTokens: number,
): Omit<GpuLayout, 'memoryBytes' | 'poolBlocks'> {
  refuseOddShapes(shape, blockTokens, maxBatchedTokens)
  const { layers, dModel, heads, kvHeads, headDim, ffn, vocabulary, maxContextTokens } = shape
  const maxBlocksPerSequence = Math.ceil(maxContextTokens / blockTokens)
  const qkvColumns = Math.ceil(((heads + 2 * kvHeads) * headDim) / panelColumns) * panelColumns

  const inLayer = allocator(0)
  const layerOffsets = {
    attentionNorm: inLayer(dModel),
    qkv: inLayer(dModel * qkvColumns),
    output: inLayer(heads * headDim * dModel),
    ffnNorm: inLayer(dModel),
    gateUp: inLayer(dModel * 2 * ffn),
    down: inLayer(ffn * dModel),
  }
  const stride = inLayer(0)

  const take = allocator(0)
  const weights = {
    embedding: take(vocabulary * dModel),
    layers: take((layers * stride) / 4),
    finalNorm: take(dModel),
    projection: take(dModel * vocabulary),
    ropeCos: take((maxContextTokens * headDim) / 2),
    ropeSin: take((maxContextTokens * headDim) / 2),
  }
  const weightBytes = take(0)
  const scratch: ScratchOffsets = {
    tokens: take(Math.max(maxBatchedTokens, maxSampledRows)),
    positions: take(maxSampledRows),
    blockTables: take(rowBlock * maxBlocksPerSequence),
    residual: take(rowBlock * dModel),
    normed: take(rowBlock * dModel),
    delta: take(rowBlock * dModel),
    qkv: take(rowBlock * qkvColumns),
    attended: take(rowBlock * heads * headDim),
    hidden: take(rowBlock * 2 * ffn),
    tileK: take(headDim * tileKeys),
    tileV: take(tileKeys * headDim),
    scores: take(2 * rowBlock * tileKeys),
    units: take(rowBlock * heads * 16),
    logits: take(maxSampledRows * vocabulary),
  }
  const pool = take(0)
  return {
    shape,
    blockTokens,
    maxBatchedTokens,
    maxBlocksPerSequence,
    qkvColumns,
    ...weights,
    layer: { ...layerOffsets, stride },
    scratch,
    weightBytes,
    scratchBytes: pool - weightBytes,
    pool,
    blockBytes: layers * kvHeads * 2 * headDim * blockTokens * 4,
  }
}

/** Hands out byte offsets of runs of 4-byte numbers, each on a cache line of its own. */
function allocator(start: number): (numbers: number) => number {
  let next = start
  return (numbers) => {
    const offset = next
    next = Math.ceil((next + numbers * 4) / alignBytes) * alignBytes
    return offset
  }
}

function refuseOddShapes(shape: ModelShape, blockTokens: number, maxBatchedTokens: number): void {
  const whole = (where: string, value: number, factor: number): void => {
    if (!Number.isInteger(value) || value < factor || value % factor !== 0)
      throw badInput(where, `${value} does not fit the kernels`, `Give a positive multiple of ${factor}.`)
  }
  whole('layers', shape.layers, 1)
  whole('dModel', shape.dModel, panelColumns)
  whole('ffn', shape.ffn, panelColumns)
  whole('vocabulary', shape.vocabulary, panelColumns)
  whole('headDim', shape.headDim, 16)
  whole('kvHeads', shape.kvHeads, 1)
  whole('heads', shape.heads, shape.kvHeads)
  whole('maxContextTokens', shape.maxContextTokens, 1)
  whole('max batched tokens', maxBatchedTokens, 1)
  if (!Number.isInteger(blockTokens) || blockTokens < 1 || blockTokens > tileKeys)
    throw badInput('block tokens', `${blockTokens} does not fit the kernels`, `Give 1 to ${tileKeys}.`)
}

function bytes(count: number): string {
  return `${(count / 1_000_000).toFixed(2)} MB`
}
