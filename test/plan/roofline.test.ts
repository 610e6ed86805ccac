import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../src/catalog/catalog.ts'
import {
  causalPairs,
  chunkLoad,
  decodeStepMs,
  emptyLoad,
  prefillMs,
  stepMs,
  touchedExperts,
  touchedWeightBytes,
  windowPairs,
} from '../../src/plan/cost-model.ts'
import { kvCopies, linkSpecOf, mfuOf, plainServing, poolTokensOf, rooflineCost } from '../../src/plan/roofline.ts'
import { seededRandom } from '../../src/random.ts'

const catalog = loadCatalog()
const h100 = catalog.gpu('h100-sxm')
const served = (changes: Partial<ReturnType<typeof plainServing>>) => ({ ...plainServing(), ...changes })

describe('experts', () => {
  it.each([
    [128, 8],
    [256, 8],
    [128, 4],
  ])('of %d with %d a token are touched as often as random draws touch them', (count, perToken) => {
    const random = seededRandom(7)
    for (const tokens of [1, 3, 20, 100]) {
      const trials = 400
      let touched = 0
      for (let trial = 0; trial < trials; trial++) {
        const seen = new Set<number>()
        for (let token = 0; token < tokens; token++) {
          const own = new Set<number>()
          while (own.size < perToken) own.add(Math.floor(random.next() * count))
          for (const expert of own) seen.add(expert)
        }
        touched += seen.size
      }
      expect(touchedExperts({ count, perToken, weightBytes: 1 }, tokens) / (touched / trials)).toBeCloseTo(1, 1)
    }
  })

  it('of qwen3-30b-a3b: one token reads its active parameters, many read all', () => {
    const model = catalog.model('qwen3-30b-a3b')
    const cost = rooflineCost(h100, model)
    // Three matrices of 2,048 × 768 in 48 layers, in bf16.
    expect(cost.experts).toEqual({ count: 128, perToken: 8, weightBytes: 2 * 3 * 2048 * 768 * 48 })
    expect(touchedWeightBytes(cost, 1, 1) / 2).toBeCloseTo(3.3e9 - 151_936 * 2048, -8)
    const all = touchedWeightBytes(cost, 8192, 1)
    expect(all / (2 * (30.5e9 - 151_936 * 2048))).toBeCloseTo(1, 6)
    expect(cost.layerFlopsPerToken).toBeCloseTo(2 * (3.3e9 - 2 * 151_936 * 2048), -3)
  })
})

describe('latent attention of deepseek-v3', () => {
  const cost = rooflineCost(h100, catalog.model('deepseek-v3'), served({ tensorParallel: 16, weightFormat: 'fp8' }))

  it('has the FLOPs of its head dims in prefill, of its latent in decode', () => {
    expect(cost.attentionFlopsPerPair).toBe(2 * 128 * (192 + 128) * 61)
    expect(cost.decodeAttentionFlopsPerPair).toBe(2 * 128 * (2 * 512 + 64) * 61)
    expect(cost.kvBytesPerToken).toBe(70_272)
  })

  it('takes the longer of reading and computing in decode', () => {
    const contextTokens = 50_000
    const withoutContext = decodeStepMs(cost, 1, 0)
    const readMs = (contextTokens * 70_272) / cost.kvBytesPerMs
    const computeMs = (contextTokens * cost.decodeAttentionFlopsPerPair!) / cost.attentionFlopsPerMs
    expect(decodeStepMs(cost, 1, contextTokens) - withoutContext).toBeCloseTo(Math.max(readMs, computeMs), 9)
    const fast = { ...cost, kvBytesPerMs: cost.kvBytesPerMs * 1e6 }
    expect(decodeStepMs(fast, 1, contextTokens) - withoutContext).toBeCloseTo(computeMs, 9)
  })

  it('is read by every GPU of the group: one KV head, 16 copies', () => {
    expect(kvCopies(catalog.model('deepseek-v3'), 16)).toBe(16)
    expect(cost.kvBytesPerMs).toBeCloseTo(3.35e9 * 0.7, 0)
  })

  it('never binds with grouped heads', () => {
    for (const name of ['llama-3.1-8b', 'llama-3.1-70b', 'llama-3.1-405b', 'qwen3-32b', 'gpt-oss-120b']) {
      const grouped = rooflineCost(h100, catalog.model(name))
      const computeMs = grouped.decodeAttentionFlopsPerPair! / grouped.attentionFlopsPerMs
      expect(computeMs).toBeLessThan(grouped.kvBytesPerToken / grouped.kvBytesPerMs)
    }
  })
})

describe('layers with a window', () => {
  it('have the pairs that a loop counts', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(200), fc.integer({ min: 1, max: 250 }), (from, tokens, window) => {
        let pairs = 0
        for (let position = from; position < from + tokens; position++) pairs += Math.min(position + 1, window)
        expect(windowPairs(from, from + tokens, window)).toBe(pairs)
      }),
      { seed: 54, numRuns: 200 },
    )
  })

  it('of gpt-oss-120b: half its layers, 128 tokens, and room for 256 sequences set aside', () => {
    const model = catalog.model('gpt-oss-120b')
    const cost = rooflineCost(h100, model, served({ tensorParallel: 4 }))
    expect(cost.window).toEqual({ tokens: 128, attentionFlopsPerPair: 4 * 18 * 64 * 64, kvBytesPerToken: 36_864 })
    expect(cost.attentionFlopsPerPair).toBe(4 * 18 * 64 * 64)
    const room = 4 * 80e9 * 0.9 - 234e9 - 256 * 128 * 36_864
    expect(poolTokensOf(h100, model, served({ tensorParallel: 4 }))).toBe(Math.floor(room / 36_864))
    // Decode at a context of 1,000: 1,000 tokens of the full layers, 128 of the others.
    const atContext = decodeStepMs(cost, 1, 1000) - decodeStepMs(cost, 1, 0)
    expect(atContext).toBeCloseTo(((1000 + 128) * 36_864) / cost.kvBytesPerMs, 9)
    expect(prefillMs(cost, 0, 1000) - prefillMs({ ...cost, window: undefined }, 0, 1000)).toBeCloseTo(
      (windowPairs(0, 1000, 128) * 4 * 18 * 64 * 64) / cost.attentionFlopsPerMs,
      9,
    )
  })
})

describe('tensor parallelism', () => {
  const model = catalog.model('llama-3.1-70b')
  const one = rooflineCost(h100, model)
  const eight = rooflineCost(h100, model, served({ tensorParallel: 8 }))

  it('multiplies rates and adds two all-reduces a layer', () => {
    expect(eight.linearFlopsPerMs).toBeCloseTo(8 * one.linearFlopsPerMs, 0)
    expect(eight.weightBytesPerMs).toBeCloseTo(8 * one.weightBytesPerMs, 0)
    expect(one.allReduceMsPerToken).toBe(0)
    // 2 × 80 × 8,192 × 2 bytes × 2 × 7 ÷ 8 over 450 GB/s
    expect(eight.allReduceMsPerToken).toBeCloseTo((2 * 80 * 8192 * 2 * 1.75) / 450e6, 12)
    const load = chunkLoad(eight, 0, 1000, false)
    const without = stepMs({ ...eight, allReduceMsPerToken: 0 }, load)
    expect(stepMs(eight, load) - without).toBeCloseTo(10.19, 2)
  })

  it('multiplies the links of a replica, within its hosts', () => {
    const weka = catalog.link('weka-amg')
    expect(linkSpecOf(weka, 2)).toMatchObject({ readBytesPerMs: 75e6, host: { replicas: 4, readBytesPerMs: 300e6 } })
    expect(linkSpecOf(weka, 8)).toMatchObject({ readBytesPerMs: 300e6, host: { replicas: 1, readBytesPerMs: 300e6 } })
    expect(linkSpecOf(weka, 16)).toMatchObject({ readBytesPerMs: 600e6, host: { replicas: 1, readBytesPerMs: 600e6 } })
    // A NIC of 12.5 GB/s serves the whole host.
    expect(linkSpecOf(catalog.link('tcp-100g'), 8).readBytesPerMs).toBeCloseTo(12.5e6, 3)
    // Eight copies: each GPU reads all of the KV, one writes it.
    const copied = linkSpecOf(catalog.link('pcie5-x16'), 8, 8)
    expect(copied.readBytesPerMs).toBeCloseTo(54.4e6, 3)
    expect(copied.writeBytesPerMs).toBeCloseTo(54.4e6, 3)
  })

  it('beyond the KV heads keeps copies, which take room', () => {
    const sixteen = poolTokensOf(h100, model, served({ tensorParallel: 16 }))
    expect(sixteen).toBe(Math.floor((16 * 72e9 - 141.2e9) / (2 * 327_680)))
  })
})

describe('number formats', () => {
  const model = catalog.model('llama-3.1-70b')

  it('fp8 weights compute at half of what is attainable of the fp8 peak, attention in bf16', () => {
    const cost = rooflineCost(h100, model, served({ weightFormat: 'fp8' }))
    expect(cost.linearFlopsPerMs).toBeCloseTo(1978e9 * 0.81 * 0.5, -3)
    expect(cost.attentionFlopsPerMs).toBeCloseTo(989e9 * 0.64 * 0.75, -3)
    expect(cost.layerWeightBytes + cost.projectionWeightBytes).toBe(69.5e9)
  })

  it('fp8 weights on a GPU without FP8 are read as fp8 and computed in bf16', () => {
    const a100 = catalog.gpu('a100-80g')
    const cost = rooflineCost(a100, model, served({ weightFormat: 'fp8' }))
    expect(cost.linearFlopsPerMs).toBe(rooflineCost(a100, model).linearFlopsPerMs)
    expect(cost.layerWeightBytes + cost.projectionWeightBytes).toBe(69.5e9)
    expect(mfuOf(a100, served({ weightFormat: 'fp8' })).gemm).toBeCloseTo(0.87 * 0.75, 12)
  })
})

it('the ends of the assumptions lie around the defaults', () => {
  for (const gpu of catalog.gpus) {
    const model = catalog.model('llama-3.1-8b')
    const load = { ...emptyLoad(), prefillTokens: 4000, prefillPairs: causalPairs(0, 4000), sampledRows: 1 }
    const at = (bound: 'fast' | 'default' | 'slow') => stepMs(rooflineCost(gpu, model, served({ bound })), load)
    expect(at('fast')).toBeLessThan(at('default'))
    expect(at('default')).toBeLessThan(at('slow'))
  }
})
