import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../../src/catalog/catalog.ts'
import {
  type Deployment,
  leastTensorParallel,
  splitsOf,
  targetDeployment,
} from '../../../src/experiment/scale/deployment.ts'
import { attentionShare, mockContextTokens } from '../../../src/experiment/scale/mock-context.ts'
import { mockCostSizes } from '../../../src/gpu/mock-model.ts'
import { plainServing } from '../../../src/plan/roofline.ts'
import { smallTarget } from '../small-task.ts'

const catalog = loadCatalog()

function full(gpu: string, model: string, tensorParallel: number, contextTokens = 100_000): Deployment {
  const target = { ...smallTarget, gpu: catalog.gpu(gpu), model: catalog.model(model), tensorParallel, contextTokens }
  return targetDeployment(target, 64)
}

/** Attention's share on a mock whose kernels do 1.026 times as many FLOPs of it in a second: pair by pair. */
function shareOnMock(tokens: number): number {
  let pairs = 0
  for (let position = 0; position < tokens; position++) pairs += position + 1
  const attention = (pairs * mockCostSizes.attentionFlopsPerPair) / 1.026
  return attention / (attention + tokens * mockCostSizes.layerFlopsPerToken)
}

describe('the context of the mock', () => {
  it('is 1,600 tokens for the default target', () => {
    const target = full('b300', 'llama-3.1-70b', 1)
    expect(mockContextTokens(target, mockCostSizes)).toBe(1600)
    expect(Math.abs(shareOnMock(1600) / attentionShare(target) - 1)).toBeLessThan(0.1)
  })

  const targets = catalog.models.flatMap((model) =>
    catalog.gpus.flatMap((gpu) => {
      const least = leastTensorParallel(gpu, model, plainServing())
      const splits = splitsOf(model).filter((gpus) => least !== undefined && gpus >= least)
      return splits.flatMap((gpus) =>
        [16_000, 100_000].map((context) => [gpu.name, model.name, gpus, context] as const),
      )
    }),
  )

  it('has the target’s share of attention within a tenth, or lies at an end of what a mock can do', () => {
    let atEnds = 0
    for (const [gpu, model, gpus, context] of targets) {
      const target = full(gpu, model, gpus, context)
      const tokens = mockContextTokens(target, mockCostSizes)
      const mismatch = shareOnMock(tokens) / attentionShare(target) - 1
      const name = `${gpus} × ${gpu}, ${model}, ${context}: ${tokens} tokens, ${mismatch}`
      if (tokens === 200) expect(mismatch, name).toBeGreaterThan(-0.1)
      else if (tokens === 4000) expect(mismatch, name).toBeLessThan(0.1)
      else expect(Math.abs(mismatch), name).toBeLessThan(0.1)
      if (tokens === 200 || tokens === 4000) atEnds++
    }
    expect(targets.length).toBeGreaterThan(100)
    expect(atEnds).toBeLessThan(targets.length / 2)
  })

  it('8 × h100-sxm with llama-3.1-8b', () => {
    const target = full('h100-sxm', 'llama-3.1-8b', 8)
    const tokens = mockContextTokens(target, mockCostSizes)
    expect(tokens % 20).toBe(0)
    const mismatch = shareOnMock(tokens) / attentionShare(target) - 1
    if (tokens < 4000) expect(Math.abs(mismatch)).toBeLessThan(0.1)
    else expect(mismatch).toBeLessThan(0.1)
  })
})

describe('attention’s share of a prefill', () => {
  it('grows with the context and stays below all of it', () => {
    const shares = [1000, 10_000, 100_000].map((context) => attentionShare(full('b300', 'llama-3.1-70b', 1, context)))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares[0]).toBeGreaterThan(0)
    expect(shares[2]).toBeLessThan(1)
  })
})
