import { NONE } from '../../cache/policy.ts'
import { seededRandom, shuffled } from '../../random.ts'
import type { CompiledConversation } from '../../workload/pool.ts'
import { drawSeat, type Seat, type SeatDraw } from '../../workload/seats.ts'
import { decodeStepMs, prefillMs } from '../cost-model.ts'
import type { PlanInput } from '../plan-input.ts'
import { Sequence, type Session } from './sequence.ts'

/** What arrivals need of the engine. */
export interface ArrivalsHost {
  /** A request arrives after this delay. */
  arrive(sequence: Sequence): void
  /** Dense ids for the own blocks of a new session. */
  takeBlocks(count: number): number
  hasRoom(): boolean
}

/** The source of requests: sets off the first ones, and the next ones as requests end. */
export interface Arrivals {
  /** Sessions in mid-conversation at the start, with the turns that are known; empty for a cold start. */
  readonly histories: readonly { readonly session: Session; readonly turn: number }[]
  begin(): void
  arrived(sequence: Sequence): void
  /** A request has ended; the last of its session to end when `endsSession` is returned. */
  ended(sequence: Sequence): { readonly endsSession: boolean }
  /** Whether the last request of a trace has been dispatched. */
  readonly exhausted: boolean
}

export function createArrivals(input: PlanInput, host: ArrivalsHost): Arrivals {
  return input.load.kind === 'closed' ? closedLoop(input, input.load, host) : replay(input, input.load, host)
}

function closedLoop(
  input: PlanInput,
  load: Extract<PlanInput['load'], { kind: 'closed' }>,
  host: ArrivalsHost,
): Arrivals {
  const random = seededRandom(input.seed)
  const seats: Seat[] = []
  const drawn: number[] = []
  let requests = 0
  let sessions = 0
  const openSession = (seat: number, draw: SeatDraw): Session =>
    session(sessions++, seat, drawn[seat]!++, draw, host.takeBlocks(draw.conversation.ownBlocks))
  const thinkMs = (conversation: CompiledConversation, turn: number): number =>
    Math.min(conversation.turns[turn]!.thinkMs, load.thinkCapMs) * load.timeScale

  const first: { session: Session; turn: number; delayMs: number }[] = []
  for (let seat = 0; seat < load.seats; seat++) {
    seats.push(drawSeat(input.pool, seat, load.start, random))
    drawn.push(0)
    const draw = seats[seat]!.next()
    const delayMs = draw.thinkLeft * thinkMs(draw.conversation, draw.firstTurn)
    first.push({ session: openSession(seat, draw), turn: draw.firstTurn, delayMs })
  }
  const byTimestamps = load.clock === 'timestamps'
  /** The request after this one: the next turn, or the first one of the seat's next conversation. */
  const follow = (sequence: Sequence, serviceMs: number): void => {
    const { session } = sequence
    const turn = sequence.turnIndex + 1
    const after = byTimestamps ? NONE : sequence.id
    if (turn < session.conversation.turns.length) {
      const delayMs = serviceMs + thinkMs(session.conversation, turn)
      host.arrive(new Sequence(requests++, session, turn, after, delayMs))
      return
    }
    const draw = seats[session.seat]!.next()
    const delayMs = serviceMs + thinkMs(draw.conversation, 0)
    host.arrive(new Sequence(requests++, openSession(session.seat, draw), 0, after, delayMs))
  }
  return {
    histories: shuffled(
      first.flatMap(({ session, turn }) =>
        knownTurns(session.conversation, turn).map((known) => ({ session, turn: known })),
      ),
      random.fork('histories'),
    ),
    begin() {
      for (const { session, turn, delayMs } of first) {
        host.arrive(new Sequence(requests++, session, turn, NONE, delayMs))
      }
    },
    arrived(sequence) {
      if (byTimestamps) follow(sequence, idleServiceMs(input, sequence))
    },
    ended(sequence) {
      if (!byTimestamps) follow(sequence, 0)
      // By timestamps turns overlap: the last one need not be the last to end.
      return { endsSession: --sequence.session.turnsLeft === 0 }
    },
    exhausted: false,
  }
}

/** How long an idle system that loses nothing takes for a request: what the clock of a log would have shown. */
function idleServiceMs({ cost, requestOverheadMs, pool }: PlanInput, { session, turnIndex, turn }: Sequence): number {
  const before = session.conversation.turns.slice(0, turnIndex).findLast(({ agent }) => agent === turn.agent)
  const limit = Math.floor((turn.promptTokens - 1) / pool.blockTokens)
  let hits = 0
  while (before !== undefined && hits < limit && before.blocks[hits] === turn.blocks[hits]) hits++
  const decodeMs = decodeStepMs(cost, 1, turn.promptTokens + turn.outputTokens / 2)
  return (
    requestOverheadMs +
    prefillMs(cost, hits * pool.blockTokens, turn.promptTokens) +
    cost.stepOverheadMs +
    (turn.outputTokens - 1) * decodeMs
  )
}

/** The turn before `turn`; when that was a sub-agent's, the main agent's last turn before it as well. */
function knownTurns(conversation: CompiledConversation, turn: number): number[] {
  const before = turn - 1
  if (before < 0) return []
  if (conversation.turns[before]!.agent === '') return [before]
  let main = before
  while (main >= 0 && conversation.turns[main]!.agent !== '') main--
  return main < 0 ? [before] : [main, before]
}

function replay(input: PlanInput, load: Exclude<PlanInput['load'], { kind: 'closed' }>, host: ArrivalsHost): Arrivals {
  const { conversations } = input.pool
  let next = 0
  const dispatch = (afterRequest: number, delayMs: number): void => {
    const conversation = conversations[next]!
    const draw = { conversation, firstTurn: 0, salt: 0 }
    const opened = session(next, next, 0, draw, host.takeBlocks(conversation.ownBlocks))
    host.arrive(new Sequence(next, opened, 0, afterRequest, delayMs))
    next++
  }
  return {
    histories: [],
    begin() {
      if (load.kind === 'timed') {
        while (next < conversations.length) dispatch(NONE, load.arrivalsMs[next]! * load.timeScale)
      } else {
        while (next < conversations.length && host.hasRoom()) dispatch(NONE, 0)
      }
    },
    arrived: () => undefined,
    ended(sequence) {
      if (load.kind === 'backlog' && next < conversations.length) dispatch(sequence.id, 0)
      return { endsSession: true }
    },
    get exhausted() {
      return next >= conversations.length
    },
  }
}

function session(
  number: number,
  seat: number,
  ordinal: number,
  { conversation, salt, firstTurn }: Omit<SeatDraw, 'thinkLeft'>,
  firstBlock: number,
): Session {
  const turnsLeft = conversation.turns.length - firstTurn
  return { number, seat, ordinal, conversation, salt, firstBlock, replica: NONE, turnsLeft }
}
