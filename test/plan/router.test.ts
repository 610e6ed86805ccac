import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { Engine } from '../../src/plan/engine/engine.ts'
import { planSteps } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import { leastLoaded } from '../../src/plan/router/least-loaded.ts'
import { prefixAware } from '../../src/plan/router/prefix-aware.ts'
import { roundRobin } from '../../src/plan/router/round-robin.ts'
import type { Router, RouterSpec } from '../../src/plan/router/router.ts'
import { sessionAffine } from '../../src/plan/router/session-affine.ts'
import type { RequestFacts } from '../../src/plan/timeline.ts'
import { plainKnobs, planInput, widerKnobs } from './random-plan.ts'

/** A router in a state written by hand. */
function routes(spec: RouterSpec, inFlight: number[], full: readonly number[] = []): Router {
  return spec.create({
    replicas: inFlight.length,
    liveSessions: Int32Array.from(inFlight),
    inFlight: Int32Array.from(inFlight),
    hasRoom: (replica) => !full.includes(replica),
  })
}

const newSession = { current: -1, promptBlocks: 10, prefixBlocks: () => 0 }
const holding = (...blocks: number[]) => ({ ...newSession, prefixBlocks: (replica: number) => blocks[replica]! })

describe('least-loaded', () => {
  it('chooses the fewest in flight, the lowest number first, among those with room, whatever lies where', () => {
    expect(routes(leastLoaded, [3, 1, 2, 1]).route(holding(10, 0, 10, 0))).toBe(1)
    expect(routes(leastLoaded, [3, 1, 2, 1]).route({ ...newSession, current: 0 })).toBe(1)
    expect(routes(leastLoaded, [3, 1, 2, 1], [1]).route(newSession)).toBe(3)
    expect(routes(leastLoaded, [3, 1, 2, 1], [1, 3]).route(newSession)).toBe(2)
  })
})

describe('prefix-aware', () => {
  it('chooses the longest prefix when it is half of the prompt or more, else the least loaded', () => {
    expect(routes(prefixAware, [1, 2, 3]).route(holding(3, 6, 5))).toBe(1)
    expect(routes(prefixAware, [1, 2, 3]).route(holding(0, 5, 0))).toBe(1)
    expect(routes(prefixAware, [1, 2, 3]).route(holding(0, 4, 0))).toBe(0)
  })

  it('breaks ties by load, then by number', () => {
    expect(routes(prefixAware, [3, 2, 1]).route(holding(8, 8, 0))).toBe(1)
    expect(routes(prefixAware, [3, 2, 1]).route(holding(8, 8, 8))).toBe(2)
    expect(routes(prefixAware, [5, 2, 2]).route(holding(0, 8, 8))).toBe(1)
  })

  it('puts balance first when both limits are passed', () => {
    expect(routes(prefixAware, [0, 33]).route(holding(0, 10))).toBe(0)
    expect(routes(prefixAware, [0, 32]).route(holding(0, 10))).toBe(1)
    // 33 apart, but not 1.1 times as many.
    expect(routes(prefixAware, [400, 433]).route(holding(0, 10))).toBe(1)
    expect(routes(prefixAware, [329, 362]).route(holding(0, 10))).toBe(0)
  })

  it('passes over replicas without room', () => {
    expect(routes(prefixAware, [1, 2, 3], [1]).route(holding(0, 10, 6))).toBe(2)
    expect(routes(prefixAware, [1, 2, 3], [0, 1]).route(holding(10, 10, 0))).toBe(2)
  })
})

describe('round-robin and session-affine', () => {
  it('take turns, and stay, passing over what has no room', () => {
    const turns = routes(roundRobin, [9, 0, 0], [1])
    expect(Array.from({ length: 5 }, () => turns.route(newSession))).toEqual([0, 2, 0, 2, 0])
    expect(routes(sessionAffine, [9, 3, 3]).route({ ...newSession, current: 0 })).toBe(0)
    expect(routes(sessionAffine, [9, 3, 3]).route(newSession)).toBe(1)
    expect(routes(sessionAffine, [9, 3, 3], [1]).route(newSession)).toBe(2)
  })
})

/** Decides by the rule in words, from books kept beside the engine. */
function decide(rule: string, inFlight: readonly number[], prefixes: readonly number[], promptBlocks: number): number {
  const idlest = inFlight.indexOf(Math.min(...inFlight))
  if (rule === 'least-loaded') return idlest
  const [least, most] = [Math.min(...inFlight), Math.max(...inFlight)]
  const longest = Math.max(...prefixes)
  if ((most - least > 32 && most > 1.1 * least) || longest < promptBlocks / 2) return idlest
  const holders = inFlight.map((_, replica) => replica).filter((replica) => prefixes[replica] === longest)
  return holders.sort((a, b) => inFlight[a]! - inFlight[b]! || a - b)[0]!
}

describe('in a plan', () => {
  it.each([leastLoaded, prefixAware])(
    '$name decides by what is in flight and what lies in HBM at that moment',
    (spec) => {
      let decisions = 0
      let elsewhere = 0
      fc.assert(
        fc.property(widerKnobs, (knobs) => {
          const input = planInput({ ...knobs, replicas: 3, start: 'cold' })
          const inFlight = [0, 0, 0]
          const router: RouterSpec = {
            ...spec,
            create(view) {
              const inner = spec.create(view)
              return {
                route(request) {
                  const chosen = inner.route(request)
                  expect(Array.from(view.inFlight)).toEqual(inFlight)
                  const prefixes = inFlight.map((_, replica) => request.prefixBlocks(replica))
                  expect(chosen).toBe(decide(spec.name, inFlight, prefixes, request.promptBlocks))
                  if (chosen !== inFlight.indexOf(Math.min(...inFlight))) elsewhere++
                  inFlight[chosen]!++
                  decisions++
                  return chosen
                },
              }
            },
          }
          class Counting extends Collector {
            override ended(facts: RequestFacts, endMs: number): void {
              super.ended(facts, endMs)
              inFlight[facts.replica]!--
            }
          }
          const engine = new Engine({ ...input, router }, new Counting())
          engine.run()
        }),
        { seed: 211, numRuns: 80 },
      )
      expect(decisions).toBeGreaterThan(1000)
      if (spec === prefixAware) expect(elsewhere).toBeGreaterThan(100)
    },
  )

  it.each([leastLoaded, prefixAware])('$name spreads the histories of a warm start', (spec) => {
    const knobs = { ...plainKnobs, replicas: 4, sessionsPerReplica: 6, conversations: 24, poolBlocks: 60 }
    const input: PlanInput = { ...planInput(knobs), router: spec }
    const { plan } = planSteps(input, new Collector())
    const blocks = plan.warmHbm.map(({ length }) => length)
    expect(Math.min(...blocks)).toBeGreaterThan(knobs.poolBlocks / 3)
  })
})
