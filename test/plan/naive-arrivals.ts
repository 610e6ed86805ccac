import type { PlanInput } from '../../src/plan/plan-input.ts'
import { seededRandom, shuffled } from '../../src/random.ts'
import { drawSeat } from '../../src/workload/seats.ts'
import { type NaiveSession, turnsKnown } from './naive-request.ts'

interface Host {
  later(delayMs: number, happens: () => void): void
  /** A turn ran and ended before the start. */
  layDown(session: NaiveSession, turnIndex: number): void
  arrive(session: NaiveSession, turnIndex: number, onEnd: () => void): void
}

/** Lays down what is known at the start, and lets every seat's first request come; the others follow each other. Returns the number of seats. */
export function naiveSeats({ load, pool, seed }: PlanInput, host: Host): number {
  if (load.kind !== 'closed') throw new Error('a closed loop only')
  const random = seededRandom(seed)
  const first = Array.from({ length: load.seats }, (_, seat) => {
    const draws = drawSeat(pool, seat, load.start, random)
    let ordinal = 0
    const open = () => {
      const draw = draws.next()
      return { draw, session: { seat, ordinal: ordinal++, conversation: draw.conversation } }
    }
    const follow = (session: NaiveSession, turnIndex: number, share: number): void => {
      const { thinkMs } = session.conversation.turns[turnIndex]!.source
      host.later(Math.min(thinkMs, load.thinkCapMs) * load.timeScale * share, () => {
        host.arrive(session, turnIndex, () => {
          if (turnIndex + 1 < session.conversation.turns.length) follow(session, turnIndex + 1, 1)
          else follow(open().session, 0, 1)
        })
      })
    }
    return { ...open(), follow }
  })
  const known = first.flatMap(({ draw, session }) =>
    turnsKnown(session.conversation, draw.firstTurn).map((turn) => ({ session, turn })),
  )
  for (const { session, turn } of shuffled(known, random.fork('histories'))) host.layDown(session, turn)
  for (const { draw, session, follow } of first) follow(session, draw.firstTurn, draw.thinkLeft)
  return load.seats
}
