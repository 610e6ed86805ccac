/** Two arms in one slice of a run: measured ÷ planned time of each. */
export interface SlicePair {
  readonly baseline: number
  readonly arm: number
}

/** Fewer slices have no neighbours to speak of. */
const leastSlices = 4

/**
 * The noise of timing in the ratio of two arms that took turns slice by slice, from one pass: neighbouring slices differ by noise,
 * while what a cost model gets wrong changes slowly. What it gets wrong from one slice to the next counts as noise, so that this is
 * an upper bound. Standard deviation of the logarithm; null from too few slices. Mean square successive difference: von Neumann,
 * Kent, Bellinson and Hart, Annals of Mathematical Statistics 1941.
 */
export function sliceNoise(slices: readonly SlicePair[]): number | null {
  if (slices.length < leastSlices) return null
  const logs = slices.map(({ baseline, arm }) => Math.log(baseline / arm))
  let squares = 0
  for (let i = 1; i < logs.length; i++) squares += (logs[i]! - logs[i - 1]!) ** 2
  const variance = squares / (2 * (logs.length - 1))
  return Math.sqrt(variance / logs.length)
}
