import type { Sequence } from '../plan/engine/sequence.ts'
import { hash53 } from '../random.ts'

/**
 * Identity of a block's content, the same in every arm: equal keys mean equal tokens from position 0 on, and so equal KV.
 * Blocks of the scripted prompt follow the workload's hash, salted per conversation instance unless shared;
 * what a request generates beyond that belongs to it alone.
 */
export function contentKey(request: Sequence, blockIndex: number, blockTokens: number): number {
  const { source } = request.turn
  const scripted = Math.floor((source.promptTokens + source.keptOutputTokens) / blockTokens)
  if (blockIndex >= scripted) return hash53(ownKey(request), blockIndex)
  return scriptedKey(request, blockIndex)
}

/** Token ids of the prompt and of the scripted output, [prompt + output] in 0..vocabulary − 1. */
export function tokensOf(request: Sequence, blockTokens: number, vocabulary: number): Int32Array {
  const { source, promptTokens, outputTokens } = request.turn
  const scripted = source.promptTokens + source.keptOutputTokens
  const tokens = new Int32Array(promptTokens + outputTokens)
  let key = 0
  for (let position = 0; position < tokens.length; position++) {
    if (position >= scripted) key = ownKey(request)
    else if (position % blockTokens === 0) key = scriptedKey(request, position / blockTokens)
    tokens[position] = hash53(key, position) % vocabulary
  }
  return tokens
}

/** A request's name, the same in every arm: seat, conversation of the seat, turn. */
export function requestKey(request: Sequence): string {
  return `${request.session.seat}:${request.session.ordinal}:${request.turnIndex}`
}

function scriptedKey(request: Sequence, blockIndex: number): number {
  const { source } = request.turn
  const shared = blockIndex < source.sharedBlocks
  return hash53(source.blockHashes[blockIndex]!, shared ? 0 : request.session.salt)
}

function ownKey(request: Sequence): number {
  return hash53(hash53(request.session.seat + 1, request.session.ordinal + 1), request.turnIndex + 1)
}
