import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { armMetrics } from '../../src/account/metrics.ts'
import { replayPlan } from '../../src/account/replay.ts'
import { TimelineRecorder } from '../../src/account/timeline/timeline-recorder.ts'
import type { RecordedPlan } from '../../src/plan/plan.ts'
import { planSteps } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import type { LinkSpec } from '../../src/warehouse/link.ts'
import { expectSameBooks } from '../plan/compare-books.ts'
import { armNames, type Knobs, plainKnobs, planInput, randomKnobs, withoutTies } from '../plan/random-plan.ts'

/**
 * Steps under way when the window closes must be in the plan. A replay knows no waiting for slots, so where stores pin
 * some, the pool has room for all that can run.
 */
function replayable(drawn: Knobs): PlanInput {
  const knobs = withoutTies(drawn)
  const input = planInput({ ...knobs, overrunRequests: 30 })
  const isTight = knobs.arm === 'hbm-only' || knobs.arm === 'infinite-cache'
  const seats = knobs.replicas * knobs.sessionsPerReplica
  return isTight ? input : { ...input, poolBlocks: input.poolBlocks * (seats + 1) }
}

function durationsOf(plan: RecordedPlan, factor: number): Float64Array[] {
  return plan.ops.map((ops) =>
    Float64Array.from(
      ops.filter((op) => op.kind === 'step'),
      ({ segment }) => (segment.endMs - segment.startMs) * factor,
    ),
  )
}

function slowed(input: PlanInput, factor: number): PlanInput {
  const rates = <R extends { readBytesPerMs: number; writeBytesPerMs: number }>(of: R): R => ({
    ...of,
    readBytesPerMs: of.readBytesPerMs / factor,
    writeBytesPerMs: of.writeBytesPerMs / factor,
  })
  const slowLink = (link: LinkSpec): LinkSpec => ({
    ...rates(link),
    latencyMs: link.latencyMs * factor,
    host: link.host && rates(link.host),
    fabric: link.fabric && rates(link.fabric),
  })
  const { lowers, requestOverheadMs } = input
  return {
    ...input,
    requestOverheadMs: requestOverheadMs * factor,
    lowers: lowers.map((lower) => ({ ...lower, link: lower.link && slowLink(lower.link) })),
  }
}

describe.each(armNames)('the replay of %s', (arm) => {
  it.each(['async', 'blocking'] as const)(
    'with the planned durations keeps the books of the plan (%s)',
    (fetchMode) => {
      fc.assert(
        fc.property(randomKnobs, (drawn) => {
          const input = replayable({ ...drawn, arm, fetchMode })
          const planned = new Collector()
          const { plan } = planSteps(input, planned)
          const replayed = new Collector()
          expect(replayPlan(plan, input, durationsOf(plan, 1), replayed)).toBe(true)
          expectSameBooks(replayed.totals, planned.totals)
        }),
        { seed: 111, numRuns: 40 },
      )
    },
  )

  it('with the planned durations reports the fetches and gauges of the plan', () => {
    fc.assert(
      fc.property(randomKnobs, (drawn) => {
        const input = replayable({ ...drawn, arm })
        const planned = new TimelineRecorder(input)
        const { plan } = planSteps(input, planned)
        const replayed = new TimelineRecorder(input)
        replayPlan(plan, input, durationsOf(plan, 1), replayed)
        const [found, expected] = [replayed.timeline, planned.timeline]
        expect(found.binMs).toBe(expected.binMs)
        expect(found.evictions.reduce((a, b) => a + b, 0)).toBe(expected.evictions.reduce((a, b) => a + b, 0))
        expect(found.memories.map(({ heldBytes }) => heldBytes.at(-1))).toEqual(
          expected.memories.map(({ heldBytes }) => heldBytes.at(-1)),
        )
        const fetches = ({ lanes }: typeof found) => lanes.flatMap(({ fetches }) => fetches)
        const near = (ms: number) => expect.closeTo(ms, 6)
        expect(fetches(found)).toEqual(
          fetches(expected).map((span) => ({ ...span, startMs: near(span.startMs), endMs: near(span.endMs) })),
        )
      }),
      { seed: 113, numRuns: 40 },
    )
  })

  it('of twice the durations, link times and think times has half the throughput', () => {
    fc.assert(
      fc.property(randomKnobs, (drawn) => {
        const input = replayable({ ...drawn, arm })
        const { plan } = planSteps(input, new Collector())
        const once = new Collector()
        replayPlan(plan, input, durationsOf(plan, 1), once)
        for (const request of plan.requests) Object.assign(request, { delayMs: 2 * request.delayMs })
        const twice = new Collector()
        replayPlan(plan, slowed(input, 2), durationsOf(plan, 2), twice)
        const [fast, slow] = [once, twice].map(({ totals }) => armMetrics(totals, input.replicas, 1))
        if (fast!.window.seconds === 0) return
        expect(slow!.tokensPerGpuSecond / fast!.tokensPerGpuSecond).toBeCloseTo(0.5, 9)
        expect(slow!.stalledShare).toBeCloseTo(fast!.stalledShare, 9)
        expect(slow!.starvedShare).toBeCloseTo(fast!.starvedShare, 9)
        expect(slow!.hitRate).toBe(fast!.hitRate)
      }),
      { seed: 112, numRuns: 20 },
    )
  })
})

describe('a replay', () => {
  const knobs: Knobs = { ...plainKnobs, arm: 'warehouse', fetch: 'always' }

  it('whose durations run out closes its window there, and says whether it had opened', () => {
    const input = replayable(knobs)
    const { plan } = planSteps(input, new Collector())
    const durations = durationsOf(plan, 1)
    const whole = new Collector()
    replayPlan(plan, input, durations, whole)
    const cut = new Collector()
    const most = durations.map((steps) => steps.subarray(0, Math.floor(steps.length * 0.6)))
    expect(replayPlan(plan, input, most, cut)).toBe(true)
    expect(cut.totals.openMs).toBe(whole.totals.openMs)
    expect(cut.totals.closeMs).toBeLessThan(whole.totals.closeMs)
    const few = durations.map((steps) => steps.subarray(0, 2))
    expect(replayPlan(plan, input, few, new Collector())).toBe(false)
  })

  it('lets a fetch wait for the stores of its blocks, on whichever replica', () => {
    const input = replayable({ ...knobs, router: 'round-robin', poolBlocks: 30, sessionsPerReplica: 6 })
    const { plan } = planSteps(input, new Collector())
    const durations = durationsOf(plan, 1)
    const lower = input.lowers[0]!
    const link = { ...lower.link!, writeBytesPerMs: lower.link!.writeBytesPerMs / 50 }
    const slow = books(plan, { ...input, lowers: [{ ...lower, link }] }, durations).totals
    expect(slow.closeMs).toBeGreaterThan(books(plan, input, durations).totals.closeMs + 10)
  })

  it.each([0.72, 1.28])('on a machine %d times as slow as planned is the plan, stretched', (factor) => {
    const input = replayable(knobs)
    const { plan } = planSteps(input, new Collector())
    const { totals } = books(plan, input, durationsOf(plan, 1))
    const stretched = new Collector()
    replayPlan(plan, input, durationsOf(plan, factor), stretched, factor)
    const found = stretched.totals
    expect((found.closeMs - found.openMs) / (totals.closeMs - totals.openMs)).toBeCloseTo(factor, 9)
    expect(found.stalledMs / factor).toBeCloseTo(totals.stalledMs, 6)
    expect(found.outputTokens).toBe(totals.outputTokens)
    expect(found.hbmHitTokens).toBe(totals.hbmHitTokens)
  })

  it('lets a slow step hold up only what waits for it', () => {
    const input = replayable(knobs)
    const { plan } = planSteps(input, new Collector())
    const durations = durationsOf(plan, 1)
    const { totals } = books(plan, input, durations)
    durations[plan.windowClosesWith!.replica]![0]! += 1000
    const slow = books(plan, input, durations).totals
    expect(slow.closeMs).toBeGreaterThan(totals.closeMs)
    expect(slow.closeMs).toBeLessThanOrEqual(totals.closeMs + 1000 + 1e-6)
    expect(
      slow.decodeMs + slow.usefulPrefillMs + slow.redundantPrefillMs + slow.stalledMs + slow.starvedMs,
    ).toBeCloseTo(2 * (slow.closeMs - slow.openMs), 6)
  })
})

function books(plan: RecordedPlan, input: PlanInput, durations: readonly Float64Array[]): Collector {
  const collector = new Collector()
  replayPlan(plan, input, durations, collector)
  return collector
}
