import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lru } from '../../../src/cache/policies/lru.ts'
import type { ReferenceStream } from '../../../src/lab/reference-stream.ts'
import { runTwoTiers, type TwoTierTask } from '../../../src/lab/replay/policy-task.ts'
import type { TierHits } from '../../../src/lab/replay/two-tier.ts'
import { routers } from '../../../src/plan/router/registry.ts'
import {
  chainedStreams,
  cost,
  NaiveLru,
  orders,
  replayLru,
  type SmallRequest,
  streamOf,
  touched,
} from '../small-streams.ts'

const seed = 11

type Sizes = Pick<TwoTierTask, 'gpus' | 'router' | 'hbmBlocks' | 'warehouseBlocks' | 'touch'>

const sizes: fc.Arbitrary<Sizes> = fc.record({
  gpus: fc.integer({ min: 1, max: 3 }),
  router: fc.constantFrom('round-robin', 'session-affine'),
  hbmBlocks: fc.integer({ min: 1, max: 12 }),
  warehouseBlocks: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.POSITIVE_INFINITY)),
  touch: fc.constantFrom(...orders),
})

function twoTiers(stream: ReferenceStream, given: Sizes) {
  const { create } = routers.find(({ name }) => name === given.router)!
  const task = { kind: 'twoTier', stream, cost, hbmPolicy: 'lru', warehousePolicy: 'lru', ...given } as const
  return runTwoTiers({ hbm: lru, warehouse: lru }, create, task)
}

const hitsOf = ({ references, hbmAnyHits, warehouseAnyHits, hbmPrefixHits, warehousePrefixHits }: TierHits) => ({
  references,
  hbmAnyHits,
  warehouseAnyHits,
  hbmPrefixHits,
  warehousePrefixHits,
})

/** The GPU of each request. A conversation lives from its first request to its last. */
function routed(requests: readonly SmallRequest[], { gpus, router }: Sizes): number[] {
  const gpuOf: number[] = []
  for (const [now, { session }] of requests.entries()) {
    const before = requests.slice(0, now).findIndex((one) => one.session === session)
    const firsts = gpuOf.map((gpu, at) => ({ gpu, at })).filter(({ at }) => isFirst(at) && isGoingOn(at, now))
    const live = Array.from({ length: gpus }, (_, gpu) => firsts.filter((one) => one.gpu === gpu).length)
    if (router === 'round-robin') gpuOf.push(now % gpus)
    else gpuOf.push(before === -1 ? live.indexOf(Math.min(...live)) : gpuOf[before]!)
  }
  return gpuOf

  function isFirst(at: number): boolean {
    return !requests.slice(0, at).some(({ session }) => session === requests[at]!.session)
  }
  function isGoingOn(at: number, now: number): boolean {
    return requests.slice(now).some(({ session }) => session === requests[at]!.session)
  }
}

function naive(requests: readonly SmallRequest[], given: Sizes): TierHits {
  const hbm = Array.from({ length: given.gpus }, () => new NaiveLru(given.hbmBlocks))
  const warehouse = given.warehouseBlocks === 0 ? undefined : new NaiveLru(given.warehouseBlocks)
  const gpuOf = routed(requests, given)
  const hits = { references: 0, hbmAnyHits: 0, warehouseAnyHits: 0, hbmPrefixHits: 0, warehousePrefixHits: 0 }
  for (const [at, { blocks }] of requests.entries()) {
    const memory = hbm[gpuOf[at]!]!
    const inHbm = new Set(memory.held)
    const inEither = new Set([...memory.held, ...(warehouse?.held ?? [])])
    const run = (there: ReadonlySet<number>): number => [...blocks, -1].findIndex((block) => !there.has(block))
    hits.references += blocks.length
    hits.hbmPrefixHits += run(inHbm)
    hits.warehousePrefixHits += run(inEither) - run(inHbm)
    for (const place of touched(blocks.length, given.touch)) {
      const isStored = warehouse?.refer(blocks[place]!) ?? false
      if (memory.refer(blocks[place]!)) hits.hbmAnyHits++
      else if (isStored) hits.warehouseAnyHits++
    }
  }
  return hits
}

describe('HBM above a warehouse', () => {
  it('hits what arrays of arrays hit, under both routers and in both orders', () => {
    fc.assert(
      fc.property(chainedStreams, sizes, (requests, given) => {
        expect(hitsOf(twoTiers(streamOf(requests), given))).toEqual(naive(requests, given))
      }),
      { seed, numRuns: 300 },
    )
  })

  it('of one GPU without a warehouse is the one memory', () => {
    fc.assert(
      fc.property(chainedStreams, sizes, (requests, { hbmBlocks, touch, router }) => {
        const stream = streamOf(requests)
        const { anyBlocks, prefixBlocks } = replayLru(stream, hbmBlocks, touch)
        const sum = (values: Int32Array): number => values.reduce((total, value) => total + value, 0)
        const found = twoTiers(stream, { gpus: 1, router, hbmBlocks, warehouseBlocks: 0, touch })
        expect(hitsOf(found)).toEqual({
          references: stream.blocks.length,
          hbmAnyHits: sum(anyBlocks),
          warehouseAnyHits: 0,
          hbmPrefixHits: sum(prefixBlocks),
          warehousePrefixHits: 0,
        })
      }),
      { seed, numRuns: 100 },
    )
  })

  it('that holds everything reaches the ceiling, whatever the router does', () => {
    const every = fc.constantFrom(...routers.map(({ name }) => name))
    fc.assert(
      fc.property(chainedStreams, sizes, every, (requests, given, router) => {
        const stream = streamOf(requests)
        const found = twoTiers(stream, { ...given, router, warehouseBlocks: Number.POSITIVE_INFINITY })
        const ceiling = stream.blocks.length - stream.distinctBlocks
        expect(found.hbmAnyHits + found.warehouseAnyHits).toBe(ceiling)
        expect(found.hbmPrefixHits + found.warehousePrefixHits).toBe(ceiling)
      }),
      { seed, numRuns: 100 },
    )
  })

  it('of more blocks than the trace has takes no more memory than that, and hits the same', () => {
    const stream = streamOf([0, 1, 0, 1].map((session) => ({ blocks: [1, 2, session + 5], promptTokens: 12, session })))
    const huge = { gpus: 2, router: 'round-robin', hbmBlocks: 5e15, warehouseBlocks: 5e15, touch: 'head' } as const
    expect(hitsOf(twoTiers(stream, huge))).toEqual(
      hitsOf(twoTiers(stream, { ...huge, hbmBlocks: 4, warehouseBlocks: 4 })),
    )
  })

  it('of a trace without sessions uses all GPUs, also where a conversation would stay', () => {
    const requests = Array.from({ length: 12 }, (_, at) => ({ blocks: [at % 2], promptTokens: 4, session: 0 }))
    const stream = streamOf(requests, { sessionsFrom: 'none' })
    const given = { gpus: 2, hbmBlocks: 1, warehouseBlocks: 0, touch: 'head' } as const
    // Each GPU gets one of the two blocks again and again; a single one could never keep both.
    expect(twoTiers(stream, { ...given, router: 'session-affine' }).hbmAnyHits).toBe(10)
    expect(twoTiers(stream, { ...given, router: 'round-robin' }).hbmAnyHits).toBe(10)
    expect(twoTiers(stream, { ...given, router: 'round-robin', gpus: 1 }).hbmAnyHits).toBe(0)
  })
})

it('names its hits by what they were found with', () => {
  const stream = streamOf([{ blocks: [1], promptTokens: 4, session: 0 }])
  const given = { gpus: 2, router: 'round-robin', hbmBlocks: 3, warehouseBlocks: 7, touch: 'head' } as const
  expect(twoTiers(stream, given)).toMatchObject({
    gpus: 2,
    router: 'round-robin',
    hbmPolicy: 'lru',
    hbmBlocks: 3,
    warehousePolicy: 'lru',
    warehouseBlocks: 7,
  })
})
