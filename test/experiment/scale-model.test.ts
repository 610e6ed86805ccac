import { expect, test } from 'vitest'
import { readGpu, readLink, readModel } from '../../src/catalog/catalog.ts'
import { targetDefaults, targetDeployment } from '../../src/experiment/scale/deployment.ts'
import { mockContextTokens } from '../../src/experiment/scale/mock-context.ts'
import {
  contextFetchMs,
  contextPrefillMs,
  mockDeployment,
  residentContexts,
} from '../../src/experiment/scale/scale-model.ts'
import { mockBlockTokens, mockCostSizes } from '../../src/gpu/mock-model.ts'
import type { CostModel } from '../../src/plan/cost-model.ts'

const target = {
  ...targetDefaults(),
  gpu: readGpu('b300'),
  model: readModel('llama-3.1-70b'),
  warehouseLink: readLink('weka-amg'),
  dramLink: readLink('pcie5-x16'),
  contextTokens: 100_000,
  maxContextTokens: 131_072,
  dramBytes: 256e9,
}
const full = targetDeployment(target, 64)

test.each([1e7, 4e7, 2e8])('on a machine of %d FLOPs a ms the ratios of the target are met', (flopsPerMs) => {
  const cost: CostModel = {
    ...mockCostSizes,
    linearFlopsPerMs: flopsPerMs,
    attentionFlopsPerMs: flopsPerMs * 0.8,
    weightBytesPerMs: 1e15,
    kvBytesPerMs: 8e6,
    stepOverheadMs: 0.05,
    decodeRowMs: 0.02,
  }
  const mock = mockDeployment(
    target,
    mockContextTokens(full, mockCostSizes) / full.contextTokens,
    mockBlockTokens,
    cost,
  )
  const recompute = (d: typeof mock): number => contextPrefillMs(d.cost, d.contextTokens, d.maxBatchedTokens)
  const ratios = (d: typeof mock): number[] => [
    recompute(d) / contextFetchMs(d, d.warehouseLink),
    recompute(d) / contextFetchMs(d, d.dramLink),
    d.warehouseLink.latencyMs / contextFetchMs(d, d.warehouseLink),
    d.warehouseLink.writeBytesPerMs / d.warehouseLink.readBytesPerMs,
    d.requestOverheadMs / recompute(d),
    d.timeScale / recompute(d),
    residentContexts(d),
    d.dramBytes / (d.poolTokens * d.cost.kvBytesPerToken),
    d.maxContextTokens / d.contextTokens,
  ]
  const [onTarget, onMock] = [ratios(full), ratios(mock)]
  onMock.forEach((ratio, i) => {
    expect(ratio / onTarget[i]!).toBeCloseTo(1, 2)
  })
  expect(mock.contextTokens).toBe(1600)
  expect(mock.workloadScale.outputScale).toBeGreaterThan(mock.workloadScale.tokenScale)
})

test('a context takes 21.5 s to compute on the target and 0.87 s to fetch', () => {
  expect(contextPrefillMs(full.cost, 100_000, 8192)).toBeCloseTo(21_570, -2)
  expect(contextFetchMs(full, full.warehouseLink)).toBeCloseTo(0.5 + 32.768e9 / 37.5e6, 6)
})
