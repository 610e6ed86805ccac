import type { Range } from '../result.ts'
import { overRanges } from './range.ts'
import { flashUsdPerDay } from './savings.ts'

/** One prompt whose prefix is cached: what it takes of a replica with the cache, and without. */
export interface CachedPrompt {
  readonly promptTokens: number
  /** The prefix that is fetched; the rest is computed. */
  readonly cachedTokens: number
  readonly gpusPerReplica: number
  /** Computing the whole prompt. */
  readonly recomputeMs: number
  /** Fetching the prefix. */
  readonly fetchMs: number
  /** Computing the rest behind it. */
  readonly restMs: number
  /**
   * How much of its GPU a fetch keeps: 1 when the GPU waits for it, 0 when others use the GPU meanwhile.
   * Left out: 1, and 0 as the low end.
   */
  readonly fetchHoldsGpu?: Range
  readonly kvBytesPerToken: number
  /** From one use of the prefix to the next: how long flash keeps it for each hit. */
  readonly reuseSeconds: number
  readonly gpuHourUsd: Range
  readonly flashUsdPerTbMonth: Range
}

export interface TokenCost {
  /** Of an input token that is computed: GPU time of prefill only, at full use. */
  readonly freshUsdPerMillion: Range
  /** Of one that is fetched: what the prompt costs with the cache, less its rest at the price of fresh tokens. */
  readonly cachedUsdPerMillion: Range
  /** Cached ÷ fresh: the price ratio at which neither kind pays for the other. */
  readonly honestRatio: Range
}

const msOfHour = 3_600_000
const secondsOfDay = 86_400

/**
 * What a cached input token costs beside a fresh one. The rest of a prompt attends to all that was fetched, so that its
 * tokens take more than fresh ones on average; what they take beyond their price is the cached tokens' cost, too.
 */
export function tokenCost(prompt: CachedPrompt): TokenCost {
  const { fetchHoldsGpu = { value: 1, low: 0, high: 1 }, gpuHourUsd, flashUsdPerTbMonth } = prompt
  const ranges = { holds: fetchHoldsGpu, gpuHourUsd, flash: flashUsdPerTbMonth }
  const cached = (at: Record<keyof typeof ranges, number>): number =>
    cachedUsd(prompt, at.holds, at.gpuHourUsd, at.flash)
  return {
    freshUsdPerMillion: overRanges({ gpuHourUsd }, (at) => 1e6 * freshUsd(prompt, at.gpuHourUsd)),
    cachedUsdPerMillion: overRanges(ranges, (at) => 1e6 * cached(at)),
    honestRatio: overRanges(ranges, (at) => cached(at) / freshUsd(prompt, at.gpuHourUsd)),
  }
}

function freshUsd({ recomputeMs, promptTokens, gpusPerReplica }: CachedPrompt, gpuHourUsd: number): number {
  return (recomputeMs * gpusPerReplica * gpuHourUsd) / msOfHour / promptTokens
}

function cachedUsd(prompt: CachedPrompt, holds: number, gpuHourUsd: number, flashUsdPerTbMonth: number): number {
  const { promptTokens, cachedTokens, gpusPerReplica, fetchMs, restMs, kvBytesPerToken, reuseSeconds } = prompt
  const gpuUsd = ((fetchMs * holds + restMs) * gpusPerReplica * gpuHourUsd) / msOfHour
  const restUsd = (promptTokens - cachedTokens) * freshUsd(prompt, gpuHourUsd)
  const storedUsd = flashUsdPerDay(kvBytesPerToken, flashUsdPerTbMonth) * (reuseSeconds / secondsOfDay)
  return (gpuUsd - restUsd) / cachedTokens + storedUsd
}

/** A context that is fetched and nothing computed: a point of `breakEvenOf(…).curve`. */
export function wholeFetch(
  at: { readonly contextTokens: number; readonly fetchMs: number; readonly recomputeMs: number },
  rest: Omit<CachedPrompt, 'promptTokens' | 'cachedTokens' | 'fetchMs' | 'recomputeMs' | 'restMs'>,
): CachedPrompt {
  const { contextTokens, fetchMs, recomputeMs } = at
  return { ...rest, promptTokens: contextTokens, cachedTokens: contextTokens, fetchMs, recomputeMs, restMs: 0 }
}
