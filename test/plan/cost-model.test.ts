import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGpu, readLink, readModel } from '../../src/catalog/catalog.ts'
import { causalPairs, decodeGrowthMs, decodeStepMs, emptyLoad, prefillMs, stepMs } from '../../src/plan/cost-model.ts'
import { linkSpecOf, poolTokensOf, rooflineCost } from '../../src/plan/roofline.ts'
import { runMs, stepsToReach } from '../../src/plan/timeline.ts'
import { testCost } from './random-plan.ts'

const nothing = emptyLoad()

/** Llama 3.1 70B in bf16 on a B300, from the data sheets: the products are written out, not computed by the engine. */
describe('the roofline of llama-3.1-70b on a b300', () => {
  const gpu = readGpu('b300')
  const model = readModel('llama-3.1-70b')
  const cost = rooflineCost(gpu, model)
  // 69.5e9 − 128,256 × 8,192
  const layerParameters = 68_449_326_848
  const projectionParameters = 1_050_673_152
  // 2250 TFLOP/s × 0.78 × 0.75, × 0.70 × 0.75, 8 TB/s × 0.7; all per ms
  const linear = 1.31625e12
  const attention = 1.18125e12
  const bandwidth = 5.6e9

  it('has the sizes of facts.md', () => {
    expect(cost.kvBytesPerToken).toBe(327_680)
    expect(cost.attentionFlopsPerPair).toBe(2_621_440)
    // (288e9 × 0.9 − 141.2e9) ÷ 327,680
    expect(poolTokensOf(gpu, model)).toBe(360_107)
    expect(100_000 * cost.kvBytesPerToken).toBeCloseTo(32.8e9, -8)
  })

  it('prefills at the speed of its matrix units', () => {
    const load = { ...nothing, prefillTokens: 8192, prefillPairs: (8192 * 8193) / 2 }
    const expected = (8192 * 2 * layerParameters) / linear + ((8192 * 8193) / 2) * (2_621_440 / attention) + 2
    expect(stepMs(cost, load)).toBeCloseTo(expected, 9)
    // 852 ms of products, 74 ms of attention, 2 ms of overhead
    expect(stepMs(cost, load)).toBeCloseTo(928.5, 0)
  })

  it('reads what lies before a chunk once, and samples a row at its end', () => {
    const load = {
      ...nothing,
      prefillTokens: 1000,
      prefillPairs: 1_500_500,
      prefillContextTokens: 1000,
      sampledRows: 1,
    }
    const flops = 1000 * 2 * layerParameters + 2 * projectionParameters
    const expected = flops / linear + (1_500_500 * 2_621_440) / attention + (1000 * 327_680) / bandwidth + 2
    expect(stepMs(cost, load)).toBeCloseTo(expected, 9)
  })

  it('decodes at the speed of its memory', () => {
    // 139 GB of weights and 10 × 100,000 tokens of KV, 327.68 GB, at 5.6 TB/s: 24.82 + 58.51 + 2 ms
    expect(decodeStepMs(cost, 10, 1_000_000)).toBeCloseTo((139e9 + 327.68e9) / bandwidth + 2, 9)
    expect(decodeStepMs(cost, 10, 1_000_000)).toBeCloseTo(85.34, 2)
  })

  it('reads its links in bytes per ms', () => {
    const link = linkSpecOf(readLink('weka-amg'))
    expect(link.readBytesPerMs).toBeCloseTo(37.5e6, 3)
    expect(link.latencyMs).toBeCloseTo(0.5, 12)
    expect(link.host).toEqual({ replicas: 8, readBytesPerMs: 300e6, writeBytesPerMs: 150e6 })
    // 100,000 tokens: 32.768 GB at 37.5 GB/s
    expect((100_000 * cost.kvBytesPerToken) / link.readBytesPerMs).toBeCloseTo(873.8, 1)
  })
})

describe('a step in closed form', () => {
  it('counts causal pairs as a loop does, and prefill by parts as a whole', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(200), fc.nat(100), (from, tokens, cut) => {
        let pairs = 0
        for (let position = from; position < from + tokens; position++) pairs += position + 1
        expect(causalPairs(from, from + tokens)).toBe(pairs)
        const middle = from + Math.min(cut, tokens)
        const parts = prefillMs(testCost, from, middle) + prefillMs(testCost, middle, from + tokens)
        expect(parts).toBeCloseTo(prefillMs(testCost, from, from + tokens), 9)
      }),
      { seed: 51, numRuns: 100 },
    )
  })

  it('sums a run of decode steps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(5000),
        fc.integer({ min: 1, max: 200 }),
        (decodes, context, steps) => {
          let total = 0
          for (let i = 0; i < steps; i++) total += decodeStepMs(testCost, decodes, context + i * decodes)
          const run = runMs(decodeStepMs(testCost, decodes, context), decodeGrowthMs(testCost, decodes), steps)
          expect(run / total).toBeCloseTo(1, 11)
        },
      ),
      { seed: 52, numRuns: 200 },
    )
  })

  it('finds the step of a run that is under way at a time', () => {
    const growth = fc.oneof(fc.constant(0), fc.constant(1e-9), fc.double({ min: 1e-12, max: 2, noNaN: true }))
    const first = fc.double({ min: 1e-3, max: 10, noNaN: true })
    fc.assert(
      fc.property(
        first,
        growth,
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1.1, noNaN: true }),
        (firstMs, growthMs, limit, share) => {
          const elapsedMs = share * runMs(firstMs, growthMs, limit)
          let expected = 1
          while (expected < limit && runMs(firstMs, growthMs, expected) < elapsedMs) expected++
          expect(stepsToReach(firstMs, growthMs, elapsedMs, limit)).toBe(expected)
        },
      ),
      { seed: 53, numRuns: 500 },
    )
  })

  it('takes a time on the edge of two steps as the end of the first', () => {
    for (let steps = 1; steps <= 50; steps++) {
      expect(stepsToReach(0.3, 0.007, runMs(0.3, 0.007, steps), 50)).toBe(steps)
    }
  })
})
