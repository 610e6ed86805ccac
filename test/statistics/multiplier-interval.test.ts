import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../src/random.ts'
import {
  type ArmTimes,
  minimaRatio,
  minimaStepMs,
  multiplierError,
  robustStepMs,
} from '../../src/statistics/multiplier-interval.ts'
import { quantile } from '../../src/statistics/quantile.ts'
import { studentTQuantile } from '../../src/statistics/student-t.ts'

const sliceCount = 24

interface Machine {
  /** Spread of single steps, as a log sd. */
  readonly step: number
  /** Size of the slow wandering of the machine's speed from one slice to the next. */
  readonly drift: number
  /** Share of slices that other work slows down, by up to `burst`. */
  readonly bursts: number
  readonly burst: number
}

const quiet: Machine = { step: 0.02, drift: 0.004, bursts: 0.02, burst: 0.1 }
const normal: Machine = { step: 0.04, drift: 0.01, bursts: 0.08, burst: 0.25 }
const bad: Machine = { step: 0.08, drift: 0.03, bursts: 0.2, burst: 0.6 }

/** Runs arms slice by slice in random order on a machine with a will of its own. */
function measure(
  arms: readonly Float64Array[],
  slices: Uint8Array,
  repeats: number,
  machine: Machine,
  random: Random,
): ArmTimes[] {
  const measured = arms.map((steps) => Array.from({ length: repeats }, () => new Float64Array(steps.length)))
  for (let repeat = 0; repeat < repeats; repeat++) {
    let speed = 0.1 * random.normal()
    for (let slice = 0; slice < sliceCount; slice++) {
      const order = arms.map((_, arm) => ({ arm, key: random.next() })).sort((a, b) => a.key - b.key)
      for (const { arm } of order) {
        speed = 0.97 * speed + machine.drift * random.normal()
        const burst = random.next() < machine.bursts ? machine.burst * random.next() : 0
        arms[arm]!.forEach((ms, i) => {
          if (slices[i] === slice)
            measured[arm]![repeat]![i] = ms * Math.exp(speed + burst + machine.step * Math.abs(random.normal()))
        })
      }
    }
  }
  return measured.map((times) => ({ repeats: times, slices }))
}

const total = (times: Float64Array): number => times.reduce((a, b) => a + b, 0)

function simulate(truth: number, repeats: number, machine: Machine, runs: number) {
  const random = seededRandom(`${truth} ${repeats} ${machine.step}`)
  const steps = 12 * sliceCount
  const slices = Uint8Array.from({ length: steps }, (_, i) => Math.floor(i / 12))
  let covered = 0
  const widths: number[] = []
  for (let run = 0; run < runs; run++) {
    const base = Float64Array.from({ length: steps }, () => random.logNormal(1, 0.5))
    const other = truth === 1 ? base : Float64Array.from({ length: steps }, () => random.logNormal(0.5, 0.3))
    const factor = truth === 1 ? 1 : total(base) / truth / total(other)
    const [baseline, arm] = measure([base, other.map((ms) => ms * factor)], slices, repeats, machine, random)
    const multiplier = total(robustStepMs(baseline!)) / total(robustStepMs(arm!))
    const { low, high } = multiplierError(baseline!, arm!).around(multiplier)!
    if (low <= truth && truth <= high) covered++
    widths.push((high - low) / multiplier)
  }
  return {
    coverage: covered / runs,
    width: quantile(
      widths.sort((a, b) => a - b),
      0.5,
    ),
  }
}

describe('the interval of a multiplier', () => {
  it.each([
    ['quiet', 1, quiet, 0.02],
    ['normal', 1, normal, 0.06],
    ['bad', 1, bad, 0.18],
    ['normal', 3.2, normal, 0.06],
    ['bad', 3.2, bad, 0.18],
  ] as const)('holds the truth and is narrow on a %s machine: truth %d', (_, truth, machine, widest) => {
    const { coverage, width } = simulate(truth, 3, machine, 300)
    expect(coverage).toBeGreaterThanOrEqual(0.95)
    expect(width).toBeLessThan(widest)
  })

  it('holds the truth with two repeats, too', () => {
    expect(simulate(1, 2, normal, 300).coverage).toBeGreaterThanOrEqual(0.95)
  })

  it('gets narrower with repeats', () => {
    expect(simulate(1, 8, normal, 60).width).toBeLessThan(0.75 * simulate(1, 3, normal, 60).width)
  })

  it('follows the formula on a case small enough for paper', () => {
    // One step a slice. The baseline's first slice is e^0.2 slower in the second repeat, all else is steady.
    const slices = [0, 1, 2, 3, 4, 5]
    const steady = [1, 1, 1, 1, 1, 1]
    const baseline = { repeats: [steady, [Math.exp(0.2), 1, 1, 1, 1, 1]], slices }
    const arm = { repeats: [steady, steady], slices }
    const weight = Math.exp(0.1) / (Math.exp(0.1) + 5)
    const h = studentTQuantile(0.975, 2) * Math.sqrt((2 * (weight * 0.1) ** 2) / 2)
    expect(multiplierError(baseline, arm).logHalfWidth).toBeCloseTo(1.25 * h + 0.001, 12)
  })

  it('is none with one repeat', () => {
    const arm = { repeats: [[1, 2]], slices: [0, 1] }
    const error = multiplierError(arm, arm)
    expect([error.logHalfWidth, error.around(2)]).toEqual([null, null])
  })

  it('is not shaken by slices without steps of an arm', () => {
    const arm = {
      repeats: [
        [1, 2],
        [1, 2],
      ],
      slices: [0, 5],
    }
    expect(multiplierError(arm, arm).logHalfWidth).toBeCloseTo(0.001, 12)
    expect([...robustStepMs(arm)]).toEqual([1, 2].map((ms) => expect.closeTo(ms, 12)))
  })

  it('refuses times that cannot be, and arms that differ in repeats', () => {
    const arm = {
      repeats: [
        [1, 2],
        [1, 2],
      ],
      slices: [0, 1],
    }
    expect(() => robustStepMs({ ...arm, repeats: [[1, 0]] })).toThrow('a measured time is positive')
    expect(() => robustStepMs({ ...arm, repeats: [[1, 2], [1]] })).toThrow('the plan is fixed')
    expect(() => multiplierError(arm, { ...arm, repeats: [[1, 2]] })).toThrow('both arms ran as often')
  })
})

describe('the timeline that bursts hardly reach', () => {
  it('is each step at its least, stretched to the geometric mean of its slice', () => {
    const arm = {
      repeats: [
        [1, 4, 5],
        [2, 2, 5],
      ],
      slices: [0, 0, 1],
    }
    const stretch = Math.sqrt(5 * 4) / 3
    expect([...minimaStepMs(arm)]).toEqual([1, 2, 5])
    expect([...robustStepMs(arm)]).toEqual([stretch, 2 * stretch, 5].map((ms) => expect.closeTo(ms, 12)))
  })

  it('has a cross-check by minima', () => {
    const slow = {
      repeats: [
        [3, 3],
        [4, 2],
      ],
      slices: [0, 1],
    }
    const fast = {
      repeats: [
        [1, 1],
        [1, 2],
      ],
      slices: [0, 1],
    }
    expect(minimaRatio(slow, fast)).toBe(5 / 2)
  })
})
