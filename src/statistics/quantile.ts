import { assert } from '../errors.ts'

/**
 * Quantile of a sample that is sorted upwards: linear between the two order statistics around (n − 1) × share
 * (type 7 of Hyndman and Fan 1996; the default of NumPy and R).
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  assert(sorted.length > 0, 'a quantile needs a sample')
  assert(share >= 0 && share <= 1, 'a quantile is a share', { share })
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const low = sorted[below]!
  return below === place ? low : low + (place - below) * (sorted[below + 1]! - low)
}

/** Several quantiles of a sample in any order. */
export function quantiles(sample: Iterable<number>, shares: readonly number[]): number[] {
  const sorted = Float64Array.from(sample).sort()
  return shares.map((share) => quantile(sorted, share))
}
