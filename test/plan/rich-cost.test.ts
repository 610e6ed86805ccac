import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import type { CostModel } from '../../src/plan/cost-model.ts'
import { planSteps, planTimeline } from '../../src/plan/plan-arm.ts'
import { expectSameBooks } from './compare-books.ts'
import { NaiveEngine } from './naive-engine.ts'
import { planInput, randomKnobs, testCost } from './random-plan.ts'

/** Every term at once: experts, a window, decode attention that outlasts its reading, all-reduce. */
const richCost = fc.record({
  count: fc.constantFrom(4, 16),
  perToken: fc.constantFrom(1, 3),
  windowTokens: fc.constantFrom(1, 7, 40),
  decodeFlops: fc.constantFrom(0, 29, 61),
})

describe('the engine on a cost model with every term', () => {
  it('agrees with a naive one step by step: runs end where a window fills', () => {
    let windowed = 0
    fc.assert(
      fc.property(randomKnobs, richCost, (knobs, { count, perToken, windowTokens, decodeFlops }) => {
        const cost: CostModel = {
          ...testCost,
          experts: { count, perToken, weightBytes: 1777 },
          decodeAttentionFlopsPerPair: decodeFlops,
          window: { tokens: windowTokens, attentionFlopsPerPair: 17, kvBytesPerToken: 803 },
          allReduceMsPerToken: 0.003_17,
        }
        const plain = { ...knobs, replicas: 1, linkLimit: 'none', overrunRequests: 0 } as const
        const input = { ...planInput({ ...plain, lowerPools: Math.max(1, knobs.lowerPools) }), cost }
        const naive = new NaiveEngine(input)
        naive.run()
        const stepwise = new Collector()
        const closedForm = new Collector()
        const { plan } = planSteps(input, stepwise)
        planTimeline(input, closedForm)
        expectSameBooks(closedForm.totals, stepwise.totals)
        const ends = plan.requests.filter(({ endMs }) => endMs >= 0).map(({ endMs }) => endMs)
        const expected = naive.ended.map(({ endMs }) => endMs!)
        expect(ends).toHaveLength(expected.length)
        ends.sort((a, b) => a - b)
        expected.sort((a, b) => a - b)
        ends.forEach((endMs, i) => {
          expect(Math.abs(endMs - expected[i]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, endMs))
        })
        if (windowTokens === 40) windowed++
      }),
      { seed: 62, numRuns: 300 },
    )
    expect(windowed).toBeGreaterThan(50)
  })
})
