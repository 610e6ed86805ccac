import fc from 'fast-check'
import { lru } from '../../src/cache/policies/lru.ts'
import { createPolicy, NONE, noFacts } from '../../src/cache/policy.ts'
import type { ReferenceStream } from '../../src/lab/reference-stream.ts'
import type { TokenCost } from '../../src/lab/replay/facts.ts'
import { type RequestHits, replay, type TouchOrder } from '../../src/lab/replay/replay.ts'

export const blockTokens = 4
export const orders: readonly TouchOrder[] = ['head', 'tail']
export const cost: TokenCost = { linearFlops: 10, flopsPerPosition: 2, kvBytes: 3 }

/** A request as a test states it. */
export interface SmallRequest {
  readonly blocks: readonly number[]
  readonly promptTokens: number
  readonly session: number
}

export function streamOf(requests: readonly SmallRequest[], traits: Partial<ReferenceStream> = {}): ReferenceStream {
  const numbers = new Map<number, number>()
  const blocks: number[] = []
  const starts = [0]
  for (const request of requests) {
    for (const id of request.blocks) {
      if (!numbers.has(id)) numbers.set(id, numbers.size)
      blocks.push(numbers.get(id)!)
    }
    starts.push(blocks.length)
  }
  const turns = requests.map(({ session }, at) => requests.slice(0, at).filter((one) => one.session === session).length)
  return {
    blockTokens,
    blocks: Int32Array.from(blocks),
    starts: Int32Array.from(starts),
    distinctBlocks: numbers.size,
    promptTokens: Int32Array.from(requests, ({ promptTokens }) => promptTokens),
    outputTokens: new Int32Array(requests.length).fill(1),
    arrivalMs: Float64Array.from(requests, (_, at) => 100 * at),
    sessions: Int32Array.from(requests, ({ session }) => session),
    turns: Int32Array.from(turns),
    tenants: Int32Array.from(requests, ({ session }) => session % 2),
    categories: Int32Array.from(requests, ({ session }) => session % 3),
    notes: [],
    isChained: true,
    isTimed: true,
    sessionsFrom: 'trace',
    ...traits,
  }
}

/** Id of a block by the path to it, so that ids are prefix-chained. */
const idOf = (path: readonly number[]): number => path.reduce((id, choice) => 3 * id + choice + 1, 0)

const request = fc
  .record({
    path: fc.array(fc.nat(1), { maxLength: 6 }),
    /** Of the last block; more than a block: tokens that the trace gives no id. */
    lastTokens: fc.integer({ min: 1, max: 6 }),
    session: fc.nat(4),
  })
  .map(
    ({ path, lastTokens, session }): SmallRequest => ({
      blocks: path.map((_, at) => idOf(path.slice(0, at + 1))),
      promptTokens: Math.max(0, path.length - 1) * blockTokens + lastTokens,
      session,
    }),
  )

/** Prefix-chained streams that refer to some block; at most 126 distinct ones. */
export const chainedStreams: fc.Arbitrary<readonly SmallRequest[]> = fc
  .array(request, { minLength: 1, maxLength: 40 })
  .filter((requests) => requests.some(({ blocks }) => blocks.length > 0))

/** Of a stream, each request's blocks. */
export function blocksOf({ blocks, starts }: ReferenceStream): number[][] {
  return Array.from({ length: starts.length - 1 }, (_, at) => [...blocks.subarray(starts[at], starts[at + 1])])
}

/** LRU as an array, the latest first. */
export class NaiveLru {
  readonly held: number[] = []
  readonly capacityBlocks: number

  constructor(capacityBlocks: number) {
    this.capacityBlocks = capacityBlocks
  }

  refer(block: number): boolean {
    const at = this.held.indexOf(block)
    if (at >= 0) this.held.splice(at, 1)
    else if (this.held.length === this.capacityBlocks) this.held.pop()
    this.held.unshift(block)
    return at >= 0
  }
}

/** Of the places 0 to `length` − 1, those of a request in the order in which they are touched. */
export function touched(length: number, order: TouchOrder): number[] {
  const places = Array.from({ length }, (_, place) => place)
  return order === 'head' ? places : places.reverse()
}

export function replayLru(stream: ReferenceStream, capacityBlocks: number, order: TouchOrder): RequestHits {
  const slotOf = new Int32Array(stream.distinctBlocks).fill(NONE)
  return replay(stream, createPolicy(lru, capacityBlocks, noFacts), capacityBlocks, slotOf, order)
}
