import { assert, badInput } from '../errors.ts'
import { hash53, hashText } from '../random.ts'
import { isRecord } from './fields.ts'
import { type Line, linesOf } from './lines.ts'
import type {
  ConversationReader,
  JsonRecord,
  SourceConversation,
  SourceTurn,
  TimedReader,
  TraceReader,
} from './reader.ts'
import { traceReaders } from './readers/registry.ts'
import { requestWriter, type TraceScale } from './rewrite.ts'
import type { Conversation, TimedRequest, Turn } from './workload.ts'

export interface TraceOptions {
  readonly scale: TraceScale
  /** The first so many records: requests of a timed trace, conversations of the other kind. */
  readonly limit?: number | undefined
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

interface LocatedRecord {
  readonly record: JsonRecord
  readonly where: string
}

/** Reads a trace file, plain or gzipped, in any of the registered formats; the file is streamed, the result is held. */
export async function readTrace(path: string, options: TraceOptions): Promise<Trace> {
  const { limit } = options
  assert(limit === undefined || (Number.isSafeInteger(limit) && limit > 0), 'limit is a positive whole number', {
    limit,
  })
  const records = recordsOf(path, limit ?? Number.POSITIVE_INFINITY)
  try {
    const first = await records.next()
    if (first.done) throw badInput(path, 'the file is empty', 'A trace has one JSON object a line.')
    const reader = readerOf(first.value)
    return reader.kind === 'timed'
      ? await readTimed(reader, first.value, records, options)
      : await readConversations(reader, first.value, records, options)
  } finally {
    await records.return(undefined)
  }
}

async function readTimed(
  reader: TimedReader,
  first: LocatedRecord,
  rest: AsyncGenerator<LocatedRecord>,
  options: TraceOptions,
): Promise<TimedTrace> {
  const sourceBlockTokens = reader.blockTokens
  const write = requestWriter(sourceBlockTokens, options.scale, options.partialTails === 'trace')
  const salt = hashText(reader.name)
  const requests: TimedRequest[] = []
  let outputsRaised = 0
  let lastArrivalMs = 0
  const add = ({ record, where }: LocatedRecord): void => {
    const request = reader.request(record, where)
    if (request.arrivalMs < lastArrivalMs) {
      const fix = 'Sort the trace by arrival.'
      throw badInput(where, `arrives at ${request.arrivalMs} ms, after a request at ${lastArrivalMs} ms`, fix)
    }
    lastArrivalMs = request.arrivalMs
    const { blockHashes, promptTokens, outputTokens } = write(request, {
      salt,
      shared: 0,
      request: hash53(salt, requests.length),
    })
    if (request.outputTokens === 0) outputsRaised++
    const id = `request-${requests.length + 1}`
    requests.push({ id, arrivalMs: request.arrivalMs, blockHashes, promptTokens, outputTokens })
  }
  add(first)
  for await (const located of rest) add(located)
  const blockTokens = options.scale.blockTokens ?? sourceBlockTokens
  return { kind: 'timed', format: reader.name, blockTokens, sourceBlockTokens, outputsRaised, requests }
}

async function readConversations(
  reader: ConversationReader,
  first: LocatedRecord,
  rest: AsyncGenerator<LocatedRecord>,
  options: TraceOptions,
): Promise<ConversationTrace> {
  const seen = new Map<string, string>()
  const conversations: Conversation[] = []
  let sourceBlockTokens: number | undefined
  let outputsRaised = 0
  const add = ({ record, where }: LocatedRecord): void => {
    const source = reader.conversation(record, where)
    sourceBlockTokens ??= source.blockTokens
    if (source.blockTokens !== sourceBlockTokens) {
      const what = `has blocks of ${source.blockTokens} tokens, and the conversations before it of ${sourceBlockTokens}`
      throw badInput(where, what, 'Split the trace by block size.')
    }
    const double = seen.get(source.id)
    if (double) throw badInput(where, `has the id "${source.id}" of ${double}`, 'Ids of conversations must differ.')
    seen.set(source.id, where)
    for (const turn of source.turns) if (turn.outputTokens === 0) outputsRaised++
    conversations.push(conversationOf(source, reader.name, options))
  }
  add(first)
  for await (const located of rest) add(located)
  assert(sourceBlockTokens !== undefined, 'the first record was added')
  const blockTokens = options.scale.blockTokens ?? sourceBlockTokens
  return { kind: 'conversations', format: reader.name, blockTokens, sourceBlockTokens, outputsRaised, conversations }
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
function sharedHead(source: SourceConversation): readonly number[] {
  const first = source.turns[0] as SourceTurn
  const tokens = Math.min(source.sharedTokens, first.promptTokens)
  return first.blockIds.slice(0, Math.floor(tokens / source.blockTokens))
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

async function* recordsOf(path: string, limit: number): AsyncGenerator<LocatedRecord> {
  let records = 0
  for await (const line of linesOf(path)) {
    const where = `${path}:${line.number}`
    yield { record: recordOf(line, where, records === 0), where }
    records++
    if (records >= limit) return
  }
}

function recordOf(line: Line, where: string, isFirst: boolean): JsonRecord {
  // A file of another kind fails on its first record: then the formats are what must be told.
  const fix = isFirst ? knownFormats() : 'The lines before it were read; mend or cut off the rest.'
  let value: unknown
  try {
    value = JSON.parse(line.text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw badInput(where, `not JSON (${error.message})`, fix)
  }
  if (isRecord(value)) return value
  throw badInput(where, 'not a JSON object', fix)
}

function readerOf(first: LocatedRecord): TraceReader {
  const reader = traceReaders.find((candidate) => candidate.detects(first.record))
  if (reader) return reader
  throw badInput(first.where, 'unknown format of trace', knownFormats())
}

function knownFormats(): string {
  return `Known formats: ${traceReaders.map((reader) => `${reader.name} (${reader.summary})`).join('; ')}.`
}
