import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sequence } from '../../src/plan/engine/sequence.ts'
import { NaiveEngine } from './naive-engine.ts'
import { inClosedForm, type Planned, stepByStep } from './planned.ts'
import { type Knobs, planInput, widerKnobs } from './random-plan.ts'

/** What a naive engine covers: one replica, and behind it tiers with links of their own. */
function oneReplica(knobs: Knobs): Knobs {
  return { ...knobs, replicas: 1, linkLimit: 'none', overrunRequests: 0, lowerPools: Math.max(1, knobs.lowerPools) }
}

function near(found: number, expected: number, limit: number): void {
  if (!(Math.abs(found - expected) <= limit)) expect(found).toBe(expected)
}

function expectSame({ time, counts, requests }: Planned, naive: NaiveEngine): void {
  const place = ({ session, turnIndex }: Pick<Sequence, 'session' | 'turnIndex'>): string =>
    `${session.seat}.${session.ordinal}.${turnIndex}`
  const ended = new Map(requests.filter(({ endMs }) => endMs >= 0).map((request) => [place(request), request]))
  expect(ended.size).toBe(naive.ended.length)
  for (const expected of naive.ended) {
    const { hbmHitTokens, dramHitTokens, warehouseHitTokens, ceilingTokens, ...request } = ended.get(
      `${expected.session.seat}.${expected.session.ordinal}.${expected.turnIndex}`,
    )!
    expect({ hbmHitTokens, dramHitTokens, warehouseHitTokens, ceilingTokens }).toEqual({
      hbmHitTokens: expected.hbmHitTokens,
      dramHitTokens: expected.dramHitTokens,
      warehouseHitTokens: expected.warehouseHitTokens,
      ceilingTokens: expected.ceilingTokens,
    })
    const limit = 1e-9 * Math.max(1, expected.endMs)
    near(request.arrivalMs, expected.arrivalMs, limit)
    near(request.firstTokenMs, expected.firstTokenMs!, limit)
    near(request.endMs, expected.endMs, limit)
  }
  expect(counts.preemptions).toBe(naive.preemptions)
  const limit = 1e-9 * Math.max(1, naive.busyMs + naive.stalledMs + naive.starvedMs)
  near(time.busyMs, naive.busyMs, limit)
  near(time.stalledMs, naive.stalledMs, limit)
  near(time.starvedMs, naive.starvedMs, limit)
}

/** Plans both ways, and how often what the rules are about came up. */
function agree(knobs: fc.Arbitrary<Knobs>, seed: number, numRuns: number) {
  const seen = { preemptions: 0, layerStallMs: 0, partialFetches: 0, overtakes: 0, requestsFromBoth: 0 }
  fc.assert(
    fc.property(knobs.map(oneReplica), (drawn) => {
      const input = planInput({ ...drawn, peerReads: false })
      const naive = new NaiveEngine(input)
      naive.run()
      expectSame(stepByStep(input), naive)
      expectSame(inClosedForm(input), naive)
      seen.preemptions += naive.preemptions
      seen.layerStallMs += naive.layerStallMs
      seen.partialFetches += naive.partialFetches
      seen.overtakes += naive.overtakes
      const fromBoth = naive.ended.filter(({ dramHitTokens, warehouseHitTokens }) => dramHitTokens * warehouseHitTokens)
      seen.requestsFromBoth += fromBoth.length
    }),
    { seed, numRuns },
  )
  return seen
}

describe('the engine and a naive one written from the rules agree, times to 1e-9, hits exactly,', () => {
  it('on every request, step by step and in closed form', { timeout: 60_000 }, () => {
    const seen = agree(widerKnobs, 61, 900)
    expect(seen.preemptions).toBeGreaterThan(500)
    expect(seen.layerStallMs).toBeGreaterThan(200)
    expect(seen.requestsFromBoth).toBeGreaterThan(100)
    expect(seen.overtakes).toBeGreaterThan(500)
  })

  it('where a prompt is partly quicker to fetch and partly to compute', { timeout: 60_000 }, () => {
    const knobs = fc.record({
      drawn: widerKnobs,
      arm: fc.constantFrom('local-dram', 'warehouse', 'dram+warehouse'),
      linkBytesPerMs: fc.constantFrom(167.3, 211.9, 307.7),
      fetch: fc.constantFrom('always', 'break-even'),
    })
    const long = { blockTokens: 8, poolBlocks: 60, longestOutput: 12, fetchPart: 'beyond-break-even' } as const
    const drawn = knobs.map(({ drawn, ...set }) => ({ ...drawn, ...long, ...set }) as Knobs)
    const seen = agree(drawn, 62, 400)
    expect(seen.partialFetches).toBeGreaterThan(200)
    expect(seen.layerStallMs).toBeGreaterThan(200)
    expect(seen.requestsFromBoth).toBeGreaterThan(100)
  })
})
