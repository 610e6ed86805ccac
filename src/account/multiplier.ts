import type { ArmMetrics } from './metrics.ts'

/** What a ratio of two arms may be read as, by which of them starved in the window. */
export type Bound = 'exact' | 'lower' | 'upper' | 'loadLimited'

/** Starved for more than this, an arm is not limited by memory but by the load on offer. */
export const starvedLimit = 0.1

/** Effective GPU multiplier: tokens per GPU-second of an arm ÷ that of the baseline, and what it bounds. */
export function multiplierOf(arm: ArmMetrics, baseline: ArmMetrics): { readonly value: number; readonly bound: Bound } {
  return { value: arm.tokensPerGpuSecond / baseline.tokensPerGpuSecond, bound: boundOf(arm, baseline) }
}

export function boundOf(arm: Pick<ArmMetrics, 'starvedShare'>, baseline: Pick<ArmMetrics, 'starvedShare'>): Bound {
  const armStarves = arm.starvedShare > starvedLimit
  const baselineStarves = baseline.starvedShare > starvedLimit
  if (armStarves && baselineStarves) return 'loadLimited'
  if (armStarves) return 'lower'
  return baselineStarves ? 'upper' : 'exact'
}
