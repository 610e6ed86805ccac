import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Knowledge, NONE } from '../../../src/cache/policy.ts'
import type { ReferenceStream } from '../../../src/lab/reference-stream.ts'
import { flopsBetween, LabFacts, refuseIgnorant, unknowable } from '../../../src/lab/replay/facts.ts'
import type { TouchOrder } from '../../../src/lab/replay/replay.ts'
import { blocksOf, blockTokens, chainedStreams, cost, orders, streamOf, touched } from '../small-streams.ts'

const seed = 11
const all: readonly Knowledge[] = ['parent', 'position', 'session', 'time', 'cost', 'schedule', 'future']

function factsOf(stream: ReferenceStream, order: TouchOrder = 'head', knows = all): LabFacts {
  return new LabFacts(stream, knows, order, new Int32Array(stream.distinctBlocks).fill(NONE), cost)
}

describe('the lab tells a policy', () => {
  it('the parent, position and cost of every block, wherever it occurs', () => {
    fc.assert(
      fc.property(chainedStreams, (requests) => {
        const stream = streamOf(requests)
        const facts = factsOf(stream)
        for (const own of blocksOf(stream)) {
          for (const [place, block] of own.entries()) {
            const from = place * blockTokens
            expect(facts.parentOf(block)).toBe(place === 0 ? NONE : own[place - 1])
            expect(facts.positionOf(block)).toBe(place)
            expect(facts.flopsOf(block)).toBe(flopsBetween(cost, from, from + blockTokens))
          }
        }
        expect(facts.blockBytes).toBe(blockTokens * cost.kvBytes)
      }),
      { seed, numRuns: 60 },
    )
  })

  it('the request under way, and when its session goes on', () => {
    fc.assert(
      fc.property(chainedStreams, (requests) => {
        const stream = streamOf(requests)
        const facts = factsOf(stream)
        for (const [now, { session }] of requests.entries()) {
          facts.request(now)
          const next = requests.findIndex((one, at) => at > now && one.session === session)
          expect(facts).toMatchObject({
            session,
            turn: requests.slice(0, now).filter((one) => one.session === session).length,
            tenant: session % 2,
            category: session % 3,
            nowMs: 100 * now,
            sessionNextMs: next === -1 ? Number.POSITIVE_INFINITY : 100 * next,
          })
        }
      }),
      { seed, numRuns: 60 },
    )
  })

  it.each(orders)('the number of the next reference to a block, touching from the %s', (order) => {
    fc.assert(
      fc.property(chainedStreams, (requests) => {
        const stream = streamOf(requests)
        const facts = factsOf(stream, order)
        const inFile = blocksOf(stream).flatMap((own, request) =>
          touched(own.length, order).map((place) => ({
            block: own[place]!,
            reference: stream.starts[request]! + place,
          })),
        )
        for (const [now, { block, reference }] of inFile.entries()) {
          facts.touch(reference)
          const next = inFile.findIndex((one, at) => at > now && one.block === block)
          expect(facts.nextUse).toBe(next === -1 ? Number.POSITIVE_INFINITY : next)
        }
      }),
      { seed, numRuns: 60 },
    )
  })

  it('where a block is in the memory that the policy orders', () => {
    const stream = streamOf([{ blocks: [7, 8], promptTokens: 8, session: 0 }])
    const slotOf = Int32Array.of(NONE, 3)
    const facts = new LabFacts(stream, ['parent'], 'head', slotOf, cost)
    expect([facts.slotOf(0), facts.slotOf(1)]).toEqual([NONE, 3])
    slotOf[0] = 5
    expect(facts.slotOf(0)).toBe(5)
  })

  it('nothing of the future to a policy that does not ask', () => {
    const ask = { blocks: [1], promptTokens: 4, session: 0 }
    const facts = factsOf(streamOf([ask, ask]), 'head', ['session', 'time'])
    facts.request(0)
    facts.touch(0)
    expect(facts).toMatchObject({ nextUse: Number.POSITIVE_INFINITY, sessionNextMs: Number.POSITIVE_INFINITY })
  })
})

describe('what a trace does not tell', () => {
  const ask = { blocks: [1], promptTokens: 4, session: 0 }
  const plain = streamOf([ask], { isChained: false, isTimed: false, sessionsFrom: 'none' })
  const needs: [Knowledge, string | undefined][] = [
    ['parent', 'the block before each block'],
    ['position', 'the position of each block'],
    ['cost', 'what it costs to compute each block again'],
    ['session', 'the conversation of each request'],
    ['schedule', 'when each conversation goes on'],
    ['time', undefined],
    ['future', undefined],
  ]

  it.each(needs)('%s: %s', (knowledge, words) => {
    const refuse = (): void => refuseIgnorant('mine', [knowledge], plain)
    expect(unknowable([knowledge], plain)).toBe(words === undefined ? undefined : knowledge)
    if (words === undefined) expect(refuse).not.toThrow()
    else expect(refuse).toThrow(`--policies: "mine" must know ${words}, which this trace does not tell. Leave it out,`)
  })

  it('is nothing where ids are chained and there are sessions, also found ones', () => {
    expect(() => refuseIgnorant('mine', all, streamOf([ask]))).not.toThrow()
    expect(unknowable(all, streamOf([ask], { sessionsFrom: 'prefixes' }))).toBeUndefined()
  })

  it('is told by its first need', () => {
    expect(unknowable(['future', 'session', 'parent'], plain)).toBe('session')
  })
})
