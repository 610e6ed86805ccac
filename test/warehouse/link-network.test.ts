import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinkDirection } from '../../src/warehouse/link.ts'
import { LinkNetwork } from '../../src/warehouse/link-network.ts'
import { type Asked, naiveEnds } from './naive-fluid.ts'
import { randomLink } from './random-link.ts'

const replicas = 5
const asked = fc
  .array(
    fc.record({
      startMs: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.double({ min: 0, max: 20, noNaN: true })),
      replica: fc.nat(replicas - 1),
      bytes: fc.oneof(fc.constantFrom(8, 16), fc.double({ min: 0.5, max: 200, noNaN: true })),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((transfers) => transfers.sort((a, b) => a.startMs - b.startMs))

describe('link network', () => {
  it('ends every transfer when a fluid counted down byte by byte does', () => {
    fc.assert(
      fc.property(randomLink, asked, (link, transfers) => {
        const ends = endsOf(link, transfers)
        const expected = naiveEnds(link, transfers)
        ends.forEach((end, i) => {
          expect(Math.abs(end - expected[i]!) / expected[i]!).toBeLessThan(1e-9)
        })
      }),
      { seed: 31, numRuns: 400 },
    )
  })

  it('moves all bytes, never faster than any of its capacities', () => {
    fc.assert(
      fc.property(randomLink, asked, (link, transfers) => {
        const ends = endsOf(link, transfers)
        const first = Math.min(...transfers.map(({ startMs }) => startMs)) + link.latencyMs
        const busyMs = Math.max(...ends) - first
        const total = transfers.reduce((sum, { bytes }) => sum + bytes, 0)
        if (link.fabricBytesPerMs !== undefined)
          expect(total).toBeLessThanOrEqual(link.fabricBytesPerMs * busyMs * (1 + 1e-9))
        expect(total).toBeLessThanOrEqual(link.bytesPerMs * replicas * busyMs * (1 + 1e-9))
        transfers.forEach(({ startMs, bytes }, i) => {
          expect(ends[i]! - startMs).toBeGreaterThanOrEqual((link.latencyMs + bytes / link.bytesPerMs) * (1 - 1e-9))
        })
      }),
      { seed: 32, numRuns: 200 },
    )
  })

  it('estimates what happens to a transfer when nothing else changes', () => {
    fc.assert(
      fc.property(
        randomLink,
        fc.array(fc.nat(replicas - 1), { maxLength: 8 }),
        fc.nat(replicas - 1),
        (link, busy, replica) => {
          const network = new LinkNetwork<number>(link, replicas)
          // Long transfers are under way; the estimated one ends long before them.
          busy.forEach((other, i) => {
            network.start(0, other, 1e6, i)
          })
          while (network.nextMs <= link.latencyMs) network.advance(network.nextMs)
          const nowMs = 2 * link.latencyMs + 1
          const estimateMs = network.estimateMs(replica, 40)
          network.start(nowMs, replica, 40, -1)
          let ended: number[] = []
          let atMs = 0
          while (ended.length === 0) {
            atMs = network.nextMs
            ended = network.advance(atMs)
          }
          expect(ended).toEqual([-1])
          expect((atMs - nowMs) / estimateMs).toBeCloseTo(1, 9)
          expect(network.bytesStarted).toBe(busy.length * 1e6 + 40)
        },
      ),
      { seed: 33, numRuns: 300 },
    )
  })

  it('by hand: a second transfer halves the rate from when it enters, not from when it is asked for', () => {
    const link = { bytesPerMs: 10, latencyMs: 1 }
    const transfers = [
      { startMs: 0, replica: 0, bytes: 100 },
      { startMs: 5, replica: 0, bytes: 30 },
      { startMs: 5, replica: 1, bytes: 30 },
    ]
    // 1 + 5 ms alone (50 bytes), then halves: 30 bytes take 6 ms, to 12; the other 20 take 2 ms more.
    expect(endsOf(link, transfers)).toEqual([14, 12, 9])
  })

  it('one replica alone is held by the fabric too', () => {
    const link = { bytesPerMs: 10, latencyMs: 1, fabricBytesPerMs: 4 }
    const network = new LinkNetwork<string>(link, 1)
    expect(network.estimateMs(0, 40)).toBe(11)
    network.start(0, 0, 40, 'a')
    expect(network.advance(1)).toEqual([])
    expect(network.nextMs).toBe(11)
  })

  it('gives every transfer of an uncontended link what one alone would get', () => {
    fc.assert(
      fc.property(randomLink, asked, (link, transfers) => {
        const ends = endsOf({ ...link, isContended: false }, transfers)
        transfers.forEach((transfer, i) => {
          const alone = endsOf(link, [transfer])[0]!
          expect(ends[i]! / alone).toBeCloseTo(1, 9)
        })
        const contended = endsOf(link, transfers)
        ends.forEach((end, i) => {
          expect(end).toBeLessThanOrEqual(contended[i]! * (1 + 1e-9))
        })
      }),
      { seed: 34, numRuns: 200 },
    )
  })

  it('refuses to jump over an event', () => {
    const network = new LinkNetwork<string>({ bytesPerMs: 1, latencyMs: 1 }, 1)
    network.start(0, 0, 4, 'a')
    expect(network.advance(0.5)).toEqual([])
    expect(() => network.advance(2)).toThrow('event by event')
  })
})

function endsOf(link: LinkDirection, transfers: readonly Asked[]): number[] {
  const network = new LinkNetwork<number>(link, replicas)
  const ends = transfers.map(() => Number.NaN)
  const advanceTo = (limitMs: number): void => {
    while (network.nextMs <= limitMs && network.nextMs < Number.POSITIVE_INFINITY) {
      const atMs = network.nextMs
      for (const owner of network.advance(atMs)) ends[owner] = atMs
    }
  }
  transfers.forEach(({ startMs, replica, bytes }, i) => {
    advanceTo(startMs)
    network.start(startMs, replica, bytes, i)
  })
  advanceTo(Number.POSITIVE_INFINITY)
  return ends
}
