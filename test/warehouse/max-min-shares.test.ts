import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinkDirection } from '../../src/warehouse/link.ts'
import { maxMinShares } from '../../src/warehouse/max-min-shares.ts'
import { naiveRates, resourcesOf } from './naive-fluid.ts'
import { randomLink } from './random-link.ts'

const transferCounts = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 9 })

describe('max-min fair shares', () => {
  it('agree with filling flow by flow', () => {
    check((link, counts, rates) => {
      const replicas = counts.flatMap((count, replica) => Array.from({ length: count }, () => replica))
      naiveRates(link, replicas).forEach((rate, flow) => {
        expect(rates[replicas[flow]!]! / rate).toBeCloseTo(1, 9)
      })
    })
  })

  it('give every transfer a full resource on which none is faster', () => {
    check((link, counts, rates) => {
      const used = new Map<string, { load: number; fastest: number }>()
      counts.forEach((count, replica) => {
        for (const { name } of resourcesOf(link, replica)) {
          const { load, fastest } = used.get(name) ?? { load: 0, fastest: 0 }
          used.set(name, { load: load + count * rates[replica]!, fastest: Math.max(fastest, rates[replica]!) })
        }
      })
      counts.forEach((count, replica) => {
        if (count === 0) {
          expect(rates[replica]).toBe(0)
          return
        }
        const resources = resourcesOf(link, replica)
        for (const { name, capacity } of resources)
          expect(used.get(name)!.load).toBeLessThanOrEqual(capacity * (1 + 1e-9))
        const isBottleneck = resources.some(({ name, capacity }) => {
          const { load, fastest } = used.get(name)!
          return load >= capacity * (1 - 1e-9) && rates[replica]! >= fastest * (1 - 1e-9)
        })
        expect(isBottleneck).toBe(true)
      })
    })
  })

  it('of a small case by hand', () => {
    const link = { bytesPerMs: 10, latencyMs: 0, host: { replicas: 2, bytesPerMs: 12 }, fabricBytesPerMs: 15 }
    const rates = new Float64Array(4)
    // Host 0 halves its 12 over two replicas until the fabric's 15 over three flows is less; host 1 has one flow.
    maxMinShares(link, Int32Array.of(1, 1, 1, 0), rates)
    expect([...rates]).toEqual([5, 5, 5, 0])
    // Three flows on replica 0 have 10 ÷ 3 each; the fabric leaves 15 − 10 to replica 2.
    maxMinShares(link, Int32Array.of(3, 0, 1, 0), rates)
    expect(rates[0]).toBeCloseTo(10 / 3, 12)
    expect(rates[2]).toBeCloseTo(5, 12)
  })
})

function check(property: (link: LinkDirection, counts: number[], rates: Float64Array) => void): void {
  fc.assert(
    fc.property(randomLink, transferCounts, (link, counts) => {
      const rates = new Float64Array(counts.length).fill(7)
      maxMinShares(link, Int32Array.from(counts), rates)
      property(link, counts, rates)
    }),
    { seed: 21, numRuns: 500 },
  )
}
