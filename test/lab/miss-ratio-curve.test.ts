import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadStream } from '../../src/lab/load-stream.ts'
import { missRatioCurve } from '../../src/lab/miss-ratio-curve.ts'
import { inTouchOrder } from '../../src/lab/replay/touch-order.ts'
import { stackDistances } from '../../src/lab/stack-distances.ts'
import { realTrace } from '../workload/real-traces.ts'
import { blocksOf, chainedStreams, orders, replayLru, streamOf, touched } from './small-streams.ts'

const seed = 11

describe('the curve of LRU', () => {
  it.each(orders)('is what a replay hits at every capacity, touching from the %s', (order) => {
    fc.assert(
      fc.property(chainedStreams, (requests) => {
        const stream = streamOf(requests)
        const { distinctBlocks, blocks } = stream
        const distances = stackDistances(inTouchOrder(stream, order), distinctBlocks)
        const replayed = Array.from({ length: distinctBlocks }, (_, at) => hitsOf(at + 1))
        const below = replayed.map((_, at) => distances.filter((distance) => distance >= 0 && distance <= at).length)
        expect(below).toEqual(replayed)
        for (const { capacityBlocks, anyBlockHitRate } of missRatioCurve(distances, distinctBlocks)) {
          expect(anyBlockHitRate).toBe(replayed[capacityBlocks - 1]! / blocks.length)
        }
        function hitsOf(capacityBlocks: number): number {
          return replayLru(stream, capacityBlocks, order).anyBlocks.reduce((sum, hits) => sum + hits, 0)
        }
      }),
      { seed, numRuns: 60 },
    )
  })

  it('has a point at every size of a small trace, and at one block and all blocks of any', () => {
    const distances = stackDistances(
      Int32Array.from({ length: 60 }, (_, at) => (at * at) % 20),
      20,
    )
    const sizes = missRatioCurve(distances, 20).map(({ capacityBlocks }) => capacityBlocks)
    expect(sizes).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    const large = missRatioCurve(new Int32Array(9).fill(-1), 1_000_000)
    expect(large[0]).toEqual({ capacityBlocks: 1, anyBlockHitRate: 0 })
    expect(large.at(-1)).toEqual({ capacityBlocks: 1_000_000, anyBlockHitRate: 0 })
    expect(large.length).toBeLessThanOrEqual(161)
  })

  it('of the conversation trace goes through the published hits', async (context) => {
    const { stream } = await loadStream(realTrace(context, 'mooncake_conversation_trace.jsonl.gz'))
    const distances = stackDistances(inTouchOrder(stream, 'head'), stream.distinctBlocks)
    const curve = missRatioCurve(distances, stream.distinctBlocks)
    expect(curve.at(-1)!.anyBlockHitRate).toBe(105_710 / 288_500)
    for (const [capacity, hits] of [
      [1_000, 12_831],
      [10_000, 60_921],
      [30_000, 93_967],
    ] as const) {
      expect(distances.filter((distance) => distance >= 0 && distance < capacity)).toHaveLength(hits)
      // A curve that ends at the capacity has its exact hits there; the whole one passes it between two of its points.
      expect(missRatioCurve(distances, capacity).at(-1)).toEqual({
        capacityBlocks: capacity,
        anyBlockHitRate: hits / 288_500,
      })
      const below = curve.findLast(({ capacityBlocks }) => capacityBlocks <= capacity)!
      const above = curve.find(({ capacityBlocks }) => capacityBlocks >= capacity)!
      expect(below.anyBlockHitRate).toBeLessThanOrEqual(hits / 288_500)
      expect(above.anyBlockHitRate).toBeGreaterThanOrEqual(hits / 288_500)
    }
  })
})

describe('touch order', () => {
  it('turns each request round, or leaves all as it is', () => {
    fc.assert(
      fc.property(chainedStreams, fc.constantFrom(...orders), (requests, order) => {
        const stream = streamOf(requests)
        const before = [...stream.blocks]
        const expected = blocksOf(stream).flatMap((own) => touched(own.length, order).map((place) => own[place]!))
        expect([...inTouchOrder(stream, order)]).toEqual(expected)
        expect([...stream.blocks]).toEqual(before)
      }),
      { seed, numRuns: 60 },
    )
  })
})
