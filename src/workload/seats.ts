import { hash53, type Random } from '../random.ts'
import type { CompiledConversation, ConversationPool } from './pool.ts'

/** Where a seat stands: a conversation drawn for it, at the turn it plays next. */
export interface SeatDraw {
  readonly conversation: CompiledConversation
  /** The turn to play first, counted from 0. */
  readonly firstTurn: number
  /** Share of the first turn's think time that is left at the start, 0..1. */
  readonly thinkLeft: number
  /** Salt of this instance's own block hashes: two seats that draw the same conversation share nothing. */
  readonly salt: number
}

/** The conversations of one seat in order. They depend on the seed and the seat alone, never on timing, so all arms see the same. */
export interface Seat {
  next(): SeatDraw
}

/**
 * @param start `warm`: the first conversation is drawn with a probability proportional to its number of turns and met at
 * a uniformly drawn turn; `cold`: uniform, from turn 0. Later ones are uniform, from turn 0.
 */
export function drawSeat(pool: ConversationPool, seatIndex: number, start: 'warm' | 'cold', random: Random): Seat {
  const draws = random.fork('seat', seatIndex)
  const totalTurns = pool.conversations.reduce((sum, conversation) => sum + conversation.turns.length, 0)
  let drawn = 0
  return {
    next() {
      const first = drawn++ === 0
      const weighted = first && start === 'warm'
      const conversation = weighted
        ? byTurns(pool, draws.integer(totalTurns))
        : pool.conversations[draws.integer(pool.conversations.length)]!
      return {
        conversation,
        firstTurn: weighted ? draws.integer(conversation.turns.length) : 0,
        thinkLeft: first ? draws.next() : 1,
        salt: hash53(seatIndex + 1, drawn),
      }
    },
  }
}

function byTurns(pool: ConversationPool, turn: number): CompiledConversation {
  let left = turn
  for (const conversation of pool.conversations) {
    if (left < conversation.turns.length) return conversation
    left -= conversation.turns.length
  }
  throw new Error('a turn beyond the pool')
}
