import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../src/catalog/catalog.ts'
import type { MeasuredPoint } from '../../src/catalog/points.ts'
import { measuredCost } from '../../src/experiment/scale/measured-points.ts'
import { contextPrefillMs } from '../../src/experiment/scale/scale-model.ts'
import { type CostModel, decodeStepMs } from '../../src/plan/cost-model.ts'
import { plainServing, rooflineCost } from '../../src/plan/roofline.ts'

const catalog = loadCatalog()
const base = rooflineCost(catalog.gpu('h100-sxm'), catalog.model('llama-3.1-8b'))
/** A GPU that is slower at everything than the catalogue thinks. */
const truth: CostModel = {
  ...base,
  linearFlopsPerMs: base.linearFlopsPerMs * 0.71,
  attentionFlopsPerMs: base.attentionFlopsPerMs * 0.43,
  weightBytesPerMs: base.weightBytesPerMs * 0.9,
  kvBytesPerMs: base.kvBytesPerMs * 0.8,
}

const plain = { batch: 1, bytes: undefined, hasAllReduce: true } as const
const prefill = (cost: CostModel, contextTokens: number): MeasuredPoint => ({
  ...plain,
  kind: 'prefill',
  contextTokens,
  ms: contextPrefillMs(cost, contextTokens, 8192),
})
const decode = (cost: CostModel, batch: number, contextTokens: number): MeasuredPoint => ({
  ...plain,
  kind: 'decode',
  contextTokens,
  batch,
  ms: decodeStepMs(cost, batch, batch * contextTokens),
})
const decodes = [1, 4, 16].flatMap((batch) => [1000, 8000, 64_000].map((context) => decode(truth, batch, context)))

describe('measured points', () => {
  it('give back the rates that they were made with', () => {
    const points = [2000, 4000, 8000, 16_000, 32_000, 64_000].map((tokens) =>
      prefill({ ...truth, stepOverheadMs: 3.5 }, tokens),
    )
    const { cost, fitErrorRelative } = measuredCost({ ...base, stepOverheadMs: 2 }, points)
    const known = measuredCost({ ...truth, linearFlopsPerMs: 1, stepOverheadMs: 2 }, points).cost
    for (const key of ['linearFlopsPerMs', 'attentionFlopsPerMs'] as const)
      expect(known[key] / truth[key]).toBeCloseTo(1, 6)
    expect(known.stepOverheadMs).toBeCloseTo(3.5, 6)
    // The rate of reading earlier chunks is the catalogue's here: it hardly matters.
    expect(cost.linearFlopsPerMs / truth.linearFlopsPerMs).toBeCloseTo(1, 1)
    expect(fitErrorRelative).toBeLessThan(0.01)
  })

  it('of decodes give the rates of weights and KV, and leave the rest', () => {
    const { cost, fitErrorRelative } = measuredCost(base, decodes)
    expect(cost.weightBytesPerMs / truth.weightBytesPerMs).toBeCloseTo(1, 6)
    expect(cost.kvBytesPerMs / truth.kvBytesPerMs).toBeCloseTo(1, 6)
    expect(cost.linearFlopsPerMs).toBe(base.linearFlopsPerMs)
    expect(fitErrorRelative).toBeLessThan(1e-6)
  })

  it('of both kinds give all rates', () => {
    const prefills = [3000, 12_000, 48_000].map((tokens) => prefill(truth, tokens))
    const { cost } = measuredCost(base, [...prefills, ...decodes])
    for (const key of ['linearFlopsPerMs', 'attentionFlopsPerMs', 'weightBytesPerMs', 'kvBytesPerMs'] as const)
      expect(cost[key] / truth[key]).toBeCloseTo(1, 6)
    expect(cost.stepOverheadMs).toBe(base.stepOverheadMs)
  })

  it('of one length scale both rates alike', () => {
    const point = prefill(base, 20_000)
    const { cost } = measuredCost(base, [{ ...point, ms: point.ms * 2 }])
    const slower = base.linearFlopsPerMs / cost.linearFlopsPerMs
    expect(base.attentionFlopsPerMs / cost.attentionFlopsPerMs).toBeCloseTo(slower, 9)
    expect(contextPrefillMs(cost, 20_000, 8192)).toBeCloseTo(point.ms * 2, 6)
  })

  it('hold the all-reduces of a group unless they say that they do not', () => {
    const serving = { ...plainServing(), tensorParallel: 8 }
    const group = rooflineCost(catalog.gpu('h100-sxm'), catalog.model('llama-3.1-70b'), serving)
    const lengths = [2000, 8000, 32_000]
    const whole = measuredCost(
      group,
      lengths.map((tokens) => prefill(group, tokens)),
    )
    expect(whole.cost.allReduceMsPerToken).toBe(0)
    expect(contextPrefillMs(whole.cost, 16_000, 8192) / contextPrefillMs(group, 16_000, 8192)).toBeCloseTo(1, 2)
    const alone = { ...group, allReduceMsPerToken: 0 }
    const parts = lengths.map((tokens) => ({ ...prefill(alone, tokens), hasAllReduce: false }))
    const { cost, fitErrorRelative } = measuredCost(group, parts)
    expect(cost.allReduceMsPerToken).toBe(group.allReduceMsPerToken)
    expect(fitErrorRelative).toBeLessThan(1e-6)
    expect(contextPrefillMs(cost, 16_000, 8192) / contextPrefillMs(group, 16_000, 8192)).toBeCloseTo(1, 6)
    expect(() => measuredCost(group, [...parts, prefill(group, 1000)])).toThrow('some prefills hold the all-reduces')
  })

  it('of copies give rates', () => {
    const copy = (kind: 'h2d' | 'd2d', ms: number): MeasuredPoint => ({
      ...plain,
      kind,
      contextTokens: 0,
      ms,
      bytes: 1e9,
    })
    const { cost, ...rates } = measuredCost(base, [copy('h2d', 20), copy('h2d', 25), copy('h2d', 40), copy('d2d', 1)])
    expect(cost).toEqual(base)
    expect(rates).toEqual({ fitErrorRelative: undefined, hostReadBytesPerMs: 4e7, deviceCopyBytesPerMs: 2e9 })
  })
})
