import type { ConversationReader, SourceSessionTurn, TurnReader } from '../../workload/reader.ts'
import { commonLength, conversationCheck, sharedHead } from '../../workload/trace.ts'
import { BlockNumbers } from './block-numbers.ts'
import {
  addBlocks,
  type Collected,
  type Collector,
  chained,
  randomOf,
  type StreamOptions,
  unchainedNote,
} from './collector.ts'
import { growingDoubles } from './growing-array.ts'
import { offsetsOf, type Played, type PlayedConversation, playConversations } from './played-conversations.ts'
import { StreamBuilder } from './stream-builder.ts'

/* Traces of conversations, whose requests come when the answer before was read. */

export function wholeConversations(reader: ConversationReader, options: StreamOptions): Collector {
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

export function turnsOfSessions(reader: TurnReader, options: StreamOptions): Collector {
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

function playedNote(sessions: number | undefined): string {
  return sessions === undefined
    ? 'Conversations are played one after the other, or when the trace says that they begin; --sessions N interleaves them.'
    : `Conversations are played by ${sessions} seats at the same time, in a seeded order, from an empty start.`
}
