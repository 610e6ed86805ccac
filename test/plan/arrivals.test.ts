import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import type { Sequence, Session } from '../../src/plan/engine/sequence.ts'
import { planSteps, planTimeline } from '../../src/plan/plan-arm.ts'
import type { Load, PlanInput } from '../../src/plan/plan-input.ts'
import { seededRandom } from '../../src/random.ts'
import { compileTimed } from '../../src/workload/pool.ts'
import { drawSeat } from '../../src/workload/seats.ts'
import { expectSameBooks } from './compare-books.ts'
import { MemoryModel } from './memory-model.ts'
import { randomTimed } from './random-conversations.ts'
import { type Knobs, planInput, randomKnobs } from './random-plan.ts'

function check(property: (knobs: Knobs) => void, seed: number, numRuns: number): void {
  fc.assert(fc.property(randomKnobs, property), { seed, numRuns })
}

function requestsOf(input: PlanInput): Sequence[] {
  const { plan } = planSteps(input, new Collector())
  return plan.requests.filter(({ replica }) => replica >= 0)
}

/** The same GPUs under a trace without sessions. */
function replayInput(knobs: Knobs, load: (arrivalsMs: Float64Array) => Load, requests?: number): PlanInput {
  const trace = randomTimed(seededRandom(knobs.seed), 60, knobs.poolBlocks, knobs.blockTokens)
  const { arrivalsMs, ...pool } = compileTimed(trace, knobs.blockTokens)
  return { ...planInput(knobs), pool, load: load(arrivalsMs), requests }
}

describe('a closed loop', () => {
  it('sends requests by round-robin to the replicas in turn', () => {
    check(
      (drawn) => {
        const requests = requestsOf(planInput({ ...drawn, router: 'round-robin', start: 'cold', timeScale: 1 }))
        requests.sort((a, b) => a.arrivalMs - b.arrivalMs)
        requests.forEach(({ replica }, i) => {
          expect(replica).toBe(i % drawn.replicas)
        })
      },
      101,
      60,
    )
  })

  it('keeps a session where it began, and begins it where the fewest live', () => {
    check(
      (drawn) => {
        const knobs = { ...drawn, router: 'session-affine', start: 'cold', timeScale: 1 } as const
        const requests = requestsOf(planInput(knobs))
        const sessions = new Map<Session, Sequence[]>()
        for (const request of requests)
          sessions.set(request.session, [...(sessions.get(request.session) ?? []), request])
        for (const [session, own] of sessions) {
          expect(new Set(own.map(({ replica }) => replica)).size).toBe(1)
          const { arrivalMs } = own[0]!
          const live = Array.from({ length: knobs.replicas }, () => 0)
          for (const [{ conversation }, others] of sessions) {
            const { endMs } = others[conversation.turns.length - 1] ?? { endMs: -1 }
            const isOver = endMs >= 0 && endMs <= arrivalMs
            if (others[0]!.arrivalMs < arrivalMs && !isOver) live[others[0]!.replica]!++
          }
          expect(session.replica).toBe(live.indexOf(Math.min(...live)))
        }
      },
      102,
      60,
    )
  })

  it('plays for each seat the conversations drawn for it, each turn a think time after the one before', () => {
    check(
      (knobs) => {
        const input = planInput(knobs)
        const { plan } = planSteps(input, new Collector())
        const random = seededRandom(input.seed)
        for (let seat = 0; seat < knobs.replicas * knobs.sessionsPerReplica; seat++) {
          const draws = drawSeat(input.pool, seat, knobs.start, random)
          let draw = draws.next()
          let turn = draw.firstTurn
          let share = draw.thinkLeft
          let endedMs = 0
          for (const request of plan.requests.filter(({ session }) => session.seat === seat)) {
            expect([request.session.conversation, request.turnIndex]).toEqual([draw.conversation, turn])
            const thinkMs = Math.min(40, draw.conversation.turns[turn]!.thinkMs) * knobs.timeScale * share
            expect(request.delayMs).toBeCloseTo(thinkMs, 12)
            if (request.replica >= 0) expect(request.arrivalMs).toBeCloseTo(endedMs + thinkMs, 9)
            share = 1
            endedMs = request.endMs
            if (++turn < draw.conversation.turns.length) continue
            draw = draws.next()
            turn = 0
          }
        }
      },
      103,
      60,
    )
  })

  it('opens its window after as many completions as there are seats, and ends it after the number asked for', () => {
    check(
      (knobs) => {
        const listener = new Collector()
        const { plan, counts } = planSteps(planInput({ ...knobs, timeScale: 1 }), listener)
        const ends = plan.requests.map(({ endMs }) => endMs).filter((endMs) => endMs >= 0)
        ends.sort((a, b) => a - b)
        const seats = knobs.replicas * knobs.sessionsPerReplica
        expect(counts.settleRequests).toBe(seats)
        expect(listener.totals.openMs).toBe(ends[seats - 1])
        expect(listener.totals.closeMs).toBe(ends[seats + knobs.requests - 1])
        // Several may end with one step.
        expect(counts.requestsEnded).toBeGreaterThanOrEqual(seats + knobs.requests + knobs.overrunRequests)
      },
      104,
      60,
    )
  })
})

describe('a trace without sessions', () => {
  it('by timestamp: arrives by the clock, starts cold, and is measured from the start to the last arrival', () => {
    check(
      (knobs) => {
        const load = (arrivalsMs: Float64Array): Load => ({ kind: 'timed', arrivalsMs, timeScale: 0.9 })
        const input = replayInput(knobs, load)
        const listener = new Collector()
        const { plan, counts } = planSteps(input, listener)
        const { arrivalsMs } = input.load as Extract<Load, { kind: 'timed' }>
        expect(plan.histories).toEqual([])
        expect(plan.requests.map(({ arrivalMs }) => arrivalMs)).toEqual([...arrivalsMs].map((ms) => ms * 0.9))
        expect([listener.totals.openMs, listener.totals.closeMs]).toEqual([0, arrivalsMs.at(-1)! * 0.9])
        expect(counts.requestsArrived).toBe(60)
        new MemoryModel(plan, input).check()
        const closedForm = new Collector()
        planTimeline(input, closedForm)
        expectSameBooks(closedForm.totals, listener.totals)
      },
      105,
      60,
    )
  })

  it('as backlog: so many in flight, in order, from the first completions to the last dispatch', () => {
    check(
      (knobs) => {
        const inFlightPerReplica = knobs.sessionsPerReplica
        const input = replayInput(knobs, () => ({ kind: 'backlog', inFlightPerReplica }))
        const listener = new Collector()
        const { plan } = planSteps(input, listener)
        const { requests } = plan
        const capacity = knobs.replicas * inFlightPerReplica
        expect(requests.map(({ id }) => id)).toEqual(Array.from({ length: 60 }, (_, i) => i))
        requests.forEach(({ arrivalMs, replica }, i) => {
          if (i < capacity) expect(arrivalMs).toBe(0)
          else expect(arrivalMs).toBeGreaterThanOrEqual(requests[i - 1]!.arrivalMs)
          const isThere = (other: Sequence): boolean => other.endMs < 0 || other.endMs > arrivalMs
          const there = requests.slice(0, i).filter(isThere)
          expect(there.length).toBeLessThan(capacity)
          expect(there.filter((other) => other.replica === replica).length).toBeLessThan(inFlightPerReplica)
        })
        const ends = requests.map(({ endMs }) => endMs).filter((endMs) => endMs >= 0)
        ends.sort((a, b) => a - b)
        expect(listener.totals.openMs).toBe(ends[capacity - 1])
        expect(listener.totals.closeMs).toBe(requests.at(-1)!.arrivalMs)
        new MemoryModel(plan, input).check()
      },
      106,
      60,
    )
  })

  it('as backlog with a number of requests ends after as many', () => {
    check(
      (knobs) => {
        const input = replayInput(knobs, () => ({ kind: 'backlog', inFlightPerReplica: 2 }), 20)
        const { plan, counts } = planSteps(input, new Collector())
        const settle = 2 * knobs.replicas
        expect(counts.settleRequests).toBe(settle)
        const ended = plan.requests.filter(({ endMs }) => endMs >= 0).length
        expect(ended).toBeGreaterThanOrEqual(settle + 20)
        expect(plan.requests.length).toBeLessThan(60)
      },
      107,
      30,
    )
  })
})
