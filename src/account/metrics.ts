import { quantile } from '../statistics/quantile.ts'
import type { WindowTotals } from './window-totals.ts'

/** p50, p90, p95 and p99 in ms; null where the window saw none. */
export interface Percentiles {
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** The figures of one arm over its window. Every prompt token is in exactly one of the five sources. */
export interface ArmMetrics {
  readonly gpus: number
  /** Of all GPUs together. */
  readonly tokensPerSecond: number
  readonly tokensPerGpuSecond: number
  /** Output tokens plus prompt tokens of admitted requests, per GPU-second; never mixed with the line above. */
  readonly totalTokensPerGpuSecond: number
  readonly promptTokens: number
  readonly outputTokens: number
  readonly hbmHitTokens: number
  readonly dramHitTokens: number
  readonly warehouseHitTokens: number
  readonly firstTimeTokens: number
  readonly redundantTokens: number
  readonly recomputedAfterPreemptionTokens: number
  readonly hitRate: number
  readonly ceilingHitRate: number
  readonly redundantPrefillOverhead: number
  readonly busyShare: number
  readonly stalledShare: number
  readonly starvedShare: number
  readonly gpuTimeShare: {
    readonly usefulPrefill: number
    readonly redundantPrefill: number
    readonly decode: number
    readonly stalled: number
    readonly starved: number
  }
  readonly ttftMs: Percentiles
  readonly tpotMs: Percentiles
  readonly e2eMs: Percentiles
  readonly window: { readonly requests: number; readonly seconds: number }
}

/** Over the totals of a window. @param gpusPerReplica a tensor-parallel group is one replica */
export function armMetrics(totals: WindowTotals, replicas: number, gpusPerReplica: number): ArmMetrics {
  const windowMs = totals.closeMs - totals.openMs
  const gpus = replicas * gpusPerReplica
  const gpuMs = windowMs * gpus
  const busyMs = totals.usefulPrefillMs + totals.redundantPrefillMs + totals.decodeMs
  const hitTokens = totals.hbmHitTokens + totals.dramHitTokens + totals.warehouseHitTokens
  const share = (ms: number): number => (windowMs > 0 ? ms / (windowMs * replicas) : 0)
  const rate = (tokens: number): number => (totals.promptTokens > 0 ? tokens / totals.promptTokens : 0)
  return {
    gpus,
    tokensPerSecond: windowMs > 0 ? (totals.outputTokens / windowMs) * 1000 : 0,
    tokensPerGpuSecond: gpuMs > 0 ? (totals.outputTokens / gpuMs) * 1000 : 0,
    totalTokensPerGpuSecond: gpuMs > 0 ? ((totals.outputTokens + totals.promptTokens) / gpuMs) * 1000 : 0,
    promptTokens: totals.promptTokens,
    outputTokens: totals.outputTokens,
    hbmHitTokens: totals.hbmHitTokens,
    dramHitTokens: totals.dramHitTokens,
    warehouseHitTokens: totals.warehouseHitTokens,
    firstTimeTokens: totals.promptTokens - totals.ceilingTokens,
    redundantTokens: totals.ceilingTokens - hitTokens,
    recomputedAfterPreemptionTokens: totals.recomputedAfterPreemptionTokens,
    hitRate: rate(hitTokens),
    ceilingHitRate: rate(totals.ceilingTokens),
    redundantPrefillOverhead:
      busyMs > totals.redundantPrefillMs ? totals.redundantPrefillMs / (busyMs - totals.redundantPrefillMs) : 0,
    busyShare: share(busyMs),
    stalledShare: share(totals.stalledMs),
    starvedShare: share(totals.starvedMs),
    gpuTimeShare: {
      usefulPrefill: share(totals.usefulPrefillMs),
      redundantPrefill: share(totals.redundantPrefillMs),
      decode: share(totals.decodeMs),
      stalled: share(totals.stalledMs),
      starved: share(totals.starvedMs),
    },
    ttftMs: percentiles(totals.ttftMs),
    tpotMs: percentiles(totals.tpotMs),
    e2eMs: percentiles(totals.e2eMs),
    window: { requests: totals.requestsEnded, seconds: windowMs / 1000 },
  }
}

function percentiles(sample: readonly number[]): Percentiles {
  const sorted = Float64Array.from(sample).sort()
  const at = (share: number): number | null => (sorted.length === 0 ? null : quantile(sorted, share))
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) }
}
