import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../../../src/catalog/catalog.ts'
import { demandOf } from '../../../src/claims/economics/demand.ts'
import {
  gpuHourUsdOf,
  marketCachedRatio,
  ownPricesSchema,
  readPrices,
  withOwnPrices,
} from '../../../src/claims/economics/prices.ts'
import { exactly, overRanges } from '../../../src/claims/economics/range.ts'
import { fleetGpusFor, type Saving, savingsUsdPerDay } from '../../../src/claims/economics/savings.ts'
import { tokenCost, wholeFetch } from '../../../src/claims/economics/token-cost.ts'

const prices = readPrices()
const gpuHourUsd = { value: 2.5, low: 2, high: 5 }
const flashUsdPerTbMonth = { value: 12, low: 5, high: 40 }

describe('prices', () => {
  it('are those of the facts, each in order and with a source', () => {
    expect(gpuHourUsdOf(prices, 'b300')).toMatchObject({ low: 4.5, value: 6, high: 12 })
    expect(prices.electricityUsdPerKwh).toMatchObject({ low: 0.05, value: 0.08, high: 0.15 })
    expect(marketCachedRatio(prices).value).toBeCloseTo(0.1, 9)
    const known = loadCatalog().gpus.map(({ name }) => name)
    for (const gpu of Object.keys(prices.gpuHourUsd)) expect(known).toContain(gpu)
  })

  it('give way to those of the user', () => {
    const own = ownPricesSchema.parse({
      gpuHourUsd: { h20: 1.2 },
      electricityUsdPerKwh: { low: 0.1, typical: 0.2, high: 0.3 },
    })
    const joined = withOwnPrices(prices, own)
    expect(gpuHourUsdOf(joined, 'h20')).toEqual({ value: 1.2, low: 1.2, high: 1.2, source: 'as given' })
    expect(gpuHourUsdOf(joined, 'h200')).toEqual(prices.gpuHourUsd.h200)
    expect(joined.electricityUsdPerKwh.value).toBe(0.2)
    expect(joined.flashUsdPerTbMonth).toEqual(prices.flashUsdPerTbMonth)
  })

  it('are refused out of order, under an unknown key, or for a GPU without one', () => {
    expect(() => ownPricesSchema.parse({ electricityUsdPerKwh: { low: 3, typical: 2, high: 1 } })).toThrow(
      /in the order/,
    )
    expect(() => ownPricesSchema.parse({ electricity: 1 })).toThrow(/electricity/)
    expect(() => gpuHourUsdOf(prices, 'l40s')).toThrow(
      'prices gpuHourUsd "l40s": is not known. Give it in the deployment file',
    )
  })
})

describe('a range over ranges', () => {
  it('is that of a fine grid, for a function that is monotone in each', () => {
    const a = { value: 2, low: 1, high: 4 }
    const b = { value: -1, low: -3, high: 2 }
    const follows = ({ a: x, b: y }: Record<'a' | 'b', number>): number => y ** 3 - 1 / x
    const grid = [0, 0.25, 0.5, 0.75, 1].map((t) => [a.low + 3 * t, b.low + 5 * t] as const)
    const all = grid.flatMap(([x]) => grid.map(([, y]) => follows({ a: x, b: y })))
    expect(overRanges({ a, b }, follows)).toEqual({
      value: follows({ a: 2, b: -1 }),
      low: Math.min(...all),
      high: Math.max(...all),
    })
  })
})

describe('savings', () => {
  const saving: Saving = {
    multiplier: { value: 2, low: 1, high: 4 },
    gpuHourUsd,
    storedBytesPerGpu: 0,
    flashUsdPerTbMonth,
  }

  it('are the GPU-hours that are not needed, less flash', () => {
    // Half of 100 GPUs, 24 hours, 2.5 USD; at best three quarters at 5; at 1× nothing.
    expect(savingsUsdPerDay(100, saving)).toEqual({ value: 3000, low: 0, high: 9000 })
    // 3.04375 TB at 12 USD a month of 30.4375 days: 1.2 USD a day and GPU.
    const stored = savingsUsdPerDay(100, { ...saving, storedBytesPerGpu: 3.04375e12 })
    expect(stored.value).toBeCloseTo(3000 - 120, 6)
    expect(stored.low).toBeCloseTo(-400, 6)
  })

  it('reach an amount at a fleet that saves just that', () => {
    const stored = { ...saving, multiplier: { value: 2, low: 1.5, high: 4 }, storedBytesPerGpu: 1e12 }
    const fleet = fleetGpusFor(1e6, stored)
    expect(savingsUsdPerDay(fleet.value, stored).value).toBeCloseTo(1e6, 3)
    expect(savingsUsdPerDay(fleet.low, stored).high).toBeCloseTo(1e6, 3)
    expect(savingsUsdPerDay(fleet.high, stored).low).toBeCloseTo(1e6, 3)
  })

  it('never reach it where nothing is saved', () => {
    expect(fleetGpusFor(1e6, saving)).toEqual({ value: 1e6 / 30, low: 1e6 / 90, high: Number.POSITIVE_INFINITY })
    const loss = { ...saving, multiplier: exactly(0.8) }
    expect(savingsUsdPerDay(10, loss).value).toBeCloseTo(-150, 9)
    expect(fleetGpusFor(1, loss).value).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a cached token', () => {
  const service = { gpusPerReplica: 8, kvBytesPerToken: 0, reuseSeconds: 0, gpuHourUsd, flashUsdPerTbMonth }

  it('costs fetch ÷ recompute of a fresh one where all is fetched, nothing where nobody waits', () => {
    const cost = tokenCost(wholeFetch({ contextTokens: 36_000, fetchMs: 100, recomputeMs: 1000 }, service))
    expect(cost.honestRatio.value).toBeCloseTo(0.1, 9)
    expect(cost.honestRatio.low).toBe(0)
    // 8 GPU-seconds at 2.5 USD an hour for 36,000 tokens.
    expect(cost.freshUsdPerMillion.value).toBeCloseTo((8 / 3600) * 2.5 * (1e6 / 36_000), 9)
  })

  it('carries what the rest of the prompt takes beyond its price', () => {
    // 800 of 1,000 tokens fetched in 50 ms; the last 200 take 300 ms of the 1,000 that all take, 100 more than a fifth.
    const prompt = { ...service, promptTokens: 1000, cachedTokens: 800, recomputeMs: 1000, fetchMs: 50, restMs: 300 }
    const { honestRatio, freshUsdPerMillion, cachedUsdPerMillion } = tokenCost({ ...prompt, fetchHoldsGpu: exactly(1) })
    expect(honestRatio.value).toBeCloseTo((50 + 100) / 800, 9)
    // Both ways of paying for the prompt are the same.
    const paid = 200 * freshUsdPerMillion.value + 800 * cachedUsdPerMillion.value
    expect(paid / 1e6).toBeCloseTo(((0.35 * 8) / 3600) * 2.5, 12)
  })

  it('pays for its place in the warehouse from one use to the next', () => {
    const month = 30.4375 * 86_400
    const prompt = wholeFetch(
      { contextTokens: 1000, fetchMs: 0, recomputeMs: 1000 },
      { ...service, kvBytesPerToken: 1e6, reuseSeconds: month },
    )
    // A million tokens are 1 TB, kept for a month.
    expect(tokenCost(prompt).cachedUsdPerMillion).toMatchObject({ value: 12, low: 5, high: 40 })
  })
})

describe('a hundredfold demand', () => {
  it('takes GPUs, power and money, less of each by the multiplier', () => {
    const { without, with: served } = demandOf({
      gpusToday: 1000,
      growth: 100,
      multiplier: { value: 4, low: 2, high: 5 },
      gpuHourUsd,
      boardWatts: 1000,
      powerOverheadRatio: { value: 0.5, low: 0.5, high: 1 },
      electricityUsdPerKwh: exactly(0.1),
      storedBytesPerGpu: 0,
      flashUsdPerTbMonth,
    })
    expect(without.gpus).toEqual(exactly(100_000))
    expect(without.megawatts).toEqual({ value: 150, low: 150, high: 200 })
    expect(without.usdPerDay.value).toBe(100_000 * 60)
    // 150 MW for 24 hours at 100 USD a MWh.
    expect(without.electricityUsdPerDay.value).toBeCloseTo(360_000, 6)
    expect(served.gpus).toEqual({ value: 25_000, low: 20_000, high: 50_000 })
    expect(served.megawatts).toEqual({ value: 37.5, low: 30, high: 100 })
    expect(served.usdPerDay.value).toBe(without.usdPerDay.value / 4)
  })

  it('leaves what savings say between both sides', () => {
    const shared = { multiplier: exactly(3), gpuHourUsd, storedBytesPerGpu: 2e12, flashUsdPerTbMonth }
    const { without, with: served } = demandOf({
      ...shared,
      gpusToday: 10,
      growth: 100,
      boardWatts: 700,
      powerOverheadRatio: exactly(0),
      electricityUsdPerKwh: exactly(0),
    })
    expect(without.usdPerDay.value - served.usdPerDay.value).toBeCloseTo(savingsUsdPerDay(1000, shared).value, 6)
  })
})
