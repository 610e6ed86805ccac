import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../src/catalog/catalog.ts'
import { fullBlockTokens, predictTtft } from '../../src/experiment/prediction.ts'
import { type Target, targetDefaults } from '../../src/experiment/scale/deployment.ts'

const catalog = loadCatalog()

function target(contextTokens: number): Target {
  const model = catalog.model('llama-3.1-70b')
  return {
    ...targetDefaults(),
    gpu: catalog.gpu('h100-sxm'),
    model,
    tensorParallel: 8,
    weightFormat: 'fp8',
    warehouseLink: catalog.link('weka-amg'),
    dramLink: catalog.link('pcie5-x16'),
    contextTokens,
    maxContextTokens: model.maxContextTokens,
    dramBytes: 0,
  }
}

/** 8 × H100, FP8 weights, bf16 KV, from the data sheets; all per ms. */
const linear = 8 * 1978e9 * 0.81 * 0.5
const attention = 8 * 989e9 * 0.64 * 0.75
const bandwidth = 8 * 3.35e9 * 0.7
const allReduceMs = (2 * 80 * 8192 * 2 * (14 / 8)) / 450e6
const layerParameters = 69.5e9 - 128_256 * 8192

function chunkMs(from: number, to: number, isLast: boolean): number {
  const tokens = to - from
  const flops = 2 * layerParameters * tokens + (isLast ? 2 * 128_256 * 8192 : 0)
  const weights = isLast ? 69.5e9 : layerParameters
  let pairs = 0
  for (let position = from; position < to; position++) pairs += position + 1
  const productMs = Math.max(flops / linear, weights / bandwidth)
  return productMs + (pairs * 4 * 80 * 64 * 128) / attention + (from * 327_680) / bandwidth + tokens * allReduceMs + 2
}

describe('TTFT', () => {
  it('is the sum that the data sheets give', () => {
    const { hbmHit, fetch, recompute } = predictTtft(target(32_000))
    const chunks = [0, 8192, 16_384, 24_576, 32_000]
    const whole = [0, 1, 2, 3].reduce((sum, i) => sum + chunkMs(chunks[i]!, chunks[i + 1]!, i === 3), 0)
    expect(recompute.value).toBeCloseTo(20 + whole, 6)
    expect(fullBlockTokens(32_000)).toBe(31_936)
    expect(hbmHit.value).toBeCloseTo(20 + chunkMs(31_936, 32_000, true), 6)
    expect(fetch.value - hbmHit.value).toBeCloseTo(0.5 + (31_936 * 327_680) / 300e6, 6)
  })

  it('lies within its range', () => {
    for (const estimate of Object.values(predictTtft(target(8000)))) {
      expect(estimate.low).toBeLessThan(estimate.value)
      expect(estimate.value).toBeLessThan(estimate.high)
    }
  })

  it('of a context of one block or less has nothing to fetch', () => {
    const { hbmHit, fetch, recompute } = predictTtft(target(64))
    expect(fetch).toEqual(recompute)
    expect(hbmHit).toEqual(recompute)
    expect(predictTtft(target(65)).fetch.value).toBeGreaterThan(predictTtft(target(65)).hbmHit.value)
  })
})
