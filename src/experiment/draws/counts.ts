import type { PlanCounts } from '../../plan/engine/engine.ts'

/** Counts of several plans together. */
export function sumOfCounts(counts: readonly PlanCounts[]): PlanCounts {
  const keys = Object.keys(counts[0]!) as (keyof PlanCounts)[]
  const sums = keys.map((key) => [key, counts.reduce((sum, one) => sum + one[key], 0)] as const)
  return Object.fromEntries(sums) as Record<keyof PlanCounts, number>
}
