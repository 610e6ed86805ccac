import { assert, badInput } from '../errors.ts'
import { type Random, seededRandom } from '../random.ts'
import { eachRecord, type RecordOptions, type SkippedRows } from '../workload/open-trace.ts'
import type {
  ConversationReader,
  LengthsReader,
  ReferenceReader,
  RequestLabels,
  SourceRequest,
  SourceSessionTurn,
  TimedReader,
  TraceReader,
  TurnReader,
} from '../workload/reader.ts'
import type { JsonRecord } from '../workload/records/record-format.ts'
import { arrivalOrder, commonLength, conversationCheck, sharedHead } from '../workload/trace.ts'
import { BlockNumbers } from './block-numbers.ts'
import { growingDoubles } from './growing-array.ts'
import { offsetsOf, type Played, type PlayedConversation, playConversations } from './played-conversations.ts'
import { prefixSessions } from './prefix-sessions.ts'
import type { ReferenceStream } from './reference-stream.ts'
import { StreamBuilder } from './stream-builder.ts'
import { syntheticBlockTokens, syntheticNote, syntheticPrefixes } from './synthetic-prefixes.ts'

export interface StreamOptions extends RecordOptions {
  /** Seats that play the conversations of a closed loop at the same time; by default one after the other, in file order. */
  readonly sessions?: number | undefined
  /** Declares the tools and system prompt at the head of every conversation to be the same in all of them. */
  readonly sharePrefix?: boolean | undefined
  /** Of what is made up. Default 1. */
  readonly seed?: number | undefined
  /** As for `readTrace`, but `trace` by default. */
  readonly partialTails?: 'trace' | 'own' | undefined
}

export interface LoadedStream {
  readonly format: string
  readonly stream: ReferenceStream
  /** Think time before each request but the first of a session, where the trace has think times. */
  readonly thinkMs: Float64Array | undefined
  readonly skipped: SkippedRows
}

/** What a trace comes to, besides what all have in common. */
type Collected = Omit<LoadedStream, 'format' | 'skipped'>

interface Collector {
  add(record: JsonRecord, where: string): void
  collected(): Collected
}

/** Reads a trace file as a stream of block references. The rules for what it does not say are in docs/workloads.md. */
export async function loadStream(path: string, options: StreamOptions = {}): Promise<LoadedStream> {
  let format = ''
  let collector: Collector | undefined
  const skipped = await eachRecord(path, options, (reader) => {
    format = reader.name
    refuseOptions(reader, path, options)
    collector = collectorOf(reader, options)
    return collector.add
  })
  assert(collector !== undefined, 'a trace without records is refused')
  return { format, skipped, ...collector.collected() }
}

function refuseOptions({ name, kind }: TraceReader, path: string, { sessions, sharePrefix }: StreamOptions): void {
  if (sessions !== undefined && kind !== 'conversations' && kind !== 'turns') {
    const what = `${path} has no conversations that could be interleaved (format ${name})`
    throw badInput('--sessions', what, 'Leave it out: the trace has an order of its own.')
  }
  if (sharePrefix && kind !== 'conversations') {
    const what = `${path} declares no tools and system prompts (format ${name})`
    throw badInput('--share-prefix', what, 'Leave it out: what prompts share is in the ids.')
  }
}

function collectorOf(reader: TraceReader, options: StreamOptions): Collector {
  switch (reader.kind) {
    case 'timed':
      return timedRequests(reader, options)
    case 'lengths':
      return syntheticRequests(reader, options)
    case 'turns':
      return turnsOfSessions(reader, options)
    case 'conversations':
      return wholeConversations(reader, options)
    case 'references':
      return singleReferences(reader)
  }
}

function timedRequests(reader: TimedReader, options: StreamOptions): Collector {
  const { blockTokens } = reader
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const labels = labelNumbers()
  const inOrder = arrivalOrder()
  const byPrefix = prefixSessions()
  let isNamed: boolean | undefined
  return {
    add(record, where) {
      const request = reader.request(record, where)
      inOrder(request.arrivalMs, where)
      addBlocks(builder, numbers, request, blockTokens, options)
      const fullBlocks = builder.open().subarray(0, Math.floor(request.promptTokens / blockTokens))
      isNamed ??= request.session !== undefined || request.link !== undefined
      const session = isNamed ? labels.session(request) : byPrefix(fullBlocks)
      builder.add({ ...request, session, ...labels.others(request) })
    },
    collected: () => {
      const arrays = fromZero(builder.arrays(numbers.distinct))
      const isChained = chained(arrays)
      const sessionsFrom = isNamed ? 'trace' : isChained ? 'prefixes' : 'none'
      if (sessionsFrom === 'none') eachAlone(arrays)
      const notes = [isChained ? '' : unchainedNote, sessionsFrom === 'trace' ? '' : unnamedNotes[sessionsFrom]].filter(
        Boolean,
      )
      const stream = { ...arrays, blockTokens, notes, isChained, isTimed: true, sessionsFrom } as const
      return { stream, thinkMs: undefined }
    },
  }
}

function syntheticRequests(reader: LengthsReader, options: StreamOptions): Collector {
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const labels = labelNumbers()
  const inOrder = arrivalOrder()
  const prefixes = syntheticPrefixes(randomOf(options))
  let isNamed = false
  return {
    add(record, where) {
      const request = reader.request(record, where)
      inOrder(request.arrivalMs, where)
      isNamed ||= request.session !== undefined
      const { session, blockIds } = prefixes(request)
      addBlocks(builder, numbers, { ...request, blockIds }, syntheticBlockTokens, options)
      builder.add({ ...request, session, ...labels.others(request) })
    },
    collected: () => {
      const stream = {
        ...fromZero(builder.arrays(numbers.distinct)),
        blockTokens: syntheticBlockTokens,
        notes: [syntheticNote],
        isChained: true,
        isTimed: true,
        sessionsFrom: isNamed ? 'trace' : 'prefixes',
      } as const
      return { stream, thinkMs: undefined }
    },
  }
}

function singleReferences(reader: ReferenceReader): Collector {
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const inOrder = arrivalOrder()
  let isTimed = false
  return {
    add(record, where) {
      const { id, arrivalMs } = reader.reference(record, where)
      isTimed = arrivalMs !== undefined
      inOrder(arrivalMs ?? 0, where)
      const session = builder.requests
      builder.block(numbers.of(id))
      builder.add({
        promptTokens: 1,
        outputTokens: 0,
        arrivalMs: arrivalMs ?? session,
        session,
        tenant: 0,
        category: 0,
      })
    },
    collected: () => {
      const notes = ['The trace has references without prompts: each is a request of one block of one token.']
      if (!isTimed) notes.push('The trace has no times: arrivals count requests.')
      const arrays = fromZero(builder.arrays(numbers.distinct))
      const stream = { ...arrays, blockTokens: 1, notes, isChained: false, isTimed, sessionsFrom: 'none' } as const
      return { stream, thinkMs: undefined }
    },
  }
}

function wholeConversations(reader: ConversationReader, options: StreamOptions): Collector {
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const check = conversationCheck()
  const conversations: PlayedConversation[] = []
  const thinkMs = growingDoubles()
  const sharedBlocks: number[] = []
  let blockTokens = 0
  return {
    add(record, where) {
      const source = reader.conversation(record, where)
      check(source, where)
      blockTokens = source.blockTokens
      const head = options.sharePrefix ? sharedHead(source) : []
      while (sharedBlocks.length < head.length) sharedBlocks.push(numbers.fresh())
      numbers.forgetIds()
      const first = builder.requests
      const session = conversations.length
      for (const turn of source.turns) {
        const shared = commonLength(head, turn.blockIds)
        for (let block = 0; block < shared; block++) builder.block(sharedBlocks[block]!)
        addBlocks(builder, numbers, turn, blockTokens, options, shared)
        builder.add({ ...turn, arrivalMs: 0, session, tenant: 0, category: turn.agent === '' ? 0 : 1 })
        thinkMs.push(turn.thinkMs)
      }
      const requests = source.turns.map((_, turn) => first + turn)
      conversations.push({ requests, ...offsetsOf(source.turns), startMs: undefined })
    },
    collected: () => {
      const played = playConversations(conversations, options.sessions, randomOf(options))
      return closedLoop(builder, numbers, played, thinkMs.view(), blockTokens, [
        playedNote(options.sessions),
        ...(options.sharePrefix ? ['Tools and system prompts are declared to be the same in all conversations.'] : []),
      ])
    },
  }
}

function turnsOfSessions(reader: TurnReader, options: StreamOptions): Collector {
  const { blockTokens } = reader
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const thinkMs = growingDoubles()
  const sessions = new Map<string | number, { readonly number: number; requests: number[]; turns: TurnTimes[] }>()
  return {
    add(record, where) {
      const turn = reader.turn(record, where)
      const session = sessions.get(turn.session) ?? { number: sessions.size, requests: [], turns: [] }
      sessions.set(turn.session, session)
      session.requests.push(builder.requests)
      session.turns.push({ thinkMs: turn.thinkMs, answerMs: turn.answerMs, startMs: turn.startMs })
      addBlocks(builder, numbers, turn, blockTokens, options)
      builder.add({ ...turn, arrivalMs: 0, session: session.number, tenant: 0, category: 0 })
      thinkMs.push(turn.thinkMs)
    },
    collected: () => {
      const conversations = [...sessions.values()].map(({ requests, turns }) => ({
        requests,
        ...offsetsOf(turns),
        startMs: turns[0]!.startMs,
      }))
      const played = playConversations(conversations, options.sessions, randomOf(options))
      return closedLoop(builder, numbers, played, thinkMs.view(), blockTokens, [
        playedNote(options.sessions),
        'The trace does not say how long answers take: they take no time.',
      ])
    },
  }
}

type TurnTimes = Pick<SourceSessionTurn, 'thinkMs' | 'answerMs' | 'startMs'>

function closedLoop(
  builder: StreamBuilder,
  numbers: BlockNumbers,
  { order, arrivalMs }: Played,
  thinkMs: Float64Array,
  blockTokens: number,
  notes: readonly string[],
): Collected {
  const arrays = builder.arrays(numbers.distinct, order, arrivalMs)
  const isChained = chained(arrays)
  const stream = {
    ...arrays,
    blockTokens,
    notes: isChained ? notes : [...notes, unchainedNote],
    isChained,
    isTimed: true,
    sessionsFrom: 'trace',
  } as const
  return { stream, thinkMs: Float64Array.from(order, (request) => thinkMs[request]!) }
}

/** Adds the blocks of a request from `from` on. */
function addBlocks(
  builder: StreamBuilder,
  numbers: BlockNumbers,
  { blockIds, promptTokens }: SourceRequest,
  blockTokens: number,
  { partialTails = 'trace' }: StreamOptions,
  from = 0,
): void {
  const known = Math.min(blockIds.length, Math.ceil(promptTokens / blockTokens))
  const named = partialTails === 'trace' ? known : Math.min(known, Math.floor(promptTokens / blockTokens))
  for (let block = from; block < named; block++) builder.block(numbers.of(blockIds[block]!))
  for (let block = named; block < known; block++) builder.block(numbers.fresh())
}

const unchainedNote = 'Block ids are not prefix-chained: some stand behind different ones.'

const unnamedNotes = {
  prefixes: 'The trace has no sessions: they are found from prefixes (docs/workloads.md, Traces).',
  none: 'The trace has no sessions, and they cannot be found from prefixes.',
}

/** Makes every request a session of its own. */
function eachAlone({ sessions, turns }: Pick<ReferenceStream, 'sessions' | 'turns'>): void {
  for (let request = 0; request < sessions.length; request++) sessions[request] = request
  turns.fill(0)
}

/** Whether every block stands behind the same one wherever it stands. */
function chained({
  blocks,
  starts,
  distinctBlocks,
}: Pick<ReferenceStream, 'blocks' | 'starts' | 'distinctBlocks'>): boolean {
  const [first, unknown] = [-1, -2]
  const parents = new Int32Array(distinctBlocks).fill(unknown)
  for (let request = 0; request + 1 < starts.length; request++) {
    let parent = first
    for (let at = starts[request]!; at < starts[request + 1]!; at++) {
      const block = blocks[at]!
      if (parents[block] === unknown) parents[block] = parent
      else if (parents[block] !== parent) return false
      parent = block
    }
  }
  return true
}

/** Arrivals from that of the first request on. */
function fromZero<T extends { readonly arrivalMs: Float64Array }>(arrays: T): T {
  const { arrivalMs } = arrays
  const first = arrivalMs[0] ?? 0
  for (let request = 0; request < arrivalMs.length; request++) arrivalMs[request]! -= first
  return arrays
}

/** Dense numbers for sessions, tenants and categories. */
function labelNumbers() {
  const tenants = new Map<string, number>()
  const categories = new Map<string, number>()
  const sessions = new Map<string | number, number>()
  let nextSession = 0
  const numbered = (numbers: Map<string, number>, label: string): number => {
    const number = numbers.get(label) ?? numbers.size
    numbers.set(label, number)
    return number
  }
  return {
    /** A request that names none, or follows one that is not in the trace, begins a session. */
    session({ session, link }: RequestLabels): number {
      const before = session ?? link?.parent
      const number = (before === undefined ? undefined : sessions.get(before)) ?? nextSession++
      const own = session ?? link?.id
      if (own !== undefined) sessions.set(own, number)
      return number
    },
    others: ({ tenant = '', category = '' }: RequestLabels) => ({
      tenant: numbered(tenants, tenant),
      category: numbered(categories, category),
    }),
  }
}

function randomOf({ seed = 1 }: StreamOptions): Random {
  return seededRandom(seed).fork('trace')
}

function playedNote(sessions: number | undefined): string {
  return sessions === undefined
    ? 'Conversations are played one after the other, or when the trace says that they begin; --sessions N interleaves them.'
    : `Conversations are played by ${sessions} seats at the same time, in a seeded order, from an empty start.`
}
