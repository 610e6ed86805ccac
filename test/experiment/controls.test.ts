import { describe, expect, it } from 'vitest'
import { readGpu, readModel } from '../../src/catalog/catalog.ts'
import { runControls } from '../../src/experiment/controls.ts'
import { contextPrefillMs } from '../../src/experiment/scale/scale-model.ts'
import { mockCostSizes } from '../../src/gpu/mock-model.ts'
import { type CostModel, decodeStepMs } from '../../src/plan/cost-model.ts'
import { rooflineCost } from '../../src/plan/roofline.ts'

const b300 = rooflineCost(readGpu('b300'), readModel('llama-3.1-70b'))
const mock: CostModel = {
  ...mockCostSizes,
  linearFlopsPerMs: 3e7,
  attentionFlopsPerMs: 2.2e7,
  weightBytesPerMs: 1e15,
  kvBytesPerMs: 8e6,
  stepOverheadMs: 0.05,
  decodeRowMs: 0.02,
}
const costs = [
  { name: 'a b300', cost: b300 },
  { name: 'a mock', cost: mock },
]

/** A GPU that is `drift` faster every time somebody looks: whoever compares two arms on it compares two GPUs. */
function drifting(cost: CostModel, drift: number): CostModel {
  let looks = 0
  const speed = (): number => (1 + drift) ** looks++
  return {
    ...cost,
    get linearFlopsPerMs() {
      return cost.linearFlopsPerMs * speed()
    },
    get attentionFlopsPerMs() {
      return cost.attentionFlopsPerMs * speed()
    },
    get weightBytesPerMs() {
      return cost.weightBytesPerMs * speed()
    },
    get kvBytesPerMs() {
      return cost.kvBytesPerMs * speed()
    },
  }
}

/** Multiplier of documents asked for in turn, by hand: everything recomputed ÷ everything but the last block fetched. */
function closedForm(cost: CostModel, fetchShare: number): number {
  const wholeMs = contextPrefillMs(cost, 20_000, 8192)
  let decodeMs = 0
  for (let i = 1; i < 100; i++) decodeMs += decodeStepMs(cost, 1, 20_000 + i)
  const restMs = contextPrefillMs(cost, 20_000, 8192, 19_968)
  return (wholeMs + decodeMs) / (wholeMs * fetchShare * (19_968 / 20_000) + restMs + decodeMs)
}

describe.each(costs)('the controls on $name', ({ cost }) => {
  it('all pass', () => {
    const controls = runControls(cost)
    expect(controls.filter(({ passed }) => !passed)).toEqual([])
    expect(controls).toHaveLength(7)
    expect(new Set(controls.map(({ name }) => name)).size).toBe(7)
    for (const { measured, low, high } of controls) {
      expect(measured).toBeGreaterThanOrEqual(low)
      expect(measured).toBeLessThanOrEqual(high)
    }
  })

  it('have a closed form that tells a link that is a little faster or slower', () => {
    expect(closedForm(cost, 1 / 20)).toBeGreaterThan(1)
    expect(closedForm(cost, 2)).toBeLessThan(1)
    for (const share of [1 / 20, 2]) {
      // Their band is 2 %.
      expect(closedForm(cost, share * 2) / closedForm(cost, share)).toBeLessThan(0.98)
      expect(closedForm(cost, share / 4) / closedForm(cost, share)).toBeGreaterThan(1.02)
    }
  })

  it('can fail: each does on a GPU that changes from one arm to the next', () => {
    const controls = [...new Set([3e-6, 1e-5, -1e-5, 1e-4].flatMap((drift) => runControls(drifting(cost, drift))))]
    const failed = new Set(controls.filter(({ passed }) => !passed).map(({ name }) => name))
    expect([...new Set(controls.map(({ name }) => name))].filter((name) => !failed.has(name))).toEqual([])
  })
})
