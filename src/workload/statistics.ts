import type { Conversation, TimedRequest } from './workload.ts'

/** What tells workloads and traces apart, each figure over all requests or all conversations. */
export interface WorkloadStatistics {
  readonly conversations: number
  readonly requests: number
  /** Hits of a memory that never loses a block ÷ prompt tokens, conversations one after the other. */
  readonly ceilingHitRate: number
  /** P10, P50, P90. */
  readonly promptTokens: readonly number[]
  readonly outputTokensP50: number
  readonly outputTokensMean: number
  /** Before all requests but the first of a conversation; undefined where there are no such. */
  readonly thinkSecondsP50: number | undefined
  /** P10, P50, P90. */
  readonly requestsPerConversation: readonly number[]
}

export function statisticsOf(conversations: readonly Conversation[], blockTokens: number): WorkloadStatistics {
  const turns = conversations.flatMap((conversation) => conversation.turns)
  const thinks = conversations.flatMap((conversation) => conversation.turns.slice(1).map((turn) => turn.thinkMs / 1000))
  const outputs = turns.map((turn) => turn.outputTokens)
  const prompts = turns.map((turn) => turn.promptTokens)
  const outer = [0.1, 0.5, 0.9]
  return {
    conversations: conversations.length,
    requests: turns.length,
    ceilingHitRate: ceilingHitRate(conversations, blockTokens),
    promptTokens: percentiles(prompts, outer),
    outputTokensP50: percentiles(outputs, [0.5])[0]!,
    outputTokensMean: outputs.reduce((a, b) => a + b, 0) / outputs.length,
    thinkSecondsP50: thinks.length === 0 ? undefined : percentiles(thinks, [0.5])[0],
    requestsPerConversation: percentiles(
      conversations.map((conversation) => conversation.turns.length),
      outer,
    ),
  }
}

/** A trace without sessions: every request is a conversation of its own. */
export function asConversations(requests: readonly TimedRequest[]): Conversation[] {
  return requests.map(({ id, blockHashes, promptTokens, outputTokens }) => {
    const turn = {
      blockHashes,
      sharedBlocks: 0,
      promptTokens,
      outputTokens,
      keptOutputTokens: 0,
      thinkMs: 0,
      agent: '',
    }
    return { id, tenant: '', turns: [turn] }
  })
}

/** Whole blocks of a contiguous prefix, at most prompt − 1 tokens: one token is always computed. */
function ceilingHitRate(conversations: readonly Conversation[], blockTokens: number): number {
  const known = new Set<number>()
  let hitBlocks = 0
  let promptTokens = 0
  for (const { turns } of conversations) {
    for (const turn of turns) {
      const limit = Math.floor((turn.promptTokens - 1) / blockTokens)
      const miss = turn.blockHashes.findIndex((hash, block) => block >= limit || !known.has(hash))
      const hits = miss === -1 ? limit : miss
      const whole = Math.floor((turn.promptTokens + turn.keptOutputTokens) / blockTokens)
      for (const hash of turn.blockHashes.subarray(hits, whole)) known.add(hash)
      hitBlocks += hits
      promptTokens += turn.promptTokens
    }
  }
  return (hitBlocks * blockTokens) / promptTokens
}

function percentiles(numbers: readonly number[], at: readonly number[]): number[] {
  const sorted = Float64Array.from(numbers).sort()
  return at.map((p) => sorted[Math.floor(p * sorted.length)]!)
}
