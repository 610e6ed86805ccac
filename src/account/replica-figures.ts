import { armMetrics } from './metrics.ts'
import type { WindowTotals } from './window-totals.ts'

/** One replica over the window: an average can hide one that starves its users. */
export interface ReplicaFigures {
  readonly tokensPerGpuSecond: number
  readonly hitRate: number
  readonly ceilingHitRate: number
  readonly busyShare: number
  readonly stalledShare: number
  readonly starvedShare: number
  readonly ttftP50Ms: number | null
  readonly ttftP95Ms: number | null
  readonly requests: number
}

export function replicaFigures(replicas: readonly WindowTotals[], gpusPerReplica: number): ReplicaFigures[] {
  return replicas.map((totals) => {
    const { tokensPerGpuSecond, hitRate, ceilingHitRate, busyShare, stalledShare, starvedShare, ttftMs, window } =
      armMetrics(totals, 1, gpusPerReplica)
    const shares = { hitRate, ceilingHitRate, busyShare, stalledShare, starvedShare }
    const times = { ttftP50Ms: ttftMs.p50, ttftP95Ms: ttftMs.p95 }
    return { tokensPerGpuSecond, ...shares, ...times, requests: window.requests }
  })
}
