import type { ArmMetrics } from '../../account/metrics.ts'

/** What a point of a sweep keeps of an arm. */
export interface PointFigures {
  readonly tokensPerGpuSecond: number
  readonly hitRate: number
  readonly ceilingHitRate: number
  readonly redundantPrefillOverhead: number
  readonly busyShare: number
  readonly stalledShare: number
  readonly starvedShare: number
  readonly ttftP50Ms: number | null
  readonly ttftP95Ms: number | null
  readonly tpotP50Ms: number | null
  readonly tpotP95Ms: number | null
}

export function pointFigures(metrics: ArmMetrics): PointFigures {
  const { tokensPerGpuSecond, hitRate, ceilingHitRate, redundantPrefillOverhead } = metrics
  const { busyShare, stalledShare, starvedShare, ttftMs, tpotMs } = metrics
  const shares = { hitRate, ceilingHitRate, redundantPrefillOverhead, busyShare, stalledShare, starvedShare }
  const ttft = { ttftP50Ms: ttftMs.p50, ttftP95Ms: ttftMs.p95 }
  return { tokensPerGpuSecond, ...shares, ...ttft, tpotP50Ms: tpotMs.p50, tpotP95Ms: tpotMs.p95 }
}

/** Throughput of two arms in each draw. */
export function pointRates(draws: readonly Readonly<Record<string, PointFigures>>[], arm: string, baseline: string) {
  return draws.map((draw) => ({
    arm: draw[arm]!.tokensPerGpuSecond,
    baseline: draw[baseline]!.tokensPerGpuSecond,
  }))
}

/** Means over seeds; a latency that some seed does not have is none. */
export function meanFigures(points: readonly PointFigures[]): PointFigures {
  const mean = (value: (point: PointFigures) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length
  const meanOrNull = (value: (point: PointFigures) => number | null): number | null => {
    const values = points.map(value).filter((ms) => ms !== null)
    return values.length === points.length ? values.reduce((sum, ms) => sum + ms, 0) / values.length : null
  }
  return {
    tokensPerGpuSecond: mean((point) => point.tokensPerGpuSecond),
    hitRate: mean((point) => point.hitRate),
    ceilingHitRate: mean((point) => point.ceilingHitRate),
    redundantPrefillOverhead: mean((point) => point.redundantPrefillOverhead),
    busyShare: mean((point) => point.busyShare),
    stalledShare: mean((point) => point.stalledShare),
    starvedShare: mean((point) => point.starvedShare),
    ttftP50Ms: meanOrNull((point) => point.ttftP50Ms),
    ttftP95Ms: meanOrNull((point) => point.ttftP95Ms),
    tpotP50Ms: meanOrNull((point) => point.tpotP50Ms),
    tpotP95Ms: meanOrNull((point) => point.tpotP95Ms),
  }
}
