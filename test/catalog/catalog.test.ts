import { expect, test } from 'vitest'
import { readGpu, readLink, readModel } from '../../src/catalog/catalog.ts'
import { poolTokensOf, rooflineCost } from '../../src/plan/roofline.ts'

test('the default target has the published sizes', () => {
  const gpu = readGpu('b300')
  const model = readModel('llama-3.1-70b')
  const cost = rooflineCost(gpu, model)
  expect(cost.kvBytesPerToken).toBe(327_680)
  expect(cost.kvBytesPerToken * 100_000).toBeCloseTo(32.8e9, -8)
  expect((cost.layerFlopsPerToken + cost.projectionFlopsPerRow) / 2).toBeCloseTo(69.5e9, 0)
  // 288 GB less a tenth and 141.2 GB of weights: 3.6 contexts of 100,000 tokens.
  expect(poolTokensOf(gpu, model) / 100_000).toBeCloseTo(3.6, 2)
  expect(readLink('weka-amg')).toMatchObject({ readPerGpu: 37.5e6, latency: 0.5, host: { gpus: 8, read: 300e6 } })
  expect(readLink('pcie5-x16').readPerGpu).toBeCloseTo(54.4e6, 3)
})

test('an unknown name lists the known ones', () => {
  expect(() => readGpu('b30')).toThrow('Did you mean "b300"?')
})
