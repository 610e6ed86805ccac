import { assert } from '../src/errors.ts'
import type { DecodeBatch, PrefillChunk } from '../src/gpu/backend.ts'
import { type GpuLayout, maxSampledRows } from '../src/gpu/memory.ts'

/** Guards what a backend relies on: a wrong slot or position would read or write outside its place without a trap. */
export function assertChunk(layout: GpuLayout, chunk: PrefillChunk): void {
  const { tokens, start, blockTable } = chunk
  const count = tokens.length
  assert(count >= 1 && count <= layout.maxBatchedTokens, 'chunk size', { count, most: layout.maxBatchedTokens })
  assertTokens(layout, tokens)
  assertTable(layout, start, start + count - 1, blockTable)
}

export function assertBatch(layout: GpuLayout, batch: DecodeBatch): void {
  const { tokens, positions, blockTables } = batch
  const count = tokens.length
  assert(count >= 1 && count <= maxSampledRows, 'decode batch size', { count, most: maxSampledRows })
  assert(positions.length === count && blockTables.length === count, 'decode batch is ragged', { count })
  assertTokens(layout, tokens)
  blockTables.forEach((table, row) => {
    assertTable(layout, positions[row]!, positions[row]!, table)
  })
}

/** Blocks that positions up to `last` need. */
export function blocksFor(layout: GpuLayout, last: number): number {
  return Math.floor(last / layout.blockTokens) + 1
}

function assertTokens({ shape }: GpuLayout, tokens: Int32Array): void {
  for (const token of tokens) assert(token >= 0 && token < shape.vocabulary, 'token id', { token })
}

function assertTable(layout: GpuLayout, first: number, last: number, table: Int32Array): void {
  const limit = layout.shape.maxContextTokens
  assert(Number.isInteger(first) && first >= 0 && last < limit, 'position outside the context', { first, last, limit })
  const needed = blocksFor(layout, last)
  assert(table.length >= needed, 'block table too short', { blocks: table.length, needed })
  for (let index = 0; index < needed; index++)
    assert(table[index]! >= 0 && table[index]! < layout.poolBlocks, 'slot outside the pool', { slot: table[index] })
}
