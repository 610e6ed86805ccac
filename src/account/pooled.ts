import { type ArmMetrics, armMetrics } from './metrics.ts'
import { sumOfTotals, type WindowTotals } from './window-totals.ts'

/** The books of an arm in one window. */
export interface WindowBooks {
  readonly metrics: ArmMetrics
  readonly replicas: readonly WindowTotals[]
}

/** The books of several windows as if they had been one. */
export interface PooledBooks extends WindowBooks {
  readonly totals: WindowTotals
  /** Output tokens ÷ (GPUs × time) of each replica: the mean of these is that of the arm. */
  readonly replicaRates: readonly number[]
}

/**
 * Joins the windows of several draws: counts and samples are put together; throughputs are means over the draws, so that the
 * ratio of two arms is the ratio of mean throughputs, as in every other place.
 */
export function pooledBooks(draws: readonly WindowBooks[], gpusPerReplica: number): PooledBooks {
  const windowMs = draws.map(({ metrics }) => metrics.window.seconds * 1000)
  const lengthMs = windowMs.reduce((sum, ms) => sum + ms, 0)
  const count = Math.max(...draws.map(({ replicas }) => replicas.length))
  const replicas = Array.from({ length: count }, (_, i) =>
    sumOfTotals(
      draws.flatMap((draw) => draw.replicas[i] ?? []),
      0,
      lengthMs,
    ),
  )
  const rateIn = ({ metrics, replicas }: WindowBooks, replica: number): number =>
    (replicas[replica]?.outputTokens ?? 0) / (gpusPerReplica * metrics.window.seconds)
  const totals = sumOfTotals(replicas, 0, lengthMs)
  const { gpus } = draws[0]!.metrics
  const mean = (rate: (metrics: ArmMetrics) => number): number =>
    draws.reduce((sum, { metrics }) => sum + rate(metrics), 0) / draws.length
  return {
    totals,
    replicas,
    replicaRates: replicas.map((_, i) => draws.reduce((sum, draw) => sum + rateIn(draw, i), 0) / draws.length),
    metrics: {
      ...armMetrics(totals, gpus / gpusPerReplica, gpusPerReplica),
      tokensPerSecond: mean(({ tokensPerSecond }) => tokensPerSecond),
      tokensPerGpuSecond: mean(({ tokensPerGpuSecond }) => tokensPerGpuSecond),
      totalTokensPerGpuSecond: mean(({ totalTokensPerGpuSecond }) => totalTokensPerGpuSecond),
    },
  }
}
