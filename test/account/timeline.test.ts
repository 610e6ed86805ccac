import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { bothSinks } from '../../src/account/timeline/both-sinks.ts'
import { FetchSpans } from '../../src/account/timeline/fetch-spans.ts'
import { GaugeBins } from '../../src/account/timeline/gauge-bins.ts'
import { Lane, laneParts } from '../../src/account/timeline/lane.ts'
import { type RecordedTimeline, TimelineRecorder } from '../../src/account/timeline/timeline-recorder.ts'
import { planSteps, planTimeline } from '../../src/plan/plan-arm.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import type { MemoryGauge } from '../../src/plan/timeline.ts'
import { plainKnobs, planInput, randomKnobs, widerKnobs } from '../plan/random-plan.ts'

function recorded(input: PlanInput): { timeline: RecordedTimeline; collector: Collector } {
  const collector = new Collector()
  const recorder = new TimelineRecorder(input)
  planTimeline(input, bothSinks(collector, recorder))
  return { timeline: recorder.timeline, collector }
}

const gaugeOf = (hbmBlocks: number): MemoryGauge => ({ hbmBlocks, pinnedBlocks: 0, evictions: 0, lowerBlocks: [] })
const useful = (startMs: number, endMs: number) => ({
  startMs,
  endMs,
  usefulPrefillMs: endMs - startMs,
  redundantPrefillMs: 0,
  decodeMs: 0,
  stalledMs: 0,
  starvedMs: 0,
  steps: 1,
})
const decode = (startMs: number, endMs: number) => ({
  ...useful(startMs, endMs),
  usefulPrefillMs: 0,
  decodeMs: endMs - startMs,
})

describe('a recorded timeline', () => {
  it('keeps the time of every GPU: segments fill the window without a gap and sum to the books', () => {
    fc.assert(
      fc.property(widerKnobs, (knobs) => {
        const { timeline, collector } = recorded(planInput(knobs))
        const { windowMs } = timeline
        expect(windowMs).toBeCloseTo(collector.totals.closeMs - collector.totals.openMs, 9)
        expect(timeline.lanes).toHaveLength(knobs.replicas)
        timeline.lanes.forEach(({ segments }, replica) => {
          let untilMs = 0
          for (const { startMs, endMs } of segments) {
            expect(startMs).toBeCloseTo(untilMs, 7)
            untilMs = endMs
          }
          expect(untilMs).toBeCloseTo(windowMs, 7)
          const totals = collector.replicas[replica]
          for (const part of laneParts) {
            const sum = segments.reduce((ms, segment) => ms + segment[part], 0)
            expect(sum, part).toBeCloseTo(totals?.[part] ?? 0, 6)
          }
        })
      }),
      { seed: 121, numRuns: 120 },
    )
  })

  it('has the evictions and the occupancy of the plan', () => {
    fc.assert(
      fc.property(randomKnobs, (knobs) => {
        const input = { ...planInput(knobs), settleRequests: 0 }
        const recorder = new TimelineRecorder(input)
        const { plan } = planSteps(input, recorder)
        const { timeline } = recorder
        const steps = plan.ops.map((ops) =>
          ops.flatMap((op) => (op.kind === 'step' && op.segment.endMs <= timeline.windowMs ? [op.gauge] : [])),
        )
        const last = steps.map((gauges) => gauges.at(-1))
        const sum = (of: (gauge: MemoryGauge) => number): number =>
          last.reduce((total, gauge) => total + (gauge === undefined ? 0 : of(gauge)), 0)
        expect(timeline.evictions.reduce((a, b) => a + b, 0)).toBe(sum(({ evictions }) => evictions))
        const bytesPerBlock = input.pool.blockTokens * input.cost.kvBytesPerToken
        const [hbm] = timeline.memories
        expect(hbm!.heldBytes.at(-1)).toBe(bytesPerBlock * sum(({ hbmBlocks }) => hbmBlocks))
        expect(hbm!.pinnedBytes!.at(-1)).toBe(bytesPerBlock * sum(({ pinnedBlocks }) => pinnedBlocks))
        for (const { heldBytes, capacityBytes } of timeline.memories)
          for (const held of heldBytes) expect(held).toBeLessThanOrEqual(capacityBytes)
      }),
      { seed: 122, numRuns: 60 },
    )
  })

  it('sums private stores, and takes a shared one once', () => {
    const heldOf = (arm: 'local-dram' | 'warehouse'): number => {
      const { timeline } = recorded(planInput({ ...plainKnobs, arm, requests: 60, router: 'round-robin' }))
      return timeline.memories[1]!.heldBytes.at(-1)!
    }
    // Round-robin brings every conversation to both replicas, whose own memories then hold it twice.
    expect(heldOf('local-dram')).toBeGreaterThan(1.4 * heldOf('warehouse'))
  })

  it('is of bounded size: the first four replicas, some hundred segments and two hundred bins', () => {
    const input = planInput({ ...plainKnobs, replicas: 6, arm: 'local-dram', poolBlocks: 30, requests: 4000 })
    const { timeline } = recorded(input)
    expect([timeline.replicas, timeline.lanes.length]).toEqual([6, 4])
    for (const { segments, fetches, evictions } of timeline.lanes) {
      expect(segments.length).toBeGreaterThan(150)
      expect(segments.length).toBeLessThanOrEqual(500)
      expect(fetches.length).toBeGreaterThan(20)
      expect(fetches.length).toBeLessThanOrEqual(400)
      expect(evictions).toHaveLength(timeline.evictions.length)
    }
    expect(timeline.evictions.length).toBeGreaterThan(100)
    expect(timeline.evictions.length).toBeLessThanOrEqual(200)
    expect(timeline.binMs * timeline.evictions.length).toBeGreaterThanOrEqual(timeline.windowMs)
  })
})

describe('a lane', () => {
  it('keeps a long prefill a step of its own while decode steps flow together', () => {
    const lane = new Lane(5)
    for (let i = 0; i < 100; i++) lane.add(decode(i, i + 1))
    lane.add(useful(100, 150))
    lane.add(useful(150, 210))
    for (let i = 210; i < 260; i++) lane.add(decode(i, i + 1))
    expect(lane.segments().map(({ startMs, endMs, steps }) => [startMs, endMs, steps])).toEqual([
      [0, 100, 100],
      [100, 150, 1],
      [150, 210, 1],
      [210, 260, 50],
    ])
  })

  it('merges what is short together where there is too much', () => {
    const lane = new Lane(4)
    for (let i = 0; i < 8; i++) lane.add(i % 2 === 0 ? useful(i, i + 1) : decode(i, i + 1))
    lane.add(useful(8, 40))
    const segments = lane.segments()
    expect(segments.length).toBeLessThanOrEqual(4)
    expect(segments.at(-1)).toEqual(useful(8, 40))
    expect(segments.reduce((steps, segment) => steps + segment.steps, 0)).toBe(9)
  })
})

describe('fetches of a GPU', () => {
  it('that overlap are one stretch with all their bytes', () => {
    const spans = new FetchSpans(10)
    spans.add({ startMs: 2, endMs: 4, fetches: 1, bytes: 10 })
    spans.add({ startMs: 1, endMs: 5, fetches: 1, bytes: 20 })
    spans.add({ startMs: 7, endMs: 8, fetches: 1, bytes: 5 })
    expect(spans.spans()).toEqual([
      { startMs: 1, endMs: 5, fetches: 2, bytes: 30 },
      { startMs: 7, endMs: 8, fetches: 1, bytes: 5 },
    ])
  })

  it('stay few, and lose no byte', () => {
    const spans = new FetchSpans(10)
    for (let i = 0; i < 1000; i++) spans.add({ startMs: i, endMs: i + 0.5 + (i % 3) / 10, fetches: 1, bytes: 7 })
    expect(spans.spans().length).toBeLessThanOrEqual(10)
    expect(spans.spans().reduce((sum, { bytes }) => sum + bytes, 0)).toBe(7000)
  })
})

describe('gauges', () => {
  it('have the last value in each stretch, and the one before where there is none', () => {
    const bins = new GaugeBins(1, 8)
    bins.before(0, gaugeOf(1))
    bins.add(0, 3, gaugeOf(2))
    bins.add(0, 4, gaugeOf(3))
    bins.add(0, 7.5, gaugeOf(4))
    const { binMs, rows } = bins.filled(8)
    expect(binMs).toBe(1)
    expect(rows[0]!.map((gauge) => gauge!.hbmBlocks)).toEqual([1, 1, 2, 3, 3, 3, 3, 4])
  })
})
