import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { planSteps, planTimeline } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import { compilePool } from '../../src/workload/pool.ts'
import type { Turn } from '../../src/workload/workload.ts'
import { expectSameBooks } from './compare-books.ts'
import { type Knobs, plainKnobs, planInput, randomKnobs, testCost, withoutTies } from './random-plan.ts'

type Clock = 'think' | 'timestamps'

function withClock(input: PlanInput, clock: Clock): PlanInput {
  if (input.load.kind !== 'closed') throw new Error('closed loops have a clock')
  return { ...input, load: { ...input.load, clock } }
}

/** When each turn of each seat's conversations arrived. */
function arrivalsOf(knobs: Knobs, clock: Clock): Map<string, number> {
  const { plan } = planSteps(withClock(planInput(knobs), clock), new Collector())
  const arrived = plan.requests.filter(({ replica }) => replica >= 0)
  return new Map(
    arrived.map(({ session, turnIndex, arrivalMs }) => [`${session.seat} ${session.ordinal} ${turnIndex}`, arrivalMs]),
  )
}

/** The furthest that two runs differ on a request that both saw. */
function furthestApart(a: Map<string, number>, b: Map<string, number>): number {
  const shared = [...a.keys()].filter((key) => b.has(key))
  expect(shared.length).toBeGreaterThan(0)
  return Math.max(...shared.map((key) => Math.abs(a.get(key)! - b.get(key)!)))
}

const slow: Partial<Knobs> = { maxRunning: 1, maxBatchedTokens: 7, arm: 'hbm-only', poolBlocks: 40 }
const quick: Partial<Knobs> = { maxRunning: 256, maxBatchedTokens: 500, arm: 'infinite-cache', poolBlocks: 40 }

describe('a closed loop by timestamps', () => {
  it('sends its requests at the same instants to a replica that is overrun and to one that is idle', () => {
    fc.assert(
      fc.property(randomKnobs, (drawn) => {
        const [overrun, idle] = [slow, quick].map((ends) => arrivalsOf({ ...drawn, ...ends }, 'timestamps'))
        expect(furthestApart(overrun!, idle!)).toBeLessThan(1e-6)
      }),
      { seed: 41, numRuns: 80 },
    )
  })

  it('by think time does not: there a slow replica is asked later', () => {
    const knobs = { ...plainKnobs, replicas: 1, sessionsPerReplica: 6 }
    const [overrun, idle] = [slow, quick].map((ends) => arrivalsOf({ ...knobs, ...ends }, 'think'))
    expect(furthestApart(overrun!, idle!)).toBeGreaterThan(10)
  })

  it('by hand: a turn comes a service time of an idle GPU and a think time after the one before', () => {
    const turn = (promptTokens: number, outputTokens: number, thinkMs: number, blockHashes: number[]): Turn => ({
      blockHashes: Float64Array.from(blockHashes),
      sharedBlocks: 0,
      promptTokens,
      outputTokens,
      keptOutputTokens: 0,
      thinkMs,
      agent: '',
    })
    // The second prompt begins with the first two blocks of the first one.
    const turns = [turn(10, 3, 5, [1, 2, 3]), turn(17, 2, 7, [1, 2, 4, 5, 6]), turn(4, 1, 11, [7])]
    const input: PlanInput = {
      ...withClock(planInput({ ...plainKnobs, replicas: 1, sessionsPerReplica: 1, start: 'cold' }), 'timestamps'),
      pool: compilePool([{ id: 'a', tenant: '', turns }], 4),
      requests: 4,
    }
    const { plan } = planSteps(input, new Collector())
    const { linearFlopsPerMs, attentionFlopsPerMs, kvBytesPerMs, stepOverheadMs, decodeRowMs } = testCost
    const prefill = (tokens: number, pairs: number): number =>
      (tokens * 1000) / linearFlopsPerMs + (pairs * 31) / attentionFlopsPerMs + stepOverheadMs
    // Reading 5,713 bytes of weights takes longer than 1,137 FLOPs.
    const decode = (context: number): number =>
      5713 / testCost.weightBytesPerMs + (context * 64) / kvBytesPerMs + decodeRowMs + stepOverheadMs
    const services = [
      plainKnobs.overheadMs + prefill(10, 55) + 2 * decode(11.5),
      plainKnobs.overheadMs + prefill(9, (17 * 18) / 2 - (8 * 9) / 2) + decode(18),
      plainKnobs.overheadMs + prefill(4, 10),
    ]
    const thinks = [7, 11, 5]
    let expected = plan.requests[0]!.arrivalMs
    plan.requests.slice(1).forEach(({ arrivalMs, delayMs, afterRequest }, i) => {
      if (arrivalMs === 0) return
      const delay = services[i % 3]! + thinks[i % 3]! * plainKnobs.timeScale
      expected += delay
      expect([delayMs, arrivalMs]).toEqual([expect.closeTo(delay, 9), expect.closeTo(expected, 9)])
      expect(afterRequest).toBe(-1)
    })
    expect(plan.requests.length).toBeGreaterThanOrEqual(4)
  })

  it('forgets a conversation when all its turns have ended, not when the last one has: same books with and without', () => {
    fc.assert(
      fc.property(randomKnobs, (drawn) => {
        // What is recorded forgets nothing; nothing is evicted from an infinite cache but by being forgotten.
        const knobs = withoutTies({ ...drawn, arm: 'infinite-cache', router: 'round-robin', replicas: 3 })
        const input = withClock(planInput(knobs), 'timestamps')
        const [kept, forgotten] = [new Collector(), new Collector()]
        planSteps(input, kept)
        planTimeline(input, forgotten)
        expectSameBooks(forgotten.totals, kept.totals)
      }),
      { seed: 42, numRuns: 150 },
    )
  })
})
