import { describe, expect, it } from 'vitest'
import type { Assumption } from '../../../src/claims/what-if/assumptions.ts'
import { claimMap } from '../../../src/claims/what-if/claim-map.ts'
import { morris, trajectory } from '../../../src/claims/what-if/morris.ts'
import { tornado } from '../../../src/claims/what-if/tornado.ts'
import { badInput } from '../../../src/errors.ts'
import { seededRandom } from '../../../src/random.ts'
import { asked, parameterOf } from './asked.ts'

function assumption(
  name: string,
  own: number,
  low: number,
  high: number,
  scale: 'log' | 'linear' = 'linear',
): Assumption {
  return { ...parameterOf(name, own, { scale }), low, high, reason: 'for the test' }
}

describe('a map', () => {
  it('has the value at every pair of values, and the claim’s own as a point', async () => {
    const { ask, questions } = asked({ a: 4, b: 10 }, ({ a, b }) => a! * b!)
    const map = await claimMap({
      ask,
      x: { parameter: parameterOf('a', 4), from: 1, to: 32 },
      y: { parameter: parameterOf('b', 10), from: 1, to: 1000 },
      line: 4.2,
      label: 'the claim',
    })
    expect(questions).toHaveLength(36)
    expect(map.x.values).toEqual([1, 2, 4, 8, 16, 32])
    map.values.forEach((row, j) => {
      row.forEach((value, i) => {
        expect(value).toBeCloseTo(map.x.values[i]! * map.y.values[j]!, 9)
      })
    })
    expect(map).toMatchObject({ line: 4.2, point: { x: 4, y: 10, label: 'the claim' } })
  })

  it('leaves a hole where nothing can be tried', async () => {
    const { ask } = asked({ a: 1, b: 1 }, ({ a, b }) => {
      if (a! * b! > 8) throw badInput('', 'too large', '')
      return 1
    })
    const axis = (name: string) => ({ parameter: parameterOf(name, 1), from: 1, to: 4 })
    const { values } = await claimMap({ ask, x: axis('a'), y: axis('b'), line: 1, label: '', size: 3 })
    expect(values).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, Number.NaN],
    ])
  })
})

describe('a tornado', () => {
  it('has the largest effect first, whichever way it goes', async () => {
    const { ask, questions } = asked({ a: 1, b: 1, c: 1 }, ({ a, b, c }) => 10 + a! - 5 * b! + 2 * c!)
    const bars = await tornado(
      ask,
      ['a', 'b', 'c'].map((name) => assumption(name, 1, 0, 3)),
    )
    expect(bars.map((bar) => [bar.assumption, bar.low.output, bar.high.output])).toEqual([
      ['b', 13, -2],
      ['c', 6, 12],
      ['a', 7, 10],
    ])
    expect(questions).toHaveLength(7)
  })

  it('counts an effect that is largest in the middle', async () => {
    const { ask } = asked({ a: 0, b: 0 }, ({ a, b }) => 10 - a! ** 2 + b!)
    const bars = await tornado(ask, [assumption('b', 0, -1, 1), assumption('a', 0, -3, 3)])
    expect(bars[0]!.assumption).toBe('a')
  })
})

describe('a Morris screen', () => {
  it('gives the slopes of a straight function, and no spread', async () => {
    const { ask, questions } = asked({}, ({ a, b, c }) => 3 * a! - 7 * b! + 0 * c!)
    const scale = (name: string) => assumption(name, 99, 0, 2)
    const screen = await morris(ask, [scale('a'), scale('b'), scale('c')], { random: seededRandom(1), trajectories: 5 })
    expect(screen.map(({ assumption: name }) => name)).toEqual(['b', 'a', 'c'])
    expect(screen[0]!.muStar).toBeCloseTo(14, 9)
    expect(screen[1]!.muStar).toBeCloseTo(6, 9)
    for (const { sigma } of screen) expect(sigma).toBeCloseTo(0, 9)
    expect(questions).toHaveLength(5 * 4)
  })

  it('walks on the assumption’s own scale', async () => {
    const { ask } = asked({}, ({ a }) => Math.log2(a!))
    const screen = await morris(ask, [assumption('a', 99, 1, 16, 'log')], { random: seededRandom(2) })
    expect(screen[0]!.muStar).toBeCloseTo(4, 9)
    expect(screen[0]!.sigma).toBeCloseTo(0, 9)
  })

  it('finds what enumerating every elementary effect of Ishigami’s function finds', async () => {
    const levels = 4
    const exact = ['a', 'b', 'c'].map((_, i) => enumerated(i, levels))
    const { ask } = asked({}, ({ a, b, c }) => ishigami([a!, b!, c!]))
    const names = ['a', 'b', 'c'].map((name) => assumption(name, 99, -Math.PI, Math.PI))
    const screen = await morris(ask, names, { random: seededRandom(3), trajectories: 4000, levels })
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      const found = screen.find((row) => row.assumption === name)!
      expect(found.muStar / exact[i]!.muStar).toBeCloseTo(1, 1)
      expect(found.sigma / exact[i]!.sigma).toBeCloseTo(1, 1)
    }
    // 7 sin² is 0 at ±π and 5.25 at ±π ÷ 3, over two thirds of the range.
    expect(screen.find((row) => row.assumption === 'b')!.muStar).toBeCloseTo(5.25 * 1.5, 9)
  })

  it('moves each assumption once a walk, and keeps to the levels', () => {
    const { points, moved } = trajectory(7, 6, seededRandom(4))
    expect(points).toHaveLength(8)
    expect(moved.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
    moved.forEach((assumption, step) => {
      const changes = points[step]!.map((level, i) => points[step + 1]![i]! - level)
      expect(Math.abs(changes[assumption]!)).toBe(3)
      expect(changes.filter((change) => change !== 0)).toHaveLength(1)
    })
    expect(points.flat().every((level) => level >= 0 && level < 6)).toBe(true)
  })

  it('is the same for the same seed', async () => {
    const { ask } = asked({}, ({ a, b }) => a! * b!)
    const both = [assumption('a', 99, 0, 2), assumption('b', 99, 0, 3)]
    const screen = (seed: number) => morris(ask, both, { random: seededRandom(seed) })
    expect(await screen(5)).toEqual(await screen(5))
  })
})

/** Ishigami and Homma 1990, a = 7, b = 0.1. */
function ishigami([x, y, z]: readonly [number, number, number]): number {
  return Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x)
}

/** Mean of absolute values and standard deviation of all elementary effects of one input on the grid. */
function enumerated(input: number, levels: number) {
  const value = (level: number): number => -Math.PI + (2 * Math.PI * level) / (levels - 1)
  const effects: number[] = []
  const all = Array.from({ length: levels }, (_, i) => i)
  for (const a of all)
    for (const b of all)
      for (const c of all) {
        const from = [a, b, c]
        if (from[input]! >= levels / 2) continue
        const to = from.with(input, from[input]! + levels / 2)
        const at = (point: readonly number[]) => ishigami(point.map(value) as [number, number, number])
        effects.push((at(to) - at(from)) / (levels / 2 / (levels - 1)))
      }
  const mean = effects.reduce((sum, effect) => sum + effect, 0) / effects.length
  return {
    muStar: effects.reduce((sum, effect) => sum + Math.abs(effect), 0) / effects.length,
    sigma: Math.sqrt(effects.reduce((sum, effect) => sum + (effect - mean) ** 2, 0) / effects.length),
  }
}
