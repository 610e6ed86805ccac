import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { planSteps } from '../../src/plan/plan-arm.ts'
import { NaiveEngine } from './naive-engine.ts'
import { type Knobs, planInput, randomKnobs } from './random-plan.ts'

/** What a naive engine covers: one replica, HBM alone or a warehouse behind a link of its own. */
function oneReplica(knobs: Knobs): Knobs {
  return { ...knobs, replicas: 1, linkLimit: 'none', overrunRequests: 0, lowerPools: Math.max(1, knobs.lowerPools) }
}

describe('the engine and a naive one written from the rules', () => {
  it('agree on every request: times to 1e-9, hits exactly', () => {
    let preemptions = 0
    fc.assert(
      fc.property(randomKnobs.map(oneReplica), (knobs) => {
        const input = planInput(knobs)
        const naive = new NaiveEngine(input)
        naive.run()
        const { plan, counts } = planSteps(input, new Collector())
        const requests = plan.requests.filter(({ endMs }) => endMs >= 0)
        expect(requests).toHaveLength(naive.ended.length)
        for (const expected of naive.ended) {
          const { session, turnIndex } = expected
          const request = requests.find(
            (candidate) =>
              candidate.session.seat === session.seat &&
              candidate.session.ordinal === session.ordinal &&
              candidate.turnIndex === turnIndex,
          )!
          expect([
            request.hbmHitTokens,
            request.dramHitTokens + request.warehouseHitTokens,
            request.ceilingTokens,
          ]).toEqual([expected.hbmHitTokens, expected.lowerHitTokens, expected.ceilingTokens])
          const times = [request.arrivalMs, request.firstTokenMs, request.endMs]
          const expectedTimes = [expected.arrivalMs, expected.firstTokenMs!, expected.endMs]
          times.forEach((time, i) => {
            expect(Math.abs(time - expectedTimes[i]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, expectedTimes[i]!))
          })
        }
        expect(counts.preemptions).toBe(naive.preemptions)
        preemptions += counts.preemptions
      }),
      { seed: 61, numRuns: 400 },
    )
    expect(preemptions).toBeGreaterThan(100)
  })
})
