import { type GpuMemory, panelColumns } from '../../src/gpu/memory.ts'
import { attend } from './attention.ts'
import { KvView } from './kv-view.ts'
import { multiplyAdd, silu, sumLanes } from './math.ts'

const f = Math.fround

/** One position through the whole model, alone. Batch invariance makes this the truth for every batch. */
export class Forward {
  readonly #gpu: GpuMemory
  readonly #floats: Float32Array
  readonly #kv: KvView

  constructor(gpu: GpuMemory) {
    this.#gpu = gpu
    this.#floats = new Float32Array(gpu.memory.buffer)
    this.#kv = new KvView(gpu)
  }

  /** Writes the position's keys and values into its block; returns the residual stream behind the last layer. */
  run(token: number, position: number, blockTable: Int32Array): Float32Array {
    const { layout } = this.#gpu
    const { layers, dModel, ffn } = layout.shape
    const residual = this.#view(layout.embedding + token * dModel * 4, dModel).slice()
    for (let index = 0; index < layers; index++) {
      const layer = layout.layers + index * layout.layer.stride
      const normed = this.#normalise(residual, layer + layout.layer.attentionNorm)
      const qkv = this.#multiply(normed, layer + layout.layer.qkv, layout.qkvColumns)
      const attended = this.#attention(qkv, index, position, blockTable)
      add(residual, this.#multiply(attended, layer + layout.layer.output, dModel))

      const hidden = this.#multiply(
        this.#normalise(residual, layer + layout.layer.ffnNorm),
        layer + layout.layer.gateUp,
        2 * ffn,
      )
      const gated = hidden.subarray(0, ffn).map((gate, i) => f(silu(gate) * hidden[ffn + i]!))
      add(residual, this.#multiply(gated, layer + layout.layer.down, dModel))
    }
    return residual
  }

  /** Logits of a residual stream. */
  project(residual: Float32Array): Float32Array {
    const { layout } = this.#gpu
    return this.#multiply(this.#normalise(residual, layout.finalNorm), layout.projection, layout.shape.vocabulary)
  }

  #attention(qkv: Float32Array, layer: number, position: number, blockTable: Int32Array): Float32Array {
    const { heads, kvHeads, headDim } = this.#gpu.layout.shape
    const headOf = (index: number): Float32Array => qkv.subarray(index * headDim, (index + 1) * headDim)
    const sequence = this.#kv.sequence(layer, blockTable)
    for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
      const key = headOf(heads + kvHead)
      this.#rotate(key, position, 1)
      sequence.write(kvHead, position, key, headOf(heads + kvHeads + kvHead))
    }
    const attended = new Float32Array(heads * headDim)
    for (let head = 0; head < heads; head++) {
      // Both the softmax scale and the change to base 2 go into the query.
      this.#rotate(headOf(head), position, f(Math.LOG2E / Math.sqrt(headDim)))
      attended.set(attend(headOf(head), sequence, Math.floor((head * kvHeads) / heads), position), head * headDim)
    }
    return attended
  }

  #rotate(vector: Float32Array, position: number, scale: number): void {
    const { layout } = this.#gpu
    const half = vector.length / 2
    const cos = this.#view(layout.ropeCos + position * half * 4, half)
    const sin = this.#view(layout.ropeSin + position * half * 4, half)
    for (let i = 0; i < half; i++) {
      const x = vector[i]!
      const y = vector[half + i]!
      vector[i] = f(f(f(x * cos[i]!) - f(y * sin[i]!)) * scale)
      vector[half + i] = f(f(f(x * sin[i]!) + f(y * cos[i]!)) * scale)
    }
  }

  #normalise(row: Float32Array, weight: number): Float32Array {
    const weights = this.#view(weight, row.length)
    const squares = [0, 0, 0, 0]
    row.forEach((x, i) => {
      squares[i % 4] = multiplyAdd(x, x, squares[i % 4]!)
    })
    const scale = f(1 / f(Math.sqrt(f(f(sumLanes(squares) / row.length) + f(1e-5)))))
    return row.map((x, i) => f(f(x * scale) * weights[i]!))
  }

  /** Row times a matrix in packed panels of [row.length][32]: one sum per column, in order. */
  #multiply(row: Float32Array, panels: number, columns: number): Float32Array {
    const out = new Float32Array(columns)
    const weights = this.#view(panels, row.length * columns)
    for (let column = 0; column < columns; column++) {
      const inPanel = column % panelColumns
      let at = (column - inPanel) * row.length + inPanel
      let sum = 0
      for (let k = 0; k < row.length; k++, at += panelColumns) sum = f(sum + f(row[k]! * weights[at]!))
      out[column] = sum
    }
    return out
  }

  #view(offset: number, length: number): Float32Array {
    return this.#floats.subarray(offset / 4, offset / 4 + length)
  }
}

function add(row: Float32Array, delta: Float32Array): void {
  for (let i = 0; i < row.length; i++) row[i]! += delta[i]!
}
