import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CalibrationPoint, fitCostModel, fitErrorRelative } from '../../src/calibration/fit.ts'
import { mockCostSizes } from '../../src/gpu/mock-model.ts'
import { type CostModel, causalPairs, emptyLoad, stepMs } from '../../src/plan/cost-model.ts'
import { seededRandom } from '../../src/random.ts'

const truth: CostModel = {
  ...mockCostSizes,
  linearFlopsPerMs: 4.7e7,
  attentionFlopsPerMs: 3.9e7,
  weightBytesPerMs: 1e15,
  kvBytesPerMs: 9e6,
  stepOverheadMs: 0.06,
  decodeRowMs: 0.03,
}

function grid(cost: CostModel, noise: number, seed: number): CalibrationPoint[] {
  const random = seededRandom(seed)
  const none = emptyLoad()
  const loads = [
    ...[8, 40, 128].flatMap((n) =>
      [0, 400, 800, 1400].map((start) => ({
        ...none,
        prefillTokens: n,
        prefillPairs: causalPairs(start, start + n),
        prefillContextTokens: start,
        sampledRows: 1,
      })),
    ),
    ...[1, 2, 3, 4].flatMap((decodes) =>
      [400, 1000, 1600].map((context) => ({
        ...none,
        decodes,
        decodeContextTokens: decodes * context,
        sampledRows: decodes,
      })),
    ),
  ]
  return loads.map((load) => ({ load, ms: stepMs(cost, load) * (1 + noise * random.normal()) }))
}

test('recovers the rates it was made from', () => {
  const fit = fitCostModel(mockCostSizes, grid(truth, 0, 1))
  for (const key of [
    'linearFlopsPerMs',
    'attentionFlopsPerMs',
    'kvBytesPerMs',
    'stepOverheadMs',
    'decodeRowMs',
  ] as const) {
    expect(fit[key] / truth[key]).toBeCloseTo(1, 6)
  }
  expect(fitErrorRelative(fit, grid(truth, 0, 1))).toBeLessThan(1e-9)
})

test('predicts within the noise of what it was fitted to', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
      const fit = fitCostModel(mockCostSizes, grid(truth, 0.05, seed))
      expect(fitErrorRelative(fit, grid(truth, 0, seed))).toBeLessThan(0.05)
    }),
    { seed: 3, numRuns: 40 },
  )
})

test('never gives a negative cost: a term that is not there becomes free', () => {
  const fit = fitCostModel(mockCostSizes, grid({ ...truth, decodeRowMs: 0, stepOverheadMs: 0 }, 0.1, 9))
  expect(fit.decodeRowMs).toBeGreaterThanOrEqual(0)
  expect(fit.stepOverheadMs).toBeGreaterThanOrEqual(0)
  for (const key of ['linearFlopsPerMs', 'attentionFlopsPerMs', 'kvBytesPerMs'] as const)
    expect(fit[key]).toBeGreaterThan(0)
})
