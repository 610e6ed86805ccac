import type { Conversation } from '../../src/workload/workload.ts'

export interface Ceiling {
  readonly hitBlocks: number
  readonly hitTokens: number
  readonly blocks: number
  readonly promptTokens: number
  /** Token-weighted. */
  readonly hitRatio: number
}

/**
 * The hits of a cache that never loses a block, written as plainly as possible: whole blocks of a contiguous prefix
 * that were computed before, at most prompt − 1 tokens. Conversations run one after the other.
 */
export function ceilingOf(conversations: readonly Conversation[], blockTokens: number): Ceiling {
  const computed = new Set<number>()
  let hitBlocks = 0
  let blocks = 0
  let promptTokens = 0
  for (const turn of conversations.flatMap((conversation) => conversation.turns)) {
    const most = Math.floor((turn.promptTokens - 1) / blockTokens)
    let hits = 0
    while (hits < most && computed.has(turn.blockHashes[hits]!)) hits++
    hitBlocks += hits
    blocks += Math.floor(turn.promptTokens / blockTokens)
    promptTokens += turn.promptTokens
    const full = Math.floor((turn.promptTokens + turn.keptOutputTokens) / blockTokens)
    for (let i = hits; i < full; i++) computed.add(turn.blockHashes[i]!)
  }
  const hitTokens = hitBlocks * blockTokens
  return { hitBlocks, hitTokens, blocks, promptTokens, hitRatio: hitTokens / promptTokens }
}
