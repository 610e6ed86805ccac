import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../src/catalog/catalog.ts'
import { breakEvenOf, breakEvenTokens, crossing } from '../../src/experiment/break-even.ts'
import { targetDefaults, targetDeployment } from '../../src/experiment/scale/deployment.ts'
import { type CostModel, prefillMs } from '../../src/plan/cost-model.ts'
import type { LinkSpec } from '../../src/warehouse/link.ts'

const catalog = loadCatalog()

function deploymentOf(modelName: string, gpuName: string, tensorParallel: number, contextTokens = 32_000) {
  const model = catalog.model(modelName)
  return targetDeployment(
    {
      ...targetDefaults(),
      gpu: catalog.gpu(gpuName),
      model,
      tensorParallel,
      warehouseLink: catalog.link('weka-amg'),
      dramLink: catalog.link('pcie5-x16'),
      contextTokens,
      maxContextTokens: model.maxContextTokens,
      dramBytes: 0,
    },
    64,
  )
}

function linkOf(readBytesPerMs: number, latencyMs: number): LinkSpec {
  return { name: 'test', readBytesPerMs, writeBytesPerMs: readBytesPerMs, latencyMs }
}

function gainMs(cost: CostModel, link: LinkSpec, tokens: number): number {
  return prefillMs(cost, 0, tokens) - link.latencyMs - (tokens * cost.kvBytesPerToken) / link.readBytesPerMs
}

/** Halves an interval at whose ends a fetch loses and wins. */
function bisected(cost: CostModel, link: LinkSpec): number {
  let [low, high] = [1e-9, 1e15]
  for (let i = 0; i < 300; i++) {
    const middle = Math.sqrt(low * high)
    if (gainMs(cost, link, middle) > 0) high = middle
    else low = middle
  }
  return high
}

describe('break-even', () => {
  it('in tokens is what bisection finds, with windows and without', () => {
    const costs = [
      deploymentOf('llama-3.1-70b', 'h100-sxm', 8).cost,
      deploymentOf('deepseek-v3', 'b300', 8).cost,
      deploymentOf('gpt-oss-120b', 'b300', 1).cost,
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...costs),
        fc.double({ min: -1, max: 9, noNaN: true }),
        fc.double({ min: -6, max: 3, noNaN: true }),
        fc.constantFrom(128, 5000, 100_000),
        (cost, rate, latency, windowTokens) => {
          const link = linkOf(10 ** rate, 10 ** latency)
          const windowed =
            cost.window === undefined ? cost : { ...cost, window: { ...cost.window, tokens: windowTokens } }
          const tokens = breakEvenTokens(windowed, link)
          expect(typeof tokens).toBe('number')
          expect((tokens as number) / bisected(windowed, link)).toBeCloseTo(1, 6)
        },
      ),
      { seed: 91, numRuns: 400 },
    )
  })

  it('has a case for every sign', () => {
    expect(crossing(0, 0.5, 0)).toBe('always')
    expect(crossing(1, 0, 0)).toBe('always')
    expect(crossing(0, 2, 3)).toBe(1.5)
    expect(crossing(0, 0, 1)).toBe('never')
    expect(crossing(0, 0, 0)).toBe('never')
    expect(crossing(0, -1, 0)).toBe('never')
    expect(crossing(2, 0, 8)).toBe(2)
    expect(crossing(1, -3, 0)).toBe(3)
    expect(crossing(1, 1, 2)).toBeCloseTo(1, 12)
    expect(crossing(1, -1, 2)).toBeCloseTo(2, 12)
    // No digits are lost where slope² dwarfs the rest.
    expect(crossing(1e-12, 1, 1e-6)).toBeCloseTo(1e-6, 18)
  })

  it('of a link without latency is "always" where it moves a token faster than the GPU computes it', () => {
    const { cost } = deploymentOf('llama-3.1-70b', 'h100-sxm', 8)
    expect(breakEvenTokens(cost, linkOf(1e9, 0))).toBe('always')
    expect(breakEvenTokens({ ...cost, attentionFlopsPerPair: 0 }, linkOf(1, 0.1))).toBe('never')
  })

  it('in bandwidth and MFU makes both take equally long', () => {
    for (const [model, gpu, gpus] of [
      ['llama-3.1-70b', 'h100-sxm', 8],
      ['gpt-oss-120b', 'b300', 1],
      ['llama-3.1-8b', 'l40s', 1],
    ] as const) {
      const deployment = deploymentOf(model, gpu, gpus)
      const { cost, contextTokens } = deployment
      const { bandwidthBytesPerMs } = breakEvenOf(deployment, deployment.warehouseLink)
      if (bandwidthBytesPerMs === 'never') throw new Error('latency is small here')
      expect(gainMs(cost, linkOf(bandwidthBytesPerMs, 0.5), contextTokens)).toBeCloseTo(0, 6)
      const slow = linkOf(bandwidthBytesPerMs / 3, 0.5)
      const { mfu } = breakEvenOf(deployment, slow)
      if (typeof mfu !== 'number') throw new Error('this link is slow')
      const factor = mfu / deployment.gemmMfu!
      const slower = {
        ...cost,
        linearFlopsPerMs: cost.linearFlopsPerMs * factor,
        attentionFlopsPerMs: cost.attentionFlopsPerMs * factor,
      }
      expect(gainMs(slower, slow, contextTokens)).toBeCloseTo(0, 6)
    }
  })

  it('names what no bandwidth and no MFU can reach', () => {
    const deployment = deploymentOf('llama-3.1-70b', 'h100-sxm', 8)
    expect(breakEvenOf(deployment, linkOf(1e6, 1e6)).bandwidthBytesPerMs).toBe('never')
    // A fetch that takes less than the all-reduces alone.
    expect(breakEvenOf(deployment, linkOf(1e12, 0)).mfu).toBe('always')
    expect(breakEvenOf({ ...deployment, gemmMfu: undefined }, linkOf(1e6, 1)).mfu).toBeUndefined()
  })

  it('draws a curve that crosses where it says', () => {
    const deployment = deploymentOf('llama-3.1-70b', 'h100-sxm', 8)
    const link = linkOf(7e6, 20)
    const { curve, contextTokens } = breakEvenOf(deployment, link)
    expect(curve.length).toBeGreaterThan(20)
    expect(curve.at(-1)!.contextTokens).toBe(131_072)
    for (const point of curve) {
      expect(point.fetchMs < point.recomputeMs).toBe(point.contextTokens > (contextTokens as number))
    }
  })
})
