import {
  add,
  concat,
  cos,
  dotDivide,
  dotMultiply,
  exp,
  index,
  type Matrix,
  map,
  matrix,
  multiply,
  range,
  sin,
  subset,
  subtract,
  transpose,
  unaryMinus,
} from 'mathjs'
import type { GpuMemory } from '../../src/gpu/memory.ts'

/** Logits of every position in float64, with whole matrices: no tiles, no cache, no tables. Reads only the weights. */
export function forwardFloat64(gpu: GpuMemory, tokens: Int32Array): number[][] {
  const { layout, memory } = gpu
  const { layers, dModel, heads, kvHeads, headDim, ffn, vocabulary } = layout.shape
  const vector = (offset: number, length: number): number[] => [...new Float32Array(memory.buffer, offset, length)]
  const packed = (offset: number, rows: number, columns: number): Matrix => {
    const numbers = vector(offset, rows * columns)
    return matrix(
      Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => {
          const panel = Math.floor(column / 32)
          return numbers[panel * rows * 32 + row * 32 + (column % 32)]!
        }),
      ),
    )
  }

  let x = matrix(Array.from(tokens, (token) => vector(layout.embedding + token * dModel * 4, dModel)))
  for (let layer = 0; layer < layers; layer++) {
    const at = (offset: number): number => layout.layers + layer * layout.layer.stride + offset
    const normed = rmsNorm(x, vector(at(layout.layer.attentionNorm), dModel))
    const qkv = multiply(normed, packed(at(layout.layer.qkv), dModel, layout.qkvColumns)) as Matrix
    const head = (number: number): Matrix => columnsOf(qkv, number * headDim, (number + 1) * headDim)
    const attended = Array.from({ length: heads }, (_, query) => {
      const kv = Math.floor(query / (heads / kvHeads))
      return attention(rope(head(query)), rope(head(heads + kv)), head(heads + kvHeads + kv))
    }).reduce((left, right) => concat(left, right, 1) as Matrix)
    x = add(x, multiply(attended, packed(at(layout.layer.output), heads * headDim, dModel))) as Matrix

    const gateUp = multiply(
      rmsNorm(x, vector(at(layout.layer.ffnNorm), dModel)),
      packed(at(layout.layer.gateUp), dModel, 2 * ffn),
    ) as Matrix
    const gate = columnsOf(gateUp, 0, ffn)
    const silu = dotDivide(gate, add(1, map(unaryMinus(gate), exp as (value: number) => number))) as Matrix
    const hidden = dotMultiply(silu, columnsOf(gateUp, ffn, 2 * ffn)) as Matrix
    x = add(x, multiply(hidden, packed(at(layout.layer.down), ffn, dModel))) as Matrix
  }
  const normed = rmsNorm(x, vector(layout.finalNorm, dModel))
  return multiply(normed, packed(layout.projection, dModel, vocabulary)).toArray() as number[][]
}

function rmsNorm(x: Matrix, weight: number[]): Matrix {
  const rows = (x.toArray() as number[][]).map((row) => {
    const meanSquare = row.reduce((sum, value) => sum + value * value, 0) / row.length
    return row.map((value, i) => (value / Math.sqrt(meanSquare + 1e-5)) * weight[i]!)
  })
  return matrix(rows)
}

/** Rotates pairs (i, i + half) of each row by row × 10000^(-2i ÷ width). */
function rope(x: Matrix): Matrix {
  const [rows, width] = x.size() as [number, number]
  const half = width / 2
  const angles = matrix(
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: half }, (_, i) => row * 10_000 ** ((-2 * i) / width)),
    ),
  )
  const [c, s] = [map(angles, cos as (value: number) => number), map(angles, sin as (value: number) => number)]
  const [low, high] = [columnsOf(x, 0, half), columnsOf(x, half, width)]
  return concat(
    subtract(dotMultiply(low, c), dotMultiply(high, s)) as Matrix,
    add(dotMultiply(low, s), dotMultiply(high, c)) as Matrix,
    1,
  ) as Matrix
}

function attention(q: Matrix, k: Matrix, v: Matrix): Matrix {
  const [, width] = q.size() as [number, number]
  const scores = multiply(q, transpose(k)).toArray() as number[][]
  const weights = scores.map((row, position) => {
    const visible = row.slice(0, position + 1).map((score) => Math.exp(score / Math.sqrt(width)))
    const sum = visible.reduce((total, weight) => total + weight, 0)
    return row.map((_, key) => (visible[key] ?? 0) / sum)
  })
  return multiply(matrix(weights), v) as Matrix
}

function columnsOf(x: Matrix, from: number, to: number): Matrix {
  const [rows] = x.size() as [number, number]
  return subset(x, index(range(0, rows), range(from, to))) as Matrix
}
