import type { Turn } from '../../src/workload/workload.ts'

/** Where a request stands: which conversation of which seat, and which turn of it. */
export interface RequestPlace {
  readonly seat: number
  readonly ordinal: number
  readonly turnIndex: number
  readonly source: Turn
}

/**
 * What block i of a request contains, in words, from the workload's own hashes: a block wholly inside prompt and kept
 * output has its hash (inside its session, unless declared shared); every other is the request's own.
 */
export function blockKey({ seat, ordinal, turnIndex, source }: RequestPlace, i: number, blockTokens: number): string {
  const isScripted = (i + 1) * blockTokens <= source.promptTokens + source.keptOutputTokens
  if (!isScripted) return `session ${seat}.${ordinal} turn ${turnIndex} block ${i}`
  return i < source.sharedBlocks ? `${source.blockHashes[i]}` : `session ${seat}.${ordinal}: ${source.blockHashes[i]}`
}
