import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Range } from '../../../src/claims/result.ts'
import { mustBeTrue } from '../../../src/claims/what-if/must-be-true.ts'
import type { Parameter } from '../../../src/claims/what-if/parameter.ts'
import type { TriedParameter } from '../../../src/claims/what-if/tried-parameters.ts'
import { badInput } from '../../../src/errors.ts'
import { asked, parameterOf } from './asked.ts'

const atLeast4 = ({ value }: Range): boolean => value >= 4

function tried(own: number, values: readonly number[], more: Partial<Parameter> = {}): TriedParameter {
  return { ...parameterOf('x', own, more), values }
}

/** The threshold of one parameter x. */
async function thresholdOver(
  value: (x: number) => number | Range,
  parameter: TriedParameter,
  holds = atLeast4,
  refinements = 0,
) {
  const { ask, questions } = asked({ x: parameter.own }, ({ x }) => value(x!))
  const { thresholds, notes } = await mustBeTrue({ ask, holds, parameters: [parameter], refinements })
  return { threshold: thresholds[0]!, notes, questions }
}

describe('a threshold', () => {
  it('is exact where the value is straight over the parameter’s scale', async () => {
    const log = await thresholdOver((x) => 1 + 2 * Math.log10(x), tried(10, [1, 10, 100, 1000]))
    expect(log.threshold).toMatchObject({ direction: 'atLeast', outcome: 'threshold', upper: null, from: 1, to: 1000 })
    expect(log.threshold.value).toBeCloseTo(10 ** 1.5, 6)
    const linear = await thresholdOver((x) => 10 - x, tried(1, [0, 1, 4, 8, 12], { scale: 'linear' }))
    expect(linear.threshold).toMatchObject({ direction: 'atMost' })
    expect(linear.threshold.value).toBeCloseTo(6, 9)
  })

  it('nears the root of a curved value with each refinement', async () => {
    // 5 ÷ (1 + 10 ÷ x) = 4 at x = 40.
    const errors: number[] = []
    for (const refinements of [0, 1, 2, 4]) {
      const { threshold } = await thresholdOver(
        (x) => 5 / (1 + 10 / x),
        tried(10, [1, 10, 100, 1000]),
        atLeast4,
        refinements,
      )
      errors.push(Math.abs(threshold.value! / 40 - 1))
    }
    expect(errors.toSorted((a, b) => b - a)).toEqual(errors)
    expect(errors[1]!).toBeLessThan(0.1)
    expect(errors[3]!).toBeLessThan(0.01)
  })

  it('says always and never', async () => {
    const always = await thresholdOver(() => 5, tried(2, [1, 2, 4]))
    expect(always.threshold).toMatchObject({ outcome: 'always', value: null, upper: null })
    const never = await thresholdOver(() => 3, tried(2, [1, 2, 4]))
    expect(never.threshold).toMatchObject({ outcome: 'never', value: null, upper: null })
  })

  it('has two ends in the middle of a range', async () => {
    const { threshold, notes } = await thresholdOver((x) => 6 - Math.abs(x - 10), tried(10, [0, 5, 10, 15, 20], linear))
    expect(threshold).toMatchObject({ direction: 'between', outcome: 'threshold' })
    expect(threshold.value).toBeCloseTo(8, 6)
    expect(threshold.upper).toBeCloseTo(12, 6)
    expect(notes).toEqual([])
  })

  it('is that of the range nearest to the claim’s own value, and says that there are others', async () => {
    const humps = (x: number): number => (x <= 3 ? 5 : x <= 10 ? 1 : x <= 14 ? 7 : 1)
    const values = Array.from({ length: 21 }, (_, i) => i)
    const inside = await thresholdOver(humps, tried(12, values, linear))
    expect(inside.threshold.direction).toBe('between')
    expect(inside.notes[0]).toContain('several ranges (0 to 3.25, 10.5 to 14.5)')
    const near = await thresholdOver(humps, tried(5, values, linear))
    expect(near.threshold.direction).toBe('atMost')
    expect(near.threshold.value).toBeCloseTo(3.25, 9)
    const far = await thresholdOver(humps, tried(19, values, linear))
    expect(far.threshold.direction).toBe('between')
  })

  it('reads the condition, not the value: a low end that must suffice', async () => {
    const { threshold } = await thresholdOver(
      (x) => ({ value: x, low: x - 1, high: x + 1 }),
      tried(1, [1, 9], linear),
      ({ low }) => low >= 4,
    )
    expect(threshold.value).toBeCloseTo(5, 6)
  })

  it('is the smallest or largest whole number where the parameter is whole, as counting finds it', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 33 }),
      fc.constantFrom(1, -1),
      fc.integer({ min: 1, max: 32 }),
      async (edge, sign, own) => {
        const value = (x: number): number => (sign * (x - edge) >= 0 ? 5 : 3)
        const all = Array.from({ length: 32 }, (_, i) => i + 1)
        const counted = all.filter((x) => value(x) >= 4)
        const { threshold } = await thresholdOver(value, tried(own, [1, 2, 4, 8, 16, 32], whole), atLeast4, 8)
        if (counted.length === 0) expect(threshold.outcome).toBe('never')
        else if (counted.length === 32) expect(threshold.outcome).toBe('always')
        else expect(threshold.value).toBe(sign === 1 ? counted[0] : counted.at(-1))
      },
    )
    await fc.assert(property, { numRuns: 100, seed: 7 })
  })

  it('asks the claim’s own value as the claim itself, and no more than it says', async () => {
    const { questions } = await thresholdOver((x) => x, tried(8, [1, 2, 8, 16]), atLeast4, 1)
    expect(questions).toHaveLength(5)
    expect(questions.filter(({ options }) => Object.keys(options).length === 0)).toHaveLength(1)
  })

  it('is asked of the variant that the parameter names', async () => {
    const claim = asked({ x: 2 }, () => 5)
    const variant = asked({ x: 2 }, ({ x }) => x!)
    const parameters = [{ ...tried(2, [1, 2, 8], linear), ask: variant.ask }]
    const { thresholds } = await mustBeTrue({ ask: claim.ask, holds: atLeast4, parameters })
    expect(thresholds[0]!.value).toBeCloseTo(4, 6)
    expect(claim.questions).toEqual([])
  })

  it('passes over values that cannot be tried, and says so', async () => {
    const { threshold, notes } = await thresholdOver(
      (x) => {
        if (x === 16) throw badInput('--context', 'nothing fits', '')
        return x === 8 ? Number.NaN : x
      },
      tried(2, [1, 2, 6, 8, 16]),
    )
    expect(threshold).toMatchObject({ direction: 'atLeast', from: 1, to: 6 })
    expect(notes).toEqual([
      'x 8 could not be tried: the figure does not exist there',
      'x 16 could not be tried: --context: nothing fits.',
    ])
  })

  it('lets other errors through', async () => {
    const broken = thresholdOver(
      () => {
        throw new Error('invariant broken')
      },
      tried(2, [1, 2]),
    )
    await expect(broken).rejects.toThrow('invariant broken')
  })
})

const linear = { scale: 'linear' } as const
const whole = { isWhole: true } as const
