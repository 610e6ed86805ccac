import type { Conversation, TimedRequest, Turn } from './workload.ts'

/**
 * A request as the planner reads it. `blocks` covers ceil((prompt + output) ÷ block) blocks: an entry ≥ 0 is a block of
 * this conversation's own, counted from 0; an entry < 0 is ~index of a block that all conversations share.
 */
export interface CompiledTurn {
  readonly blocks: Int32Array
  readonly promptTokens: number
  readonly outputTokens: number
  readonly thinkMs: number
  readonly agent: string
  /** Where the hashes of `blocks` come from; the mock makes token ids of them. */
  readonly source: Turn
}

export interface CompiledConversation {
  readonly id: string
  readonly tenant: string
  /** How many blocks of its own it has, the unique ones of dropped output included. */
  readonly ownBlocks: number
  readonly turns: readonly CompiledTurn[]
}

export interface ConversationPool {
  readonly conversations: readonly CompiledConversation[]
  readonly sharedBlocks: number
  readonly blockTokens: number
}

/**
 * Gives every block hash of every conversation a small number, once, so that the planner never hashes.
 * Blocks wholly inside prompt + kept output have the workload's hash; what follows (a boundary block that dropped output
 * completes, and dropped output itself) is unique to the request.
 */
export function compilePool(conversations: readonly Conversation[], blockTokens: number): ConversationPool {
  const shared = new Map<number, number>()
  const compiled = conversations.map((conversation) => {
    const own = new Map<number, number>()
    let ownBlocks = 0
    const turns = conversation.turns.map((turn) => {
      const total = Math.ceil((turn.promptTokens + turn.outputTokens) / blockTokens)
      const scripted = Math.floor((turn.promptTokens + turn.keptOutputTokens) / blockTokens)
      const blocks = new Int32Array(total)
      for (let i = 0; i < total; i++) {
        if (i >= scripted) blocks[i] = ownBlocks++
        else if (i < turn.sharedBlocks) blocks[i] = ~numbered(shared, turn.blockHashes[i]!, shared.size)
        else {
          const known = own.get(turn.blockHashes[i]!)
          blocks[i] = known ?? ownBlocks
          if (known === undefined) own.set(turn.blockHashes[i]!, ownBlocks++)
        }
      }
      const { promptTokens, outputTokens, thinkMs, agent } = turn
      return { blocks, promptTokens, outputTokens, thinkMs, agent, source: turn }
    })
    return { id: conversation.id, tenant: conversation.tenant, ownBlocks, turns }
  })
  return { conversations: compiled, sharedBlocks: shared.size, blockTokens }
}

/** A trace without sessions: every request is a conversation of one turn whose full prompt blocks are shared with the whole trace. */
export function compileTimed(
  requests: readonly TimedRequest[],
  blockTokens: number,
): ConversationPool & { arrivalsMs: Float64Array } {
  const pool = compilePool(
    requests.map(({ id, blockHashes, promptTokens, outputTokens }) => ({
      id,
      tenant: '',
      turns: [
        {
          blockHashes,
          sharedBlocks: Math.floor(promptTokens / blockTokens),
          promptTokens,
          outputTokens,
          keptOutputTokens: 0,
          thinkMs: 0,
          agent: '',
        },
      ],
    })),
    blockTokens,
  )
  return { ...pool, arrivalsMs: Float64Array.from(requests, (request) => request.arrivalMs) }
}

function numbered(numbers: Map<number, number>, hash: number, next: number): number {
  const known = numbers.get(hash)
  if (known !== undefined) return known
  numbers.set(hash, next)
  return next
}
