import { assert } from '../errors.ts'
import { quantile } from './quantile.ts'

/** What other workloads of the same kind gave: a range with its probability, not an interval of timing. */
export interface SeedSpread {
  readonly seeds: number
  readonly median: number
  readonly min: number
  readonly max: number
  /** How probably a new workload of the same kind falls inside min..max: (S − 1) ÷ (S + 1), whatever the distribution. */
  readonly coverageRatio: number
}

export function seedSpread(multipliers: readonly number[]): SeedSpread {
  const seeds = multipliers.length
  assert(seeds > 0, 'a spread needs a seed')
  const sorted = Float64Array.from(multipliers).sort()
  return {
    seeds,
    median: quantile(sorted, 0.5),
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
    coverageRatio: (seeds - 1) / (seeds + 1),
  }
}
