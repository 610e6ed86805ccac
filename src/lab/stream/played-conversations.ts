import { type Random, shuffled } from '../../random.ts'

/** A conversation of a closed loop: its requests by number, and when each comes, from its beginning. */
export interface PlayedConversation {
  readonly requests: readonly number[]
  readonly offsetsMs: readonly number[]
  /** Until the last answer. */
  readonly durationMs: number
  /** When it begins, where the trace says so. */
  readonly startMs: number | undefined
}

export interface Played {
  /** Numbers of the requests in the order in which they come. */
  readonly order: Int32Array
  /** By number of the request. */
  readonly arrivalMs: Float64Array
}

/**
 * Plays conversations on seats, one after the other on each: whichever seat is free first takes the next. With seats they are
 * dealt in a random order; without, one seat takes them in file order, and those that say when they begin begin then.
 */
export function playConversations(
  conversations: readonly PlayedConversation[],
  seats: number | undefined,
  random: Random,
): Played {
  const dealt = seats === undefined ? conversations : shuffled(conversations, random)
  const requests = conversations.reduce((sum, conversation) => sum + conversation.requests.length, 0)
  const arrivalMs = new Float64Array(requests)
  const freeMs = new Float64Array(Math.min(seats ?? 1, conversations.length))
  const order = new Int32Array(requests)
  let placed = 0
  for (const conversation of dealt) {
    const seat = freeMs.indexOf(freeMs.reduce((least, free) => Math.min(least, free)))
    const startMs = (seats === undefined ? conversation.startMs : undefined) ?? freeMs[seat]!
    conversation.requests.forEach((request, turn) => {
      arrivalMs[request] = startMs + conversation.offsetsMs[turn]!
      order[placed++] = request
    })
    freeMs[seat] = Math.max(freeMs[seat]!, startMs + conversation.durationMs)
  }
  // Requests at the same time keep the order of the deal.
  return { order: Int32Array.from([...order].sort((a, b) => arrivalMs[a]! - arrivalMs[b]!)), arrivalMs }
}

export interface TimedTurn {
  readonly thinkMs: number
  readonly offsetMs?: number | undefined
  readonly answerMs?: number | undefined
}

/**
 * When the turns of a conversation come: at the file's own times, where each has one, or else each `thinkMs` after the
 * answer before.
 */
export function offsetsOf(turns: readonly TimedTurn[]): { readonly offsetsMs: number[]; readonly durationMs: number } {
  const hasTimes = turns.every(({ offsetMs }) => offsetMs !== undefined)
  const offsetsMs: number[] = []
  let answeredMs = 0
  let durationMs = 0
  turns.forEach(({ thinkMs, offsetMs, answerMs = 0 }, turn) => {
    const at = hasTimes ? offsetMs! : turn === 0 ? 0 : answeredMs + thinkMs
    offsetsMs.push(at)
    answeredMs = at + answerMs
    durationMs = Math.max(durationMs, answeredMs)
  })
  return { offsetsMs, durationMs }
}
