import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { Engine } from '../../src/plan/engine/engine.ts'
import { Recorder } from '../../src/plan/engine/recorder.ts'
import type { Sequence } from '../../src/plan/engine/sequence.ts'
import { planTimeline } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import type { RequestFacts } from '../../src/plan/timeline.ts'
import { expectSameBooks } from './compare-books.ts'
import { inClosedForm, stepByStep } from './planned.ts'
import { type Knobs, plainKnobs, planInput, widerKnobs, withoutTies } from './random-plan.ts'

function check(property: (knobs: Knobs) => void, seed: number, numRuns: number): void {
  fc.assert(fc.property(widerKnobs, property), { seed, numRuns })
}

const hitsOf = ({ hbmHitTokens, dramHitTokens, warehouseHitTokens }: RequestFacts): number[] => [
  hbmHitTokens,
  dramHitTokens,
  warehouseHitTokens,
]

/** Blocks of a prompt by where they would be read from, in the state that a request meets. */
function lookUp(engine: Engine, request: Sequence): number[] {
  const { blockTokens } = engine.input.pool
  const limit = Math.floor((request.turn.promptTokens - 1) / blockTokens)
  const hits = [0, 0, 0]
  let isBehind = false
  for (let i = 0; i < limit; i++) {
    const block = request.block(i)
    const isIn = (replica: number): boolean => engine.replicas[replica]!.hbm.lookup(block) >= 0
    if (!isBehind && isIn(request.replica)) {
      hits[0]! += blockTokens
      continue
    }
    isBehind = true
    const tier = engine.transfers.below.lowers.find((lower) => lower.lookupReady(request.replica, block) >= 0)
    const isAtPeer = engine.replicas.some(({ index }) => index !== request.replica && isIn(index))
    if (tier === undefined && !(engine.input.peerReads && isAtPeer)) break
    hits[tier?.spec.name === 'dram' ? 1 : 2]! += blockTokens
  }
  return hits
}

describe('a request', () => {
  it('finds in its HBM, then from block to block in the nearest tier or at a peer, all that is there', () => {
    let fromPeers = 0
    let fromBoth = 0
    check(
      (knobs) => {
        let asked: Sequence | undefined
        let expected: number[] = []
        class Checking extends Collector {
          override admitted(facts: RequestFacts): void {
            super.admitted(facts)
            if (asked!.generatedTokens === 0) expect(hitsOf(facts)).toEqual(expected)
            if (knobs.arm === 'hbm-only' && facts.warehouseHitTokens > 0) fromPeers++
            if (facts.dramHitTokens > 0 && facts.warehouseHitTokens > 0) fromBoth++
          }
        }
        const input = planInput({ ...knobs, fetch: 'always', fetchPart: 'whole' })
        const { next } = input.admission
        const spied: PlanInput['admission'] = {
          ...input.admission,
          next(queue, prefixBlocks) {
            const chosen = next(queue, prefixBlocks)
            asked = queue[chosen]!
            expected = lookUp(engine, asked)
            return chosen
          },
        }
        const engine: Engine = new Engine({ ...input, admission: spied }, new Checking())
        engine.run()
      },
      201,
      400,
    )
    expect(fromPeers).toBeGreaterThan(50)
    expect(fromBoth).toBeGreaterThan(50)
  })

  it('hits all that was computed before where nothing is lost, and nothing runs out of HBM that is infinite', () => {
    check(
      (knobs) => {
        const arm = knobs.arm === 'infinite-hbm' ? 'infinite-hbm' : 'infinite-cache'
        const { requests, counts } = inClosedForm(planInput({ ...knobs, arm, fetch: 'always', peerReads: false }))
        for (const request of requests.filter(({ admittedMs }) => admittedMs >= 0)) {
          expect(request.hbmHitTokens + request.warehouseHitTokens).toBe(request.ceilingTokens)
        }
        if (arm === 'infinite-hbm') expect([counts.preemptions, counts.evictions]).toEqual([0, 0])
      },
      202,
      100,
    )
  })

  it('hits no less when peers may be read, and on one replica exactly the same', () => {
    let more = 0
    check(
      (drawn) => {
        // One request at a time: what each replica holds does not depend on how it came there.
        const knobs = { ...drawn, fetch: 'always', arm: 'hbm-only', router: 'round-robin' } as const
        const input = planInput(knobs)
        const single = { ...input, load: { ...input.load, seats: 1 } as PlanInput['load'] }
        const [without, withPeers] = [false, true].map((peerReads) => inClosedForm({ ...single, peerReads }))
        withPeers!.requests.forEach((request, i) => {
          const before = without!.requests[i]!
          expect(request.hbmHitTokens).toBe(before.hbmHitTokens)
          const hits = request.hbmHitTokens + request.warehouseHitTokens
          expect(hits).toBeLessThanOrEqual(request.ceilingTokens)
          if (hits > before.hbmHitTokens) more++
        })
        const alone = planInput({ ...drawn, replicas: 1 })
        const [off, on] = [false, true].map((peerReads) => inClosedForm({ ...alone, peerReads }))
        expect(on!.time.totals).toEqual(off!.time.totals)
      },
      203,
      150,
    )
    expect(more).toBeGreaterThan(200)
  })
})

function accountsForAllTime(knobs: Knobs): void {
  const listener = new Collector()
  planTimeline(planInput(knobs), listener)
  const { totals, replicas } = listener
  for (const key of ['outputTokens', 'promptTokens', 'ceilingTokens', 'requestsEnded', 'requestsAdmitted'] as const) {
    expect(replicas.reduce((sum, replica) => sum + replica[key], 0)).toBe(totals[key])
  }
  expect(replicas.flatMap(({ ttftMs }) => ttftMs)).toEqual(totals.ttftMs)
  const windowMs = totals.closeMs - totals.openMs
  for (const replica of replicas) {
    expect([replica.openMs, replica.closeMs]).toEqual([totals.openMs, totals.closeMs])
    const busyMs = replica.usefulPrefillMs + replica.redundantPrefillMs + replica.decodeMs
    const accountedMs = busyMs + replica.stalledMs + replica.starvedMs
    if (!(Math.abs(accountedMs - windowMs) <= 1e-9 * Math.max(1, totals.closeMs))) expect(accountedMs).toBe(windowMs)
  }
}

describe('a plan of any kind', () => {
  it('is the same step by step, nothing forgotten, and in closed form without the blocks of what is over', () => {
    check(
      (drawn) => {
        const peerReads = drawn.peerReads && drawn.arm !== 'hbm-only'
        const input = planInput({ ...withoutTies(drawn), peerReads })
        const [whole, closed] = [stepByStep(input), inClosedForm(input)]
        expect(closed.counts).toEqual(whole.counts)
        expectSameBooks(closed.time.totals, whole.time.totals)
      },
      204,
      300,
    )
  })

  it('keeps little of what is over, where nothing is evicted', () => {
    const input = planInput({ ...plainKnobs, arm: 'infinite-hbm', requests: 400 })
    const kept = [undefined, new Recorder(input.replicas, input.replicas)].map((recorder) => {
      const engine = new Engine(input, new Collector(), recorder)
      engine.run()
      const tiers = [...engine.replicas.map(({ hbm }) => hbm), ...engine.transfers.below.lowers[0]!.stores]
      return tiers.map(({ cachedBlocks }) => cachedBlocks)
    })
    kept[0]!.forEach((blocks, i) => {
      expect(blocks).toBeLessThan(kept[1]![i]! / 4)
    })
  })

  it('accounts for all the time of every replica, and its totals are the sums of theirs', () => {
    check(accountsForAllTime, 205, 300)
  })

  it('accounts for it too when the run ends while steps wait for their layers', () => {
    check(
      (drawn) => {
        const slow = { arm: 'warehouse', fetch: 'always', fetchMode: 'layerwise', linkBytesPerMs: 61.3 } as const
        accountsForAllTime({ ...drawn, ...slow, lowerPools: 4, replicas: 3, router: 'round-robin', overrunRequests: 0 })
      },
      206,
      100,
    )
  })
})
