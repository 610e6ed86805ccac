import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../../src/catalog/catalog.ts'
import { assumptionsOf } from '../../../src/claims/what-if/assumptions.ts'
import { spaced, together } from '../../../src/claims/what-if/parameter.ts'
import { type DeploymentFigures, standardParameters } from '../../../src/claims/what-if/parameters.ts'
import { triedParameters } from '../../../src/claims/what-if/tried-parameters.ts'
import { adjusted } from '../../../src/experiment/adjust.ts'
import { type Deployment, targetDefaults, targetDeployment } from '../../../src/experiment/scale/deployment.ts'
import { parseBytes } from '../../../src/units.ts'

const catalog = loadCatalog()
const deployment: Deployment = targetDeployment(
  {
    ...targetDefaults(),
    gpu: catalog.gpu('h100-sxm'),
    model: catalog.model('llama-3.1-70b'),
    tensorParallel: 8,
    warehouseLink: catalog.link('weka-amg'),
    dramLink: catalog.link('pcie5-x16'),
    contextTokens: 64_000,
    maxContextTokens: 131_072,
    dramBytes: 256e9,
  },
  64,
)
const figures: DeploymentFigures = {
  sessionsPerReplica: 12,
  poolBytes: deployment.poolTokens * deployment.cost.kvBytesPerToken,
  dramBytesPerGpu: 256e9,
  contextTokens: 64_000,
  maxContextTokens: 131_072,
  linkGBPerSecond: deployment.warehouseLink.readBytesPerMs / 8 / 1e6,
  linkLatencyMs: deployment.warehouseLink.latencyMs,
  meanOutputTokens: 400,
  prefillMfu: deployment.gemmMfu!,
  hbmBandwidthShare: 0.7,
}
const standard = standardParameters(figures)

describe('a standard parameter', () => {
  it('puts the deployment at the value that was asked for', () => {
    const at = (name: keyof typeof standard, value: number): Deployment =>
      adjusted(deployment, standard[name].question(value).adjustments)
    const pool = at('hbmForKv', 200)
    expect(pool.poolTokens * pool.cost.kvBytesPerToken).toBeCloseTo(200e9, -6)
    expect(at('linkRate', 40).warehouseLink.readBytesPerMs).toBeCloseTo(8 * 40e6, 3)
    expect(at('linkLatency', 7).warehouseLink.latencyMs).toBeCloseTo(7, 9)
    const mfu = at('prefillMfu', 0.3).cost.linearFlopsPerMs / (8 * 989e9)
    expect(mfu).toBeCloseTo(0.3, 6)
    expect(at('hbmBandwidth', 0.35).cost.kvBytesPerMs).toBeCloseTo(deployment.cost.kvBytesPerMs / 2, 3)
    expect(at('contextTokens', 16_000).workloadScale).toMatchObject({ tokenScale: 0.25, outputScale: 1 })
    expect(at('outputTokens', 800).workloadScale).toMatchObject({ tokenScale: 1, outputScale: 2 })
    expect(at('thinkTimes', 3).timeScale).toBe(3)
  })

  it('names options as the command line has them', () => {
    expect(standard.sessionsPerReplica.question(9).options).toEqual({ 'sessions-per-replica': '9' })
    const longer = standard.contextTokens.question(96_000)
    expect(longer).toEqual({ options: { 'max-context': '196608' }, adjustments: { contextFactor: 1.5 } })
    const { dram } = standard.hostDram.question(64 * Math.SQRT2).options
    expect(parseBytes(dram!, 'dram')).toBeCloseTo(64e9 * Math.SQRT2, -6)
  })

  it('has its own value on its grid, in order, and is left out where there is nothing to multiply', () => {
    const tried = triedParameters(figures)
    expect(tried.map(({ name }) => name)).toHaveLength(8)
    for (const { values, own } of tried) {
      expect(values).toContain(own)
      expect(values.toSorted((a, b) => a - b)).toEqual(values)
      expect(new Set(values).size).toBe(values.length)
    }
    const sessions = tried.find(({ name }) => name === 'conversations per replica')!
    expect(sessions.values).toEqual([1, 3, 8, 12, 23, 64])
    const free = triedParameters({ ...figures, linkLatencyMs: 0 })
    expect(free.map(({ name }) => name)).not.toContain('link latency')
  })
})

describe('an assumption', () => {
  it('has a range with a reason', () => {
    const assumptions = assumptionsOf(figures)
    expect(assumptions).toHaveLength(9)
    for (const { low, high, reason } of assumptions) {
      expect(low).toBeLessThan(high)
      expect(reason).not.toBe('')
    }
    const sessions = assumptions.find(({ name }) => name === 'conversations per replica')
    expect(sessions).toMatchObject({ low: 6, high: 24 })
  })

  it('stays a number of conversations', () => {
    const one = assumptionsOf({ ...figures, sessionsPerReplica: 1 })
    expect(one.find(({ name }) => name === 'conversations per replica')).toMatchObject({ low: 1, high: 2 })
  })
})

describe('values', () => {
  it('are spaced by factors or by differences, fewer where they round to the same', () => {
    expect(spaced({ scale: 'log', isWhole: false }, 1, 16, 5)).toEqual([1, 2, 4, 8, 16])
    expect(spaced({ scale: 'linear', isWhole: false }, 1, 3, 5)).toEqual([1, 1.5, 2, 2.5, 3])
    expect(spaced({ scale: 'log', isWhole: true }, 1, 4, 7)).toEqual([1, 2, 3, 4])
  })

  it('are asked together only where they are of different things', () => {
    const both = together(standard.linkRate.question(40), standard.sessionsPerReplica.question(4))
    expect(both.options).toEqual({ 'sessions-per-replica': '4' })
    expect(Object.keys(both.adjustments)).toEqual(['linkRateFactor'])
    expect(() => together(standard.linkRate.question(40), standard.linkRate.question(20))).toThrow(/differ in what/)
  })
})
