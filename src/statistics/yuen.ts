import { assert } from '../errors.ts'
import { studentTCdf, studentTQuantile } from './student-t.ts'

/** The trimmed mean of a sample and how sure it is. */
export interface TrimmedMean {
  readonly count: number
  readonly mean: number
  readonly standardError: number
  readonly degreesOfFreedom: number
  /** One-sided: how probable a mean at least as high is where the true one is 0. */
  readonly pAbove: number
  /** Half the width of the 95 % interval. */
  readonly halfWidth: number
}

/** Of a sorted sample, this share is cut off on each side. */
const trimmedShare = 0.2
const fewest = 5

/**
 * Yuen's trimmed t on paired differences: mean of the middle 60 %, standard error from the winsorised deviation, n − 2c − 1
 * degrees of freedom. Yuen, "The two-sample trimmed t for unequal population variances", Biometrika 1974; Wilcox,
 * "Introduction to Robust Estimation and Hypothesis Testing", 4.3. What hits less than a fifth of the pairs does not reach it.
 */
export function trimmedMean(sample: ArrayLike<number>): TrimmedMean {
  const count = sample.length
  assert(count >= fewest, 'a trimmed mean needs a sample', { count })
  const sorted = Float64Array.from(sample).sort()
  const cut = Math.floor(trimmedShare * count)
  const kept = count - 2 * cut
  const mean = sum(sorted.subarray(cut, count - cut)) / kept
  for (let i = 0; i < cut; i++) {
    sorted[i] = sorted[cut]!
    sorted[count - 1 - i] = sorted[count - 1 - cut]!
  }
  const centre = sum(sorted) / count
  const variance = sum(sorted.map((value) => (value - centre) ** 2)) / (count - 1)
  const standardError = Math.sqrt(variance) / ((1 - 2 * trimmedShare) * Math.sqrt(count))
  const degreesOfFreedom = kept - 1
  return {
    count,
    mean,
    standardError,
    degreesOfFreedom,
    pAbove: probabilityAbove(mean, standardError, degreesOfFreedom),
    halfWidth: studentTQuantile(0.975, degreesOfFreedom) * standardError,
  }
}

function probabilityAbove(mean: number, standardError: number, degreesOfFreedom: number): number {
  // Where nothing varies there is nothing to doubt.
  if (standardError === 0) return mean > 0 ? 0 : 1
  return studentTCdf(-mean / standardError, degreesOfFreedom)
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
