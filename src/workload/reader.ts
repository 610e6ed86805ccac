/** One request as a trace states it: lengths in its own tokens, ids in its own blocks. */
export interface SourceRequest {
  /** Prefix-chained; at least as many as there are full blocks in the prompt. */
  readonly blockIds: readonly number[]
  readonly promptTokens: number
  /** May be 0 where the trace says so. */
  readonly outputTokens: number
}

export interface SourceTimedRequest extends SourceRequest {
  readonly arrivalMs: number
}

export interface SourceTurn extends SourceRequest {
  readonly thinkMs: number
  /** Id of the sub-agent, '' for the main agent. */
  readonly agent: string
}

/** One conversation of a trace; its block ids mean nothing outside it. */
export interface SourceConversation {
  readonly id: string
  readonly blockTokens: number
  /** Tools and system prompt at the head of the first request, which other conversations may be declared to share. */
  readonly sharedTokens: number
  readonly turns: readonly SourceTurn[]
}

interface ReaderBase {
  readonly name: string
  readonly summary: string
  readonly source: string
  /** Whether a file that begins with this record has this format. */
  detects(firstRecord: JsonRecord): boolean
}

/** Reads a trace of requests with arrival times, whose block ids hold for the whole file. */
export interface TimedReader extends ReaderBase {
  readonly kind: 'timed'
  readonly blockTokens: number
  /** `where` is FILE:LINE, for errors. */
  request(record: JsonRecord, where: string): SourceTimedRequest
}

/** Reads a trace of whole conversations, one a record. */
export interface ConversationReader extends ReaderBase {
  readonly kind: 'conversations'
  conversation(record: JsonRecord, where: string): SourceConversation
}

/** A format of traces: JSON records, one a line. */
export type TraceReader = TimedReader | ConversationReader

export type JsonRecord = Readonly<Record<string, unknown>>
