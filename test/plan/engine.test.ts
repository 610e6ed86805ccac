import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { armMetrics } from '../../src/account/metrics.ts'
import { planSteps, planTimeline } from '../../src/plan/plan-arm.ts'
import type { RequestFacts } from '../../src/plan/timeline.ts'
import { expectSameBooks } from './compare-books.ts'
import { admitsOf, stepsOf } from './memory-model.ts'
import { type Knobs, plainKnobs, planInput, randomKnobs, withoutTies } from './random-plan.ts'
import { serialize } from './serialize.ts'

/** Keeps the books, and every request as it ended. */
class Listener extends Collector {
  readonly requests: { readonly facts: RequestFacts; readonly endMs: number }[] = []
  override ended(facts: RequestFacts, endMs: number): void {
    this.requests.push({ facts, endMs })
    super.ended(facts, endMs)
  }
}

function plan(knobs: Knobs) {
  const listener = new Listener()
  const input = planInput(knobs)
  return { input, listener, ...planSteps(input, listener) }
}

function check(property: (knobs: Knobs) => void, seed: number, numRuns: number): void {
  fc.assert(fc.property(randomKnobs, property), { seed, numRuns })
}

describe('a plan', () => {
  it('is the same step by step and with runs of decode steps in closed form', () => {
    check(
      (drawn) => {
        const { input, listener, counts } = plan(withoutTies(drawn))
        const closedForm = new Listener()
        expect(planTimeline(input, closedForm)).toEqual(counts)
        expect(closedForm.requests).toHaveLength(listener.requests.length)
        listener.requests.forEach(({ facts, endMs }, i) => {
          const other = closedForm.requests[i]!
          expect(Math.abs(other.endMs - endMs)).toBeLessThanOrEqual(1e-9 * endMs)
          expect(Math.abs(other.facts.arrivalMs - facts.arrivalMs)).toBeLessThanOrEqual(1e-9 * endMs)
          expect({ ...other.facts, arrivalMs: 0, firstTokenMs: 0 }).toEqual({ ...facts, arrivalMs: 0, firstTokenMs: 0 })
        })
        expectSameBooks(closedForm.totals, listener.totals)
      },
      81,
      300,
    )
  })

  it('is the same, byte for byte, from the same input', () => {
    check(
      (knobs) => {
        const first = serialize(plan(knobs).plan)
        expect(serialize(plan(knobs).plan)).toBe(first)
      },
      82,
      40,
    )
  })

  it('does not depend on what else is planned at the same time', () => {
    const other = { ...plainKnobs, seed: 99, arm: 'local-dram' } as const
    const alone = serialize(plan(plainKnobs).plan)
    const otherAlone = serialize(plan(other).plan)
    const nested: string[] = []
    class Interleaving extends Collector {
      override firstToken(facts: RequestFacts): void {
        super.firstToken(facts)
        if (nested.length < 3) nested.push(serialize(plan(other).plan))
      }
    }
    expect(serialize(planSteps(planInput(plainKnobs), new Interleaving()).plan)).toBe(alone)
    expect(nested).toEqual([otherAlone, otherAlone, otherAlone])
  })

  it('changes with its seed', () => {
    expect(serialize(plan({ ...plainKnobs, seed: 2 }).plan)).not.toBe(serialize(plan(plainKnobs).plan))
  })
})

describe('the tokens of a plan', () => {
  it('are conserved: hits and prefilled positions are the prompt, and five sources the prompt tokens of the window', () => {
    check(
      (knobs) => {
        const { input, plan: recorded, listener } = plan(knobs)
        const again = new Set(admitsOf(recorded).flatMap(({ first, request }) => (first ? [] : [request])))
        const steps = stepsOf(recorded)
        const prefilled = new Map<number, number>()
        const decoded = new Map<number, number>()
        for (const { prefills, decodes } of steps) {
          for (const { request, from, to } of prefills) add(prefilled, request.id, to - from)
          for (const { request } of decodes) add(decoded, request.id, 1)
        }
        for (const request of steps.flatMap(({ ends }) => ends)) {
          const { promptTokens, outputTokens } = request.turn
          const hitTokens = request.hbmHitTokens + request.dramHitTokens + request.warehouseHitTokens
          expect(hitTokens).toBeLessThanOrEqual(request.ceilingTokens)
          expect(request.ceilingTokens).toBeLessThan(promptTokens)
          expect(hitTokens % knobs.blockTokens).toBe(0)
          if (again.has(request)) continue
          expect(hitTokens + prefilled.get(request.id)!).toBe(promptTokens)
          expect(decoded.get(request.id) ?? 0).toBe(outputTokens - 1)
        }
        const metrics = armMetrics(listener.totals, input.replicas, 1)
        const sources = [metrics.hbmHitTokens, metrics.dramHitTokens, metrics.warehouseHitTokens]
        const all = [...sources, metrics.firstTimeTokens, metrics.redundantTokens]
        for (const tokens of all) expect(tokens).toBeGreaterThanOrEqual(0)
        expect(all.reduce((a, b) => a + b)).toBe(metrics.promptTokens)
        const shares = metrics.busyShare + metrics.stalledShare + metrics.starvedShare
        if (metrics.window.seconds > 0) expect(shares).toBeCloseTo(1, 9)
      },
      83,
      200,
    )
  })

  it('hit all that was computed before where nothing is lost', () => {
    check(
      (knobs) => {
        const { plan: recorded } = plan({ ...knobs, arm: 'infinite-cache', fetch: 'always' })
        for (const { request } of admitsOf(recorded)) {
          expect(request.hbmHitTokens + request.dramHitTokens + request.warehouseHitTokens).toBe(request.ceilingTokens)
        }
      },
      84,
      60,
    )
  })

  it('hit, in a warehouse without limits, all but blocks still on their way or never stored', () => {
    let hit = 0
    let ceiling = 0
    check(
      (knobs) => {
        const fast = { ...knobs, arm: 'warehouse', fetch: 'always', lowerPools: Number.POSITIVE_INFINITY } as const
        const { listener } = plan({ ...fast, linkBytesPerMs: 90_001.3, linkLimit: 'none' })
        hit += listener.totals.hbmHitTokens + listener.totals.dramHitTokens + listener.totals.warehouseHitTokens
        ceiling += listener.totals.ceilingTokens
      },
      85,
      60,
    )
    expect(hit).toBeLessThanOrEqual(ceiling)
    expect(hit / ceiling).toBeGreaterThan(0.9)
  })
})

describe('fetching', () => {
  const lowerArms = (knobs: Knobs): Knobs => ({ ...knobs, arm: knobs.arm === 'hbm-only' ? 'warehouse' : knobs.arm })

  it('never, fetches nothing and plans what HBM alone would, but for what stores pin', () => {
    check(
      (knobs) => {
        const { counts, listener } = plan({ ...knobs, arm: 'infinite-cache', fetch: 'never' })
        expect(counts.fetches).toBe(0)
        expectSameBooks(listener.totals, plan({ ...knobs, arm: 'hbm-only' }).listener.totals)
      },
      86,
      60,
    )
  })

  it('by break-even, over a link with next to no bandwidth never, over a boundless one always', () => {
    const seen = { always: 0, 'break-even': 0 }
    check(
      (drawn) => {
        const knobs = { ...drawn, arm: 'warehouse', linkLimit: 'none' } as const
        const slow = plan({ ...knobs, fetch: 'break-even', linkBytesPerMs: 1e-3 })
        expect(slow.counts.fetches).toBe(0)
        for (const fetch of ['always', 'break-even'] as const) {
          seen[fetch] += plan({ ...knobs, fetch, linkBytesPerMs: 1e9 }).counts.fetches
        }
      },
      87,
      40,
    )
    expect(seen['break-even']).toBeGreaterThan(50)
    // The latency alone may outlast the recomputing of a single small block.
    expect(seen['break-even'] / seen.always).toBeGreaterThan(0.9)
  })

  it('blocking, no step runs while a fetch of its replica is under way; async, some do', () => {
    const overlaps = { blocking: 0, async: 0 }
    check(
      (drawn) => {
        for (const fetchMode of ['blocking', 'async'] as const) {
          const { plan: recorded } = plan({ ...lowerArms(drawn), fetch: 'always', fetchMode, maxRunning: 256 })
          const steps = stepsOf(recorded)
          for (const { replica, fetch } of admitsOf(recorded)) {
            if (fetch === undefined) continue
            overlaps[fetchMode] += steps.filter(
              ({ replica: other, segment }) =>
                other === replica && segment.startMs < fetch.endMs && segment.endMs > fetch.startMs,
            ).length
          }
        }
      },
      88,
      60,
    )
    expect(overlaps.blocking).toBe(0)
    expect(overlaps.async).toBeGreaterThan(100)
  })
})

function add(sums: Map<number, number>, key: number, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value)
}
