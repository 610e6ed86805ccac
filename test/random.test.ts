import { describe, expect, test } from 'vitest'
import { hash53, seededRandom, shuffled } from '../src/random.ts'

describe('a seeded stream', () => {
  test('is the same for the same seed, on every machine', () => {
    const random = seededRandom(1)
    expect([random.integer(1000), random.integer(1000), random.integer(1000)]).toMatchInlineSnapshot(`
      [
        889,
        745,
        826,
      ]
    `)
  })

  test('is not moved by its forks, which differ by label', () => {
    const plain = seededRandom(5)
    const forked = seededRandom(5)
    const a = forked.fork('a').next()
    expect(forked.fork('b').next()).not.toBe(a)
    expect(forked.next()).toBe(plain.next())
  })

  test('is uniform and normal as far as 20,000 draws show', () => {
    const random = seededRandom('moments')
    const uniform = Array.from({ length: 20_000 }, () => random.next())
    const normal = Array.from({ length: 20_000 }, () => random.normal())
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(mean(normal))).toBeLessThan(0.03)
    expect(Math.abs(mean(normal.map((value) => value * value)) - 1)).toBeLessThan(0.04)
  })

  test('shuffles without losing anything', () => {
    const items = Array.from({ length: 50 }, (_, i) => i)
    const order = shuffled(items, seededRandom(2))
    expect(order).not.toEqual(items)
    expect([...order].sort((a, b) => a - b)).toEqual(items)
  })
})

test('hash53 gives safe integers and hardly collides', () => {
  const seen = new Set<number>()
  for (let a = 0; a < 300; a++) for (let b = 0; b < 300; b++) seen.add(hash53(a, b))
  expect(seen.size).toBe(90_000)
  for (const hash of seen) expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true)
})
