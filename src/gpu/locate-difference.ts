import type { GpuLayout } from './memory.ts'

/** Where two copies of a block's KV first differ. */
export interface Difference {
  readonly layer: number
  readonly kvHead: number
  readonly part: 'K' | 'V'
  /** Position inside the block. */
  readonly offset: number
}

/** Compares two blocks word by word; undefined when they are equal. Layout of a block: memory.ts. */
export function locateDifference(layout: GpuLayout, expected: Uint8Array, found: Uint8Array): Difference | undefined {
  const { kvHeads, headDim } = layout.shape
  const { blockTokens } = layout
  const at = expected.findIndex((byte, i) => byte !== found[i])
  if (at < 0) return undefined
  const word = Math.floor(at / 4)
  const partWords = headDim * blockTokens
  const part = Math.floor(word / partWords)
  const inside = word % partWords
  // K lies transposed, [headDim][blockTokens]; V lies [blockTokens][headDim].
  const isKey = part % 2 === 0
  return {
    layer: Math.floor(part / (2 * kvHeads)),
    kvHead: Math.floor(part / 2) % kvHeads,
    part: isKey ? 'K' : 'V',
    offset: isKey ? inside % blockTokens : Math.floor(inside / headDim),
  }
}
