import { assert } from '../errors.ts'
import { studentTQuantile } from './student-t.ts'

/** An estimate with its 95 % interval. */
export interface Interval {
  readonly low: number
  readonly mid: number
  readonly high: number
}

/** What was measured of one arm, slice by slice in turn with the other arms. */
export interface ArmTimes {
  /** Per repeat the measured time of each step. */
  readonly repeats: readonly ArrayLike<number>[]
  /** The slice of each step, counted from 0; the same slices ran one after the other in all arms. */
  readonly slices: ArrayLike<number>
}

export interface MultiplierError {
  /** Half the width of the interval in logarithms: M × exp(± this). Null where there is one repeat only. */
  readonly logHalfWidth: number | null
  /** The interval around a multiplier, or null. */
  around(multiplier: number): Interval | null
}

const slicesPerGroup = 3
/** For the maximum over GPUs, and for what the clock cannot resolve. */
const widening = 1.25
const resolution = 0.001

/**
 * The error of timing in a multiplier, from repeats interleaved slice by slice: deviations of log slice times from
 * their mean over repeats, weighted by the slice's share, baseline against arm, summed over three neighbouring slices.
 * It says nothing about other workloads. It holds only where arms take turns in every slice: whole arms in turn give
 * neither coverage nor a useful width.
 */
export function multiplierError(baseline: ArmTimes, arm: ArmTimes): MultiplierError {
  const repeats = baseline.repeats.length
  assert(arm.repeats.length === repeats, 'both arms ran as often', { baseline: repeats, arm: arm.repeats.length })
  const logHalfWidth = repeats < 2 ? null : halfWidth(sliceTimes(baseline), sliceTimes(arm), repeats)
  return {
    logHalfWidth,
    around: (multiplier) =>
      logHalfWidth === null
        ? null
        : { low: multiplier / Math.exp(logHalfWidth), mid: multiplier, high: multiplier * Math.exp(logHalfWidth) },
  }
}

/**
 * A timeline that bursts of other work on the machine hardly reach: each step at its least over the repeats, and the
 * steps of a slice stretched to the slice's geometric mean.
 */
export function robustStepMs(arm: ArmTimes): Float64Array {
  const steps = minimaStepMs(arm)
  const { typicalMs } = sliceTimes(arm)
  const leastMs = new Float64Array(typicalMs.length)
  for (let i = 0; i < steps.length; i++) leastMs[arm.slices[i]!]! += steps[i]!
  for (let i = 0; i < steps.length; i++) {
    const slice = arm.slices[i]!
    steps[i] = steps[i]! * (typicalMs[slice]! / leastMs[slice]!)
  }
  return steps
}

/** Each step at its least over the repeats: least noise, but biased by about 1 %. */
export function minimaStepMs({ repeats }: ArmTimes): Float64Array {
  const [first, ...others] = repeats
  assert(first !== undefined, 'an arm ran at least once')
  const least = Float64Array.from(first)
  for (const times of others) {
    assert(times.length === least.length, 'the plan is fixed', { steps: least.length, measured: times.length })
    for (let i = 0; i < least.length; i++) least[i] = Math.min(least[i]!, times[i]!)
  }
  return least
}

/** Cross-check of a ratio of total step times (baseline ÷ arm), without an interval. */
export function minimaRatio(baseline: ArmTimes, arm: ArmTimes): number {
  const total = (times: ArmTimes): number => minimaStepMs(times).reduce((sum, ms) => sum + ms, 0)
  return total(baseline) / total(arm)
}

interface SliceTimes {
  /** Per slice the geometric mean over repeats of its total; 0 where the arm has no step in it. */
  readonly typicalMs: Float64Array
  /** Per repeat and slice the log total less its mean over repeats. */
  readonly deviations: readonly Float64Array[]
}

function sliceTimes({ repeats, slices }: ArmTimes): SliceTimes {
  let count = 0
  for (let i = 0; i < slices.length; i++) count = Math.max(count, slices[i]! + 1)
  const logs = repeats.map((times) => {
    assert(times.length === slices.length, 'each step has a slice', { steps: times.length, slices: slices.length })
    const totals = new Float64Array(count)
    for (let i = 0; i < times.length; i++) {
      assert(times[i]! > 0 && Number.isFinite(times[i]!), 'a measured time is positive', { step: i, ms: times[i] })
      totals[slices[i]!]! += times[i]!
    }
    return totals.map(Math.log)
  })
  const typicalMs = new Float64Array(count)
  const deviations = logs.map(() => new Float64Array(count))
  for (let k = 0; k < count; k++) {
    const mean = logs.reduce((sum, log) => sum + log[k]!, 0) / logs.length
    if (mean === Number.NEGATIVE_INFINITY) continue
    typicalMs[k] = Math.exp(mean)
    logs.forEach((log, r) => {
      deviations[r]![k] = log[k]! - mean
    })
  }
  return { typicalMs, deviations }
}

function halfWidth(baseline: SliceTimes, arm: SliceTimes, repeats: number): number {
  const groups = Math.ceil(Math.max(baseline.typicalMs.length, arm.typicalMs.length) / slicesPerGroup)
  let squares = 0
  for (let r = 0; r < repeats; r++) {
    const sums = new Float64Array(groups)
    addWeighted(sums, baseline, r, 1)
    addWeighted(sums, arm, r, -1)
    for (const sum of sums) squares += sum * sum
  }
  const variance = squares / ((repeats - 1) * repeats)
  return widening * studentTQuantile(0.975, groups * (repeats - 1)) * Math.sqrt(variance) + resolution
}

/** Adds a repeat's deviations, each weighted by its slice's share of the arm, to the sums of the groups. */
function addWeighted(sums: Float64Array, { typicalMs, deviations }: SliceTimes, repeat: number, sign: number): void {
  const totalMs = typicalMs.reduce((sum, ms) => sum + ms, 0)
  for (let k = 0; k < typicalMs.length; k++) {
    sums[Math.floor(k / slicesPerGroup)]! += (sign * typicalMs[k]! * deviations[repeat]![k]!) / totalMs
  }
}
