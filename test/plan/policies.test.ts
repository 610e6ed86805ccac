import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { prefixBelady } from '../../src/cache/policies/prefix-belady.ts'
import { type CachePolicy, type Facts, type Knowledge, NONE, type PolicySpec } from '../../src/cache/policy.ts'
import { causalPairs } from '../../src/plan/cost-model.ts'
import { Engine } from '../../src/plan/engine/engine.ts'
import type { Sequence } from '../../src/plan/engine/sequence.ts'
import { planSteps, planTimeline } from '../../src/plan/plan-arm.ts'
import type { RequestFacts } from '../../src/plan/timeline.ts'
import { MemoryModel } from './memory-model.ts'
import { plannable, withPolicy } from './policies-in-plans.ts'
import { plainKnobs, planInput, randomKnobs, testCost, widerKnobs } from './random-plan.ts'

/** Adds up where prompts came from, and checks that it is all of each. */
class Conserving extends Collector {
  requests = 0
  override admitted(facts: RequestFacts): void {
    super.admitted(facts)
    const { hbmHitTokens, dramHitTokens, warehouseHitTokens, promptTokens } = facts
    const hits = hbmHitTokens + dramHitTokens + warehouseHitTokens
    expect(hits).toBeLessThan(promptTokens)
    expect(Math.min(hbmHitTokens, dramHitTokens, warehouseHitTokens)).toBeGreaterThanOrEqual(0)
    this.requests++
  }
}

describe.each(plannable)('a plan with $name in all memories', (policy) => {
  it('keeps its books and is the same each time', () => {
    let evictions = 0
    fc.assert(
      fc.property(widerKnobs, (knobs) => {
        const input = withPolicy(
          planInput({ ...knobs, poolBlocks: 24, lowerPools: Math.min(2, knobs.lowerPools) }),
          policy,
        )
        const [one, two] = [new Conserving(), new Conserving()]
        const counts = planTimeline(input, one)
        expect(planTimeline(input, two)).toEqual(counts)
        expect(two.totals).toEqual(one.totals)
        expect(one.requests).toBeGreaterThan(0)
        evictions += counts.evictions
      }),
      { seed: 91, numRuns: 25 },
    )
    expect(evictions).toBeGreaterThan(500)
  })

  it('reads, wherever a step, a fetch or a store does, the block that it should', () => {
    fc.assert(
      fc.property(randomKnobs, (knobs) => {
        const input = withPolicy(planInput({ ...knobs, lowerPools: Math.min(2, knobs.lowerPools) }), policy)
        new MemoryModel(planSteps(input, new Collector()).plan, input).check()
      }),
      { seed: 92, numRuns: 10 },
    )
  })
})

/** Orders by last use and looks at every fact at every call. */
function curious(knows: readonly Knowledge[], look: (facts: Facts, call: string, block: number) => void): PolicySpec {
  return {
    name: 'curious',
    summary: '',
    source: '',
    cost: '',
    parameters: {},
    knows,
    create(_capacity, facts): CachePolicy {
      const order = new Map<number, number>()
      return {
        onInsert(slot, block) {
          look(facts, 'insert', block)
          expect(facts.slotOf(block)).toBe(slot)
          order.set(slot, block)
        },
        onHit(slot, block) {
          look(facts, 'hit', block)
          order.delete(slot)
          order.set(slot, block)
        },
        onRemove: (slot) => order.delete(slot),
        victim(isPinned, incoming) {
          look(facts, 'victim', incoming)
          return [...order.keys()].find((slot) => !isPinned(slot)) ?? NONE
        },
      }
    },
  }
}

describe('facts', () => {
  it('of a block are its place in its prompt, and of a request in hand its own, at every call in every memory', () => {
    let calls = 0
    let ends = 0
    fc.assert(
      fc.property(widerKnobs, (knobs) => {
        const requests = new Set<Sequence>()
        const blocks = new Map<number, { parent: number; position: number; owners: Set<Sequence> }>()
        const note = (sequence: Sequence): void => {
          if (requests.has(sequence)) return
          requests.add(sequence)
          for (let i = 0; i < sequence.turn.blocks.length; i++) {
            const block = sequence.block(i)
            const place = blocks.get(block) ?? {
              parent: i === 0 ? NONE : sequence.block(i - 1),
              position: i,
              owners: new Set(),
            }
            blocks.set(block, place)
            place.owners.add(sequence)
          }
        }
        const base = planInput({ ...knobs, start: 'cold', poolBlocks: 24, lowerPools: 0.7 })
        const bt = base.pool.blockTokens
        let engine: Engine | undefined
        const policy = curious(['parent', 'position', 'session', 'time', 'cost', 'schedule'], (facts, _call, block) => {
          calls++
          const { parent, position, owners } = blocks.get(block)!
          expect([facts.parentOf(block), facts.positionOf(block)]).toEqual([parent, position])
          const pairs = causalPairs(position * bt, (position + 1) * bt)
          expect(facts.flopsOf(block)).toBe(bt * testCost.layerFlopsPerToken + pairs * testCost.attentionFlopsPerPair)
          expect(facts.blockBytes).toBe(bt * 64)
          expect(facts.nowMs).toBe(engine!.nowMs)
          const mine = [...owners].filter(
            ({ session, turnIndex }) => session.number === facts.session && turnIndex === facts.turn,
          )
          expect(mine).toHaveLength(1)
          const { turn, session, turnIndex } = mine[0]!
          expect(facts.category).toBe(turn.agent === '' ? 0 : 1)
          const next = session.conversation.turns[turnIndex + 1]
          if (next === undefined) ends++
          const thinkMs = next === undefined ? Number.POSITIVE_INFINITY : Math.min(next.thinkMs, 40) * knobs.timeScale
          expect(facts.sessionNextMs).toBe(facts.nowMs + thinkMs)
        })
        const { next } = base.admission
        const admission = {
          ...base.admission,
          next(queue: readonly Sequence[], prefix: Parameters<typeof next>[1]) {
            for (const sequence of queue) note(sequence)
            return next(queue as never, prefix)
          },
        }
        engine = new Engine(withPolicy({ ...base, admission } as typeof base, policy), new Collector())
        engine.run()
      }),
      { seed: 93, numRuns: 20 },
    )
    expect(calls).toBeGreaterThan(10_000)
    expect(ends).toBeGreaterThan(500)
  })

  it('of the future are refused', () => {
    expect(() => planTimeline(withPolicy(planInput(plainKnobs), prefixBelady), new Collector())).toThrow(
      /only a replay of a trace knows the future/,
    )
  })
})
