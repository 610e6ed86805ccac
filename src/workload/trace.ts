import { assert, badInput } from '../errors.ts'
import { hash53, hashText } from '../random.ts'
import { eachRecord, lacking, type SkippedRows } from './open-trace.ts'
import type {
  ConversationReader,
  SourceConversation,
  SourceSessionTurn,
  SourceTurn,
  TimedReader,
  TraceReader,
  TurnReader,
} from './reader.ts'
import type { JsonRecord } from './records/record-format.ts'
import { requestWriter, type TraceScale } from './rewrite.ts'
import type { Conversation, TimedRequest, Turn } from './workload.ts'

export interface TraceOptions {
  readonly scale: TraceScale
  /** The first so many records: requests of a timed trace, conversations of the other kind. */
  readonly limit?: number | undefined
  readonly skipBadRows?: boolean
  /** Declares the tools and system prompt at the head of every conversation to be the same in all of them. */
  readonly sharePrefix?: boolean
  /**
   * `own` (default): the partial block at the end of a prompt belongs to its request alone, as in an engine, which
   * shares full blocks only. `trace`: it keeps the id that the trace gives it, as studies of block references count it.
   */
  readonly partialTails?: 'own' | 'trace'
}

interface TraceBase {
  readonly format: string
  /** Tokens of a block as the trace is written here, and in the file. */
  readonly blockTokens: number
  readonly sourceBlockTokens: number
  /** Requests that the file says had no output; they are given one token, since an engine always samples one. */
  readonly outputsRaised: number
  readonly skipped: SkippedRows
}

export interface ConversationTrace extends TraceBase {
  readonly kind: 'conversations'
  readonly conversations: readonly Conversation[]
}

export interface TimedTrace extends TraceBase {
  readonly kind: 'timed'
  readonly requests: readonly TimedRequest[]
}

export type Trace = ConversationTrace | TimedTrace

/**
 * Reads a trace for the engine, in any of the registered formats that have prompts with block ids; the file is streamed, the
 * result is held.
 */
export async function readTrace(path: string, options: TraceOptions): Promise<Trace> {
  const { limit, skipBadRows } = options
  assert(limit === undefined || (Number.isSafeInteger(limit) && limit > 0), 'limit is a positive whole number', {
    limit,
  })
  let collector: Collector | undefined
  const skipped = await eachRecord(path, { limit, skipBadRows }, (reader) => {
    collector = collectorOf(reader, path, options)
    return collector.add
  })
  assert(collector !== undefined, 'a trace without records is refused')
  return { ...collector.trace(), skipped }
}

/** Takes records one by one and makes a trace of them in the end. */
interface Collector {
  add(record: JsonRecord, where: string): void
  trace(): DistributiveOmit<Trace, 'skipped'>
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function collectorOf(reader: TraceReader, path: string, options: TraceOptions): Collector {
  switch (reader.kind) {
    case 'timed':
      return timedRequests(reader, options)
    case 'conversations':
      return wholeConversations(reader, options)
    case 'turns':
      return turnsBySession(reader, options)
    case 'lengths':
      throw lacking(path, reader, 'lengths only, and a run needs block ids')
    case 'references':
      throw lacking(path, reader, 'no prompts, and a run needs them')
  }
}

function timedRequests(reader: TimedReader, options: TraceOptions): Collector {
  const sourceBlockTokens = reader.blockTokens
  const write = requestWriter(sourceBlockTokens, options.scale, options.partialTails === 'trace')
  const salt = hashText(reader.name)
  const requests: TimedRequest[] = []
  let outputsRaised = 0
  const inOrder = arrivalOrder()
  return {
    add(record, where) {
      const request = reader.request(record, where)
      inOrder(request.arrivalMs, where)
      const { blockHashes, promptTokens, outputTokens } = write(request, {
        salt,
        shared: 0,
        request: hash53(salt, requests.length),
      })
      if (request.outputTokens === 0) outputsRaised++
      const id = `request-${requests.length + 1}`
      requests.push({ id, arrivalMs: request.arrivalMs, blockHashes, promptTokens, outputTokens })
    },
    trace: () => {
      const blockTokens = options.scale.blockTokens ?? sourceBlockTokens
      return { kind: 'timed', format: reader.name, blockTokens, sourceBlockTokens, outputsRaised, requests }
    },
  }
}

/** Refuses an arrival before the one before it. */
export function arrivalOrder(): (arrivalMs: number, where: string) => void {
  let lastMs = 0
  return (arrivalMs, where) => {
    if (arrivalMs < lastMs) {
      const what = `arrives at ${arrivalMs} ms, after a request at ${lastMs} ms`
      throw badInput(where, what, 'Sort the trace by arrival.')
    }
    lastMs = arrivalMs
  }
}

function wholeConversations(reader: ConversationReader, options: TraceOptions): Collector {
  const conversations: Conversation[] = []
  const check = conversationCheck()
  let sourceBlockTokens = 0
  let outputsRaised = 0
  return {
    add(record, where) {
      const source = reader.conversation(record, where)
      check(source, where)
      sourceBlockTokens = source.blockTokens
      for (const turn of source.turns) if (turn.outputTokens === 0) outputsRaised++
      conversations.push(conversationOf(source, reader.name, options))
    },
    trace: () => {
      const blockTokens = options.scale.blockTokens ?? sourceBlockTokens
      return {
        kind: 'conversations',
        format: reader.name,
        blockTokens,
        sourceBlockTokens,
        outputsRaised,
        conversations,
      }
    },
  }
}

/** Refuses a conversation whose id was there, or whose blocks have another size. */
export function conversationCheck(): (source: SourceConversation, where: string) => void {
  const seen = new Map<string, string>()
  let blockTokens: number | undefined
  return (source, where) => {
    if (blockTokens !== undefined && source.blockTokens !== blockTokens) {
      const what = `has blocks of ${source.blockTokens} tokens, and the conversations before it of ${blockTokens}`
      throw badInput(where, what, 'Split the trace by block size.')
    }
    const double = seen.get(source.id)
    if (double) throw badInput(where, `has the id "${source.id}" of ${double}`, 'Ids of conversations must differ.')
    blockTokens = source.blockTokens
    seen.set(source.id, where)
  }
}

/** Ids hold for the whole file: a block is shared where another session has it too. */
function turnsBySession(reader: TurnReader, options: TraceOptions): Collector {
  const sessions = new Map<string | number, SourceSessionTurn[]>()
  const ownerOf = new Map<number, string | number>()
  const shared = new Set<number>()
  return {
    add(record, where) {
      const turn = reader.turn(record, where)
      for (const id of turn.blockIds) {
        const owner = ownerOf.get(id)
        if (owner === undefined) ownerOf.set(id, turn.session)
        else if (owner !== turn.session) shared.add(id)
      }
      const turns = sessions.get(turn.session)
      if (turns === undefined) sessions.set(turn.session, [turn])
      else turns.push(turn)
    },
    trace: () => {
      const sourceBlockTokens = reader.blockTokens
      const write = requestWriter(sourceBlockTokens, options.scale, options.partialTails === 'trace')
      const salt = hashText(reader.name)
      let request = 0
      const conversations = [...sessions].map(([session, turns]): Conversation => {
        const written = turns.map((turn): Turn => {
          const own = turn.blockIds.findIndex((id) => !shared.has(id))
          const scope = { salt, shared: own === -1 ? turn.blockIds.length : own, sharedIds: true }
          const rewritten = write(turn, { ...scope, request: hash53(salt, request++) })
          return { ...rewritten, keptOutputTokens: 0, thinkMs: turn.thinkMs, agent: turn.agent }
        })
        return { id: String(session), tenant: reader.name, turns: written }
      })
      const blockTokens = options.scale.blockTokens ?? sourceBlockTokens
      return {
        kind: 'conversations',
        format: reader.name,
        blockTokens,
        sourceBlockTokens,
        outputsRaised: 0,
        conversations,
      }
    },
  }
}

function conversationOf(source: SourceConversation, tenant: string, options: TraceOptions): Conversation {
  const write = requestWriter(source.blockTokens, options.scale, options.partialTails === 'trace')
  const salt = hash53(hashText('conversation'), hashText(source.id))
  const head = options.sharePrefix ? sharedHead(source) : []
  const turns = source.turns.map((turn, index): Turn => {
    const shared = commonLength(head, turn.blockIds)
    const rewritten = write(turn, { salt, shared, request: hash53(salt, index) })
    return { ...rewritten, keptOutputTokens: 0, thinkMs: turn.thinkMs, agent: turn.agent }
  })
  return { id: source.id, tenant, turns }
}

/** Ids of the full blocks inside the tools and system prompt of the first request. */
export function sharedHead(source: SourceConversation): readonly number[] {
  const first = source.turns[0] as SourceTurn
  const tokens = Math.min(source.sharedTokens, first.promptTokens)
  return first.blockIds.slice(0, Math.floor(tokens / source.blockTokens))
}

export function commonLength(a: readonly number[], b: readonly number[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}
