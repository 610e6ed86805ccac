import { type ReferenceStream, requestCount } from './reference-stream.ts'
import { flopsBetween, type TokenCost } from './replay/facts.ts'
import type { RequestHits } from './replay/replay.ts'

/**
 * One replay counted in every way in use. Rates are fractions; each request is counted once, at its first admission.
 * What a trace without prompts does not have is null.
 */
export interface HitRates {
  readonly anyBlockHits: number
  readonly prefixHits: number
  /** Blocks that were there ÷ block references. */
  readonly anyBlockHitRate: number
  /** Blocks of a prefix without a gap ÷ block references. */
  readonly prefixHitRate: number
  /** The same two without partial blocks at the ends of prompts, in both counts. */
  readonly anyFullBlockHitRate: number | null
  readonly fullPrefixHitRate: number | null
  /** Prompt tokens in blocks that were there ÷ prompt tokens; a partial block counts its tokens. */
  readonly anyTokenHitRate: number | null
  /** Tokens of a prefix without a gap ÷ prompt tokens. */
  readonly prefixTokenHitRate: number | null
  /** The same as an engine counts: full blocks only, and the last token of a prompt is always computed. */
  readonly engineTokenHitRate: number | null
  /** Mean over conversations of each one's prefix hits ÷ its block references. */
  readonly perConversationHitRate: number | null
  /** FLOPs of the prefill of prompts that the engine's hits save ÷ FLOPs of all prompts: a late token costs more than an early one. */
  readonly flopsSavedShare: number | null
}

export function hitRates(stream: ReferenceStream, hits: RequestHits, cost: TokenCost): HitRates {
  const { starts, promptTokens, blockTokens, sessionsFrom, isChained } = stream
  const requests = requestCount(stream)
  const references = starts[requests]!
  const sum = { any: 0, prefix: 0, fullBlocks: 0, anyFull: 0, prefixFull: 0, tokens: 0 }
  const tokens = { any: 0, prefix: 0, engine: 0 }
  const flops = { all: 0, saved: 0 }
  const bySession = new Map<number, { references: number; hits: number }>()
  for (let request = 0; request < requests; request++) {
    const count = starts[request + 1]! - starts[request]!
    const prompt = promptTokens[request]!
    const any = hits.anyBlocks[request]!
    const prefix = hits.prefixBlocks[request]!
    // Blocks of a prompt that the trace gives no id stand for no reference.
    const covered = Math.min(prompt, count * blockTokens)
    const tail = count * blockTokens - covered
    const hasTail = tail > 0 ? 1 : 0
    const lastHit = hasTail * hits.lastBlocks[request]!
    const prefixHasTail = prefix === count ? hasTail : 0
    const engineBlocks = Math.min(prefix - prefixHasTail, Math.floor((prompt - 1) / blockTokens))
    sum.any += any
    sum.prefix += prefix
    sum.fullBlocks += count - hasTail
    sum.anyFull += any - lastHit
    sum.prefixFull += prefix - prefixHasTail
    sum.tokens += prompt
    tokens.any += any * blockTokens - lastHit * tail
    tokens.prefix += prefix * blockTokens - prefixHasTail * tail
    tokens.engine += Math.max(0, engineBlocks) * blockTokens
    flops.all += flopsBetween(cost, 0, prompt)
    flops.saved += flopsBetween(cost, 0, Math.max(0, engineBlocks) * blockTokens)
    if (sessionsFrom === 'none') continue
    const session = bySession.get(stream.sessions[request]!) ?? { references: 0, hits: 0 }
    bySession.set(stream.sessions[request]!, session)
    session.references += count
    session.hits += prefix
  }
  const own = [...bySession.values()].filter((session) => session.references > 0)
  const perConversation = own.reduce((total, session) => total + session.hits / session.references, 0) / own.length
  const ofPrompts = (part: number, whole: number): number | null => (isChained && whole > 0 ? part / whole : null)
  return {
    anyBlockHits: sum.any,
    prefixHits: sum.prefix,
    anyBlockHitRate: sum.any / references,
    prefixHitRate: sum.prefix / references,
    anyFullBlockHitRate: ofPrompts(sum.anyFull, sum.fullBlocks),
    fullPrefixHitRate: ofPrompts(sum.prefixFull, sum.fullBlocks),
    anyTokenHitRate: ofPrompts(tokens.any, sum.tokens),
    prefixTokenHitRate: ofPrompts(tokens.prefix, sum.tokens),
    engineTokenHitRate: ofPrompts(tokens.engine, sum.tokens),
    perConversationHitRate: own.length === 0 ? null : perConversation,
    flopsSavedShare: ofPrompts(flops.saved, flops.all),
  }
}
