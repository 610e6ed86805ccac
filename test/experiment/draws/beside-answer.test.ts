import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attribution } from '../../../src/experiment/analysis/attribution.ts'
import type { StrongestBaseline } from '../../../src/experiment/analysis/strongest-baseline.ts'
import type { ArmAnswer } from '../../../src/experiment/draws/answers.ts'
import { againstStrongest, besideAnswer, toAnswer } from '../../../src/experiment/draws/beside-answer.ts'

const answersOf = (values: Readonly<Record<string, number>>): Map<string, ArmAnswer> =>
  new Map(Object.entries(values).map(([name, value]) => [name, { value } as ArmAnswer]))

/** What is free, planned on a few draws; of its figures only the throughput is read here. */
function strongest(arm: string, rate: number, rates: Readonly<Record<string, number>>): StrongestBaseline {
  const figures = (tokensPerGpuSecond: number) => ({ tokensPerGpuSecond })
  const arms = Object.fromEntries(Object.entries(rates).map(([name, one]) => [name, figures(one)]))
  return { arm, figures: figures(rate), arms } as unknown as StrongestBaseline
}

const rate = fc.double({ min: 0.5, max: 200, noNaN: true })

describe('the arms against the strongest free baseline', () => {
  const answers = answersOf({ 'local-dram': 2, warehouse: 3 })

  it('where it is an arm of the run itself, it is answer ÷ answer, whatever the few draws say', () => {
    const found = strongest('local-dram', 25, { 'hbm-only': 10, 'local-dram': 25, warehouse: 31 })
    expect(againstStrongest(found, answers)).toEqual({ 'hbm-only': 0.5, 'local-dram': 1, warehouse: 1.5 })
    const baseline = strongest('hbm-only', 10, { 'hbm-only': 10, 'local-dram': 25, warehouse: 31 })
    expect(againstStrongest(baseline, answers)).toEqual({ 'hbm-only': 1, 'local-dram': 2, warehouse: 3 })
  })

  it('where it is better than its arm, by as much as the few draws say', () => {
    const found = strongest('local-dram', 30, { 'hbm-only': 10, 'local-dram': 25, warehouse: 31 })
    expect(againstStrongest(found, answers).warehouse).toBeCloseTo(1.5 / 1.2, 12)
    expect(againstStrongest(found, answers)['local-dram']).toBeCloseTo(1 / 1.2, 12)
  })

  it('falls back on the baseline where the run does not have its arm, and on the draws without an answer', () => {
    const found = strongest('local-dram', 30, { 'hbm-only': 10, warehouse: 31 })
    expect(againstStrongest(found, answersOf({ warehouse: 3 }))).toEqual({ 'hbm-only': 1 / 3, warehouse: 1 })
    const without = againstStrongest(found, answersOf({}))
    expect(without.warehouse).toBeCloseTo(31 / 30, 12)
  })

  it('keeps every ratio between arms that of their answers', () => {
    fc.assert(
      fc.property(rate, rate, rate, rate, (dram, warehouse, own, free) => {
        const some = answersOf({ 'local-dram': dram, warehouse })
        const found = strongest('local-dram', free, { 'hbm-only': 10, 'local-dram': own, warehouse: 7 })
        const against = againstStrongest(found, some)
        expect(against.warehouse! / against['local-dram']! / (warehouse / dram)).toBeCloseTo(1, 9)
        expect(against.warehouse! / against['hbm-only']! / warehouse).toBeCloseTo(1, 9)
      }),
      { seed: 3 },
    )
  })
})

describe('other ways of replaying', () => {
  const way = (name: string, isOwn: boolean, multiplier: Readonly<Record<string, number>>) => ({
    name,
    summary: '',
    multiplier,
    isOwn,
  })

  it('have the answer in the run’s own way, and elsewhere differ from it as on the same draws', () => {
    const ways = [way('own', true, { warehouse: 2.5, other: 2 }), way('cold', false, { warehouse: 2, other: 4 })]
    const [own, cold] = besideAnswer(ways, answersOf({ warehouse: 3 }))
    expect(own!.multiplier.warehouse).toBe(3)
    expect(cold!.multiplier.warehouse).toBeCloseTo(2.4, 12)
    // Without an answer they stay as they were planned.
    expect([own!.multiplier.other, cold!.multiplier.other]).toEqual([2, 4])
    expect([own!.isOwn, cold!.name]).toEqual([true, 'cold'])
  })

  it('stay as they are without one that is the run’s own', () => {
    const ways = [way('cold', false, { warehouse: 2 })]
    expect(besideAnswer(ways, answersOf({ warehouse: 3 }))).toEqual(ways)
  })
})

/** An attribution whose factors multiply from none to real. */
function attribution(none: number, gains: readonly [number, number], losses: readonly [number, number, number]) {
  const [capacity, sharing] = gains
  const [latencyAndBandwidth, queueing, stores] = losses
  const both = none * capacity * sharing
  return {
    tokensPerGpuSecond: {
      none,
      capacity: none * capacity,
      sharing: none * sharing,
      both,
      real: both * latencyAndBandwidth * queueing * stores,
    },
    gain: { capacity, sharing },
    loss: { latencyAndBandwidth, queueing, stores },
  } satisfies Attribution
}

const product = ({ gain, loss }: Attribution): number =>
  gain.capacity * gain.sharing * loss.latencyAndBandwidth * loss.queueing * loss.stores

describe('the parts of a gain', () => {
  const found = attribution(10, [2, 1.5], [0.9, 0.98, 1])

  it('multiply to the answer, and so do the throughputs', () => {
    const told = toAnswer(found, 3)
    expect(product(told)).toBeCloseTo(3, 12)
    const { none, both, real } = told.tokensPerGpuSecond
    expect(none).toBe(10)
    expect(real / none).toBeCloseTo(3, 12)
    expect(both / none).toBeCloseTo(told.gain.capacity * told.gain.sharing, 12)
  })

  it('keep their shares of the gain, and a part that does nothing does nothing', () => {
    const told = toAnswer(found, 3)
    const share = ({ gain, tokensPerGpuSecond: { real, none } }: Attribution): number =>
      Math.log(gain.sharing) / Math.log(real / none)
    expect(share(told)).toBeCloseTo(share(found), 12)
    expect(told.loss.stores).toBe(1)
  })

  it('multiply to whatever answer is of the same kind', () => {
    const factor = fc.double({ min: 1.05, max: 4, noNaN: true })
    const loss = fc.double({ min: 0.97, max: 1, noNaN: true })
    fc.assert(
      fc.property(factor, factor, loss, loss, fc.double({ min: 0.6, max: 1.9, noNaN: true }), (a, b, c, d, stretch) => {
        const one = attribution(20, [a, b], [c, d, 1])
        const answer = (one.tokensPerGpuSecond.real / 20) ** stretch
        expect(product(toAnswer(one, answer)) / answer).toBeCloseTo(1, 9)
      }),
      { seed: 5 },
    )
  })

  it('stay as they are where the few draws say something else than the many', () => {
    expect(toAnswer(found, undefined)).toBe(found)
    expect(toAnswer(found, 1)).toBe(found)
    expect(toAnswer(found, 0.8)).toBe(found)
    expect(toAnswer(found, 100)).toBe(found)
    expect(toAnswer(attribution(10, [1, 1], [1, 1, 1]), 1)).toMatchObject({ gain: { capacity: 1 } })
  })
})
