import type { Conversation, TimedRequest } from './workload.ts'

/** What was left out because it fits no GPU. */
export interface RequestsCut {
  readonly requests: number
  readonly promptTokens: number
}

export interface ConversationsCut extends RequestsCut {
  /** Conversations that end early. */
  readonly conversationsCut: number
  /** Conversations of which nothing is left; not among `conversationsCut`. */
  readonly conversationsDropped: number
}

/**
 * Ends each conversation before its first request whose prompt plus output exceeds `maxTokens`: what comes later
 * builds on that request. A conversation of which nothing is left is dropped.
 * @param outputWeight what an output token counts; below 1 where outputs are stretched beyond the scale of prompts
 */
export function cutConversations(
  conversations: readonly Conversation[],
  maxTokens: number,
  outputWeight = 1,
): { readonly conversations: readonly Conversation[]; readonly cut: ConversationsCut } {
  const cut = { conversationsCut: 0, conversationsDropped: 0, requests: 0, promptTokens: 0 }
  const kept: Conversation[] = []
  for (const conversation of conversations) {
    const { turns } = conversation
    const end = turns.findIndex((turn) => turn.promptTokens + turn.outputTokens * outputWeight > maxTokens)
    if (end === -1) {
      kept.push(conversation)
      continue
    }
    cut.requests += turns.length - end
    for (const turn of turns.slice(end)) cut.promptTokens += turn.promptTokens
    if (end === 0) {
      cut.conversationsDropped++
      continue
    }
    cut.conversationsCut++
    kept.push({ ...conversation, turns: turns.slice(0, end) })
  }
  return { conversations: kept, cut }
}

/** Leaves out the requests whose prompt plus output exceeds `maxTokens`; the others do not depend on them. */
export function cutTimed(
  requests: readonly TimedRequest[],
  maxTokens: number,
  outputWeight = 1,
): { readonly requests: readonly TimedRequest[]; readonly cut: RequestsCut } {
  const cut = { requests: 0, promptTokens: 0 }
  const kept = requests.filter((request) => {
    if (request.promptTokens + request.outputTokens * outputWeight <= maxTokens) return true
    cut.requests++
    cut.promptTokens += request.promptTokens
    return false
  })
  return { requests: kept, cut }
}
