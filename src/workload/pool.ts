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
  const compiled = conversations.map((conversation) => compileConversation(conversation, blockTokens, shared))
  return { conversations: compiled, sharedBlocks: shared.size, blockTokens }
}

function compileConversation(
  conversation: Conversation,
  blockTokens: number,
  shared: Map<number, number>,
): CompiledConversation {
  const own = new Map<number, number>()
  const lastOf = new Map<string, { readonly blocks: Int32Array; readonly source: Turn; readonly scripted: number }>()
  let ownBlocks = 0
  const turns = conversation.turns.map((turn) => {
    const total = Math.ceil((turn.promptTokens + turn.outputTokens) / blockTokens)
    const scripted = Math.floor((turn.promptTokens + turn.keptOutputTokens) / blockTokens)
    const blocks = new Int32Array(total)
    // Hashes are chained, so what agrees with the agent's last request at one block agrees up to there.
    const last = lastOf.get(turn.agent)
    const same = last === undefined ? 0 : sameBlocks(turn, last.source, Math.min(scripted, last.scripted))
    if (last !== undefined) blocks.set(last.blocks.subarray(0, same))
    for (let i = same; i < total; i++) {
      if (i >= scripted) blocks[i] = ownBlocks++
      else if (i < turn.sharedBlocks) blocks[i] = ~numbered(shared, turn.blockHashes[i]!, shared.size)
      else {
        blocks[i] = numbered(own, turn.blockHashes[i]!, ownBlocks)
        if (blocks[i] === ownBlocks) ownBlocks++
      }
    }
    lastOf.set(turn.agent, { blocks, source: turn, scripted })
    const { promptTokens, outputTokens, thinkMs, agent } = turn
    return { blocks, promptTokens, outputTokens, thinkMs, agent, source: turn }
  })
  return { id: conversation.id, tenant: conversation.tenant, ownBlocks, turns }
}

function sameBlocks(turn: Turn, last: Turn, limit: number): number {
  let low = 0
  let high = turn.sharedBlocks === last.sharedBlocks ? limit : Math.min(limit, turn.sharedBlocks, last.sharedBlocks)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (turn.blockHashes[middle - 1] === last.blockHashes[middle - 1]) low = middle
    else high = middle - 1
  }
  return low
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
