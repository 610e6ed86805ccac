import type { JsonRecord, RecordFormat } from './records/record-format.ts'

/** One request as a trace states it: lengths in its own tokens, ids in its own blocks. */
export interface SourceRequest {
  /** Prefix-chained; at least as many as there are full blocks in the prompt. */
  readonly blockIds: readonly number[]
  readonly promptTokens: number
  /** May be 0 where the trace says so. */
  readonly outputTokens: number
}

/** What a trace may say of a request besides. */
export interface RequestLabels {
  /** Conversation. */
  readonly session?: string | number | undefined
  /** In place of `session`: the request's own id, and that of the request that it follows. */
  readonly link?: { readonly id: string | number; readonly parent: string | number | undefined } | undefined
  readonly category?: string | undefined
  /** Who shares blocks: requests of two tenants share none. */
  readonly tenant?: string | undefined
}

export interface SourceTimedRequest extends SourceRequest, RequestLabels {
  readonly arrivalMs: number
}

/** A timed request without block ids. */
export type SourceLengths = Omit<SourceTimedRequest, 'blockIds'>

export interface SourceTurn extends SourceRequest {
  readonly thinkMs: number
  /** Id of the sub-agent, '' for the main agent. */
  readonly agent: string
  /** When it was sent, from the beginning of its conversation. */
  readonly offsetMs?: number | undefined
  /** How long the answer took. */
  readonly answerMs?: number | undefined
}

/** One turn of a closed loop: sent `thinkMs` after the answer to the one before in its session. */
export interface SourceSessionTurn extends SourceTurn {
  readonly session: string | number
  /** Arrival of the first turn of a session, where the trace says so. */
  readonly startMs: number | undefined
}

/** One conversation of a trace; its block ids mean nothing outside it. */
export interface SourceConversation {
  readonly id: string
  readonly blockTokens: number
  /** Tools and system prompt at the head of the first request, which other conversations may be declared to share. */
  readonly sharedTokens: number
  readonly turns: readonly SourceTurn[]
}

/** One reference to one block, with no prompt around it. */
export interface SourceReference {
  readonly id: number
  /** Undefined where the trace has no times. */
  readonly arrivalMs: number | undefined
}

interface ReaderBase {
  readonly name: string
  readonly summary: string
  readonly source: string
  /** How its records lie in the file. */
  readonly records: RecordFormat
  /** Whether a file whose first record is this one has this format. */
  detects(firstRecord: JsonRecord): boolean
}

/** Requests with arrival times, whose block ids hold for the whole file. `where` is FILE:LINE, for errors. */
export interface TimedReader extends ReaderBase {
  readonly kind: 'timed'
  readonly blockTokens: number
  request(record: JsonRecord, where: string): SourceTimedRequest
}

/** Requests with arrival times and lengths only: their prefixes have to be made up. */
export interface LengthsReader extends ReaderBase {
  readonly kind: 'lengths'
  request(record: JsonRecord, where: string): SourceLengths
}

/** Turns of conversations, one a record, whose block ids hold for the whole file. */
export interface TurnReader extends ReaderBase {
  readonly kind: 'turns'
  readonly blockTokens: number
  turn(record: JsonRecord, where: string): SourceSessionTurn
}

/** Whole conversations, one a record. */
export interface ConversationReader extends ReaderBase {
  readonly kind: 'conversations'
  conversation(record: JsonRecord, where: string): SourceConversation
}

/** References without prompts, one a record. */
export interface ReferenceReader extends ReaderBase {
  readonly kind: 'references'
  reference(record: JsonRecord, where: string): SourceReference
}

/** A format of traces. */
export type TraceReader = TimedReader | LengthsReader | TurnReader | ConversationReader | ReferenceReader
