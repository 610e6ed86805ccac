import { type Random, seededRandom } from '../random.ts'
import { type GpuMemory, panelColumns } from './memory.ts'

const ropeBase = 10_000
/** Queries and keys are drawn wider, so that attention prefers some keys and a changed key shows in the logits. */
const attentionGain = 1.5

/**
 * Writes weights from a seed, and the RoPE tables, into a GPU's memory. Every matrix is uniform with variance 1 ÷ inputs,
 * so that activations keep their scale from layer to layer; norms lie around 1.
 */
export function initialise(gpu: GpuMemory, seed: number): void {
  const { layout, memory } = gpu
  const { layers, dModel, heads, kvHeads, headDim, ffn, vocabulary } = layout.shape
  const random = seededRandom(seed).fork('weights')
  const floats = (offset: number, length: number): Float32Array => new Float32Array(memory.buffer, offset, length)
  const norm = (offset: number): void => fill(floats(offset, dModel), random, 0.2, 1)
  const matrix = (offset: number, rows: number, columns: number, gain = 1): void =>
    fill(floats(offset, rows * columns), random, gain * Math.sqrt(3 / rows), 0)

  fill(floats(layout.embedding, vocabulary * dModel), random, Math.sqrt(3), 0)
  for (let index = 0; index < layers; index++) {
    const layer = layout.layers + index * layout.layer.stride
    norm(layer + layout.layer.attentionNorm)
    matrix(layer + layout.layer.qkv, dModel, layout.qkvColumns)
    scaleColumns(floats(layer + layout.layer.qkv, dModel * layout.qkvColumns), dModel, (heads + kvHeads) * headDim)
    matrix(layer + layout.layer.output, heads * headDim, dModel)
    norm(layer + layout.layer.ffnNorm)
    matrix(layer + layout.layer.gateUp, dModel, 2 * ffn)
    matrix(layer + layout.layer.down, ffn, dModel)
  }
  norm(layout.finalNorm)
  matrix(layout.projection, dModel, vocabulary)
  writeRope(gpu)
}

/** Makes a second GPU of the same layout equal to the first: copies weights and tables. */
export function copyWeights(from: GpuMemory, to: GpuMemory): void {
  const { weightBytes } = from.layout
  new Uint8Array(to.memory.buffer, 0, weightBytes).set(new Uint8Array(from.memory.buffer, 0, weightBytes))
}

function fill(target: Float32Array, random: Random, halfWidth: number, middle: number): void {
  for (let i = 0; i < target.length; i++) target[i] = middle + halfWidth * (2 * random.next() - 1)
}

/** Widens the first `columns` columns of a packed matrix, those of queries and keys. */
function scaleColumns(packed: Float32Array, rows: number, columns: number): void {
  for (let i = 0; i < packed.length; i++) {
    const column = Math.floor(i / (rows * panelColumns)) * panelColumns + (i % panelColumns)
    if (column < columns) packed[i]! *= attentionGain
  }
}

function writeRope({ layout, memory }: GpuMemory): void {
  const { headDim, maxContextTokens } = layout.shape
  const half = headDim / 2
  const cos = new Float32Array(memory.buffer, layout.ropeCos, maxContextTokens * half)
  const sin = new Float32Array(memory.buffer, layout.ropeSin, maxContextTokens * half)
  for (let pair = 0; pair < half; pair++) {
    const frequency = ropeBase ** ((-2 * pair) / headDim)
    for (let position = 0; position < maxContextTokens; position++) {
      cos[position * half + pair] = Math.cos(position * frequency)
      sin[position * half + pair] = Math.sin(position * frequency)
    }
  }
}
