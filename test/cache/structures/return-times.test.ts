import { describe, expect, it } from 'vitest'
import { ReturnTimes } from '../../../src/cache/structures/return-times.ts'
import { seededRandom } from '../../../src/random.ts'

/** Blocks of class 0 come back with one chance, those of class 1 with another, after an exponential time; arrivals every second. */
function learned(chances: readonly [number, number], meanMs: number): ReturnTimes {
  const returns = new ReturnTimes(2, 1, 8192, 1)
  const random = seededRandom(7)
  const uses: { block: number; ofClass: number; atMs: number }[] = []
  for (let block = 0; block < 6000; block++) {
    const ofClass = random.integer(2)
    const atMs = block * 1000
    uses.push({ block, ofClass, atMs })
    if (random.next() < chances[ofClass]!)
      uses.push({ block, ofClass, atMs: atMs - meanMs * Math.log(1 - random.next()) })
  }
  uses.sort((a, b) => a.atMs - b.atMs)
  for (const { block, ofClass, atMs } of uses) returns.use(block, ofClass, atMs)
  return returns
}

describe('return times', () => {
  it('start without an opinion, so that a policy is LRU until it has learned', () => {
    const fresh = new ReturnTimes(2, 1, 64, 1)
    expect(fresh.chance(0, 0)).toBe(0.5)
    expect(fresh.chance(1, 1e6)).toBe(0.5)
  })

  it('tell classes apart by the share that comes back', () => {
    const returns = learned([0.8, 0.1], 60_000)
    // A block that came back is used twice and comes back after its first use only.
    expect(returns.chance(0, 0)).toBeCloseTo(0.8 / 1.8, 1)
    expect(returns.chance(1, 0)).toBeCloseTo(0.1 / 1.1, 1)
  })

  it('find a block the less likely to come back the longer it is away, by Bayes', () => {
    const returns = learned([0.8, 0.1], 60_000)
    const share = returns.chance(0, 0)
    for (const ageMs of [30_000, 60_000, 120_000]) {
      const later = share * Math.exp(-ageMs / 60_000)
      expect(returns.chance(0, ageMs)).toBeCloseTo(later / (later + 1 - share), 1)
    }
  })

  it('sample blocks and not uses: with one in eight the shares are the same', () => {
    const returns = new ReturnTimes(1, 1, 4096, 8)
    for (let round = 0; round < 20; round++) {
      for (let block = 0; block < 800; block++) returns.use(block, 0, round * 100_000 + block * 100)
    }
    expect(returns.chance(0, 0)).toBeGreaterThan(0.9)
  })

  it('go on when the ring is full of uses that never ripened', () => {
    const returns = new ReturnTimes(1, 1, 16, 1)
    for (let block = 0; block < 1000; block++) returns.use(block, 0, block * 1e-3)
    expect(returns.chance(0, 0)).toBeLessThan(0.51)
    for (let block = 0; block < 1000; block++) returns.use(block % 8, 0, 1000 + block * 1000)
    expect(returns.chance(0, 0)).toBeGreaterThan(0.45)
  })
})
