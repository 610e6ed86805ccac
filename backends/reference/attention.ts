import { tileKeys } from '../../src/gpu/memory.ts'
import type { SequenceKv } from './kv-view.ts'
import { exp2, multiplyAdd, sumLanes } from './math.ts'

const f = Math.fround

/**
 * One query over the keys up to its own position: online softmax in tiles that start at multiples of 64. Milakov and
 * Gimelshein, "Online normalizer calculation for softmax", 2018. What the query must not see is skipped, not multiplied.
 */
export function attend(query: Float32Array, kv: SequenceKv, kvHead: number, position: number): Float32Array {
  const out = new Float32Array(query.length)
  const sums = new Float32Array(4)
  let maximum = f(-1e30)
  for (let tile = 0; tile <= position; tile += tileKeys) {
    const end = Math.min(tile + tileKeys, position + 1)
    const scores = new Float32Array(end - tile)
    for (let key = tile; key < end; key++)
      for (let d = 0; d < query.length; d++)
        scores[key - tile] = multiplyAdd(query[d]!, kv.key(kvHead, key, d), scores[key - tile]!)

    const before = maximum
    maximum = Math.max(maximum, ...scores)
    const decay = exp2(f(before - maximum))
    for (let lane = 0; lane < 4; lane++) sums[lane]! *= decay
    for (let d = 0; d < out.length; d++) out[d]! *= decay

    for (let key = tile; key < end; key++) {
      const weight = exp2(f(scores[key - tile]! - maximum))
      sums[key % 4]! += weight
      for (let d = 0; d < out.length; d++) out[d] = multiplyAdd(weight, kv.value(kvHead, key, d), out[d]!)
    }
  }
  const scale = f(1 / sumLanes(sums))
  return out.map((sum) => sum * scale)
}
