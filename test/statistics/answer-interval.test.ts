import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../src/random.ts'
import { answerOf } from '../../src/statistics/answer-interval.ts'

interface World {
  /** Spread of a planned draw of thousands of requests, and of a measured one of dozens, log sd. */
  readonly long: number
  readonly short: number
  /** How far the cost model is off, log sd of the multiplier over cost models. */
  readonly costModel: number
  /** What is left between measured and planned on one draw: timing, and what the cost model gets wrong about this draw. */
  readonly onOneDraw: number
}

/** As simulated with the planner at 8 and 12 conversations a GPU (bench/answer.mjs). */
const knee: World = { long: 0.06, short: 0.27, costModel: 0.12, onOneDraw: 0.05 }
const beyond: World = { long: 0.035, short: 0.15, costModel: 0.12, onOneDraw: 0.03 }
const quiet: World = { long: 0.015, short: 0.05, costModel: 0.03, onOneDraw: 0.01 }

const truth = 2.2

function simulate(world: World, measuredDraws: number, runs: number) {
  const random = seededRandom(`answer ${world.long} ${measuredDraws}`)
  let covered = 0
  let single = 0
  let width = 0
  for (let run = 0; run < runs; run++) {
    const off = Math.exp(world.costModel * random.normal())
    const planned = Array.from({ length: 20 }, () => pair(truth * off, world.long, random))
    // In a short window the cost model's error takes another effect than in the long run.
    const window = Math.hypot(0.4 * Math.log(off), 0.02) * random.normal()
    const measured = Array.from({ length: measuredDraws }, () => {
      const draw = truth * Math.exp(world.short * random.normal())
      return { planned: draw * off, measured: draw * Math.exp(window + world.onOneDraw * random.normal()) }
    })
    const { low, high, value } = answerOf(planned, measured)
    if (low! <= truth && truth <= high!) covered++
    width += Math.log(high! / low!) / 2 / runs
    // What was printed before: the one draw that was measured, with an interval of its timing.
    if (Math.abs(Math.log(measured[0]!.measured / truth)) <= 0.04) single++
    expect(value).toBeGreaterThan(0)
  }
  return { coverage: covered / runs, width, single: single / runs }
}

/** Baseline and arm of a draw, whose ratio is `multiplier` on the average of many. */
function pair(multiplier: number, spread: number, random: Random) {
  const shift = spread * random.normal()
  return { baseline: 1000 * Math.exp(-shift / 2), arm: 1000 * multiplier * Math.exp(shift / 2) }
}

describe('answerOf', () => {
  it.each([
    ['at the knee', knee, 3],
    ['at the knee, more draws', knee, 5],
    ['beyond the knee', beyond, 3],
    ['beyond the knee, more draws', beyond, 5],
    ['where little differs', quiet, 3],
  ] as const)('covers what the workload is worth in 93 of 100 at least: %s', (_, world, measured) => {
    const { coverage } = simulate(world, measured, 1000)
    expect(coverage).toBeGreaterThan(0.93)
  })

  it('is not what a single draw with its interval of timing covers', () => {
    expect(simulate(knee, 3, 500).single).toBeLessThan(0.3)
  })

  it('is narrower with more measured draws', () => {
    expect(simulate(knee, 5, 300).width).toBeLessThan(0.8 * simulate(knee, 3, 300).width)
  })

  it('is the ratio of mean throughputs times the geometric mean of measured ÷ planned', () => {
    const { value, correction, spread } = answerOf(
      [
        { baseline: 1, arm: 3 },
        { baseline: 3, arm: 5 },
      ],
      [
        { measured: 2, planned: 1 },
        { measured: 1, planned: 2 },
        { measured: 4, planned: 2 },
      ],
    )
    expect(correction!.value).toBeCloseTo(2 ** (1 / 3), 12)
    expect(value).toBeCloseTo(2 * 2 ** (1 / 3), 12)
    expect(spread!.low).toBeLessThan(value)
  })

  it('has no interval from one planned draw, and none of the correction from one measured', () => {
    expect(answerOf([{ baseline: 1, arm: 2 }], [])).toEqual({
      value: 2,
      low: null,
      high: null,
      spread: null,
      correction: null,
    })
    const one = answerOf(
      [
        { baseline: 1, arm: 2 },
        { baseline: 2, arm: 3 },
      ],
      [{ measured: 3, planned: 2 }],
    )
    expect(one.low).toBeNull()
    expect(one.correction).toEqual({ value: 1.5, low: null, high: null })
  })
})
