import { type Facts, type Knowledge, NONE } from '../../cache/policy.ts'
import { badInput } from '../../errors.ts'
import { type ReferenceStream, requestCount } from '../reference-stream.ts'
import { never, nextRequestMs, nextUses } from './future.ts'
import type { ReplayListener, TouchOrder } from './replay.ts'

/** FLOPs to compute a token: `linear` for itself, `perPosition` more for each token before it. Bytes of its KV. */
export interface TokenCost {
  readonly linearFlops: number
  readonly flopsPerPosition: number
  readonly kvBytes: number
}

/** FLOPs to compute tokens from..to of a prompt. */
export function flopsBetween({ linearFlops, flopsPerPosition }: TokenCost, from: number, to: number): number {
  return (to - from) * (linearFlops + (flopsPerPosition * (from + to)) / 2)
}

/** What the lab tells a policy about a trace. It listens to the replay, and is as old as the request under way. */
export class LabFacts implements Facts, ReplayListener {
  session = NONE
  turn = NONE
  tenant = NONE
  category = NONE
  nowMs = 0
  sessionNextMs = Number.POSITIVE_INFINITY
  nextUse = Number.POSITIVE_INFINITY
  readonly blockBytes: number
  readonly #stream: ReferenceStream
  readonly #slotOf: Int32Array
  readonly #cost: TokenCost
  readonly #parents: Int32Array | undefined
  readonly #positions: Int32Array | undefined
  readonly #nextUses: Int32Array | undefined
  readonly #nextRequestMs: Float64Array | undefined

  /** @param slotOf of each block in the memory that the policy orders */
  constructor(
    stream: ReferenceStream,
    knows: readonly Knowledge[],
    order: TouchOrder,
    slotOf: Int32Array,
    cost: TokenCost,
  ) {
    this.#stream = stream
    this.#slotOf = slotOf
    this.#cost = cost
    this.blockBytes = stream.blockTokens * cost.kvBytes
    const wants = (knowledge: Knowledge): boolean => knows.includes(knowledge)
    const places = wants('parent') || wants('position') || wants('cost') ? placesOf(stream) : undefined
    this.#parents = wants('parent') ? places?.parents : undefined
    this.#positions = wants('position') || wants('cost') ? places?.positions : undefined
    this.#nextUses = wants('future') ? nextUses(stream, order) : undefined
    this.#nextRequestMs = wants('schedule') ? nextRequestMs(stream) : undefined
  }

  request(request: number): void {
    const { sessions, turns, tenants, categories, arrivalMs } = this.#stream
    this.session = sessions[request]!
    this.turn = turns[request]!
    this.tenant = tenants[request]!
    this.category = categories[request]!
    this.nowMs = arrivalMs[request]!
    if (this.#nextRequestMs !== undefined) this.sessionNextMs = this.#nextRequestMs[request]!
  }

  touch(reference: number): void {
    if (this.#nextUses === undefined) return
    const next = this.#nextUses[reference]!
    this.nextUse = next === never ? Number.POSITIVE_INFINITY : next
  }

  parentOf(block: number): number {
    return this.#parents![block]!
  }

  slotOf(block: number): number {
    return this.#slotOf[block]!
  }

  positionOf(block: number): number {
    return this.#positions![block]!
  }

  flopsOf(block: number): number {
    const { blockTokens } = this.#stream
    const from = this.#positions![block]! * blockTokens
    return flopsBetween(this.#cost, from, from + blockTokens)
  }
}

/** What a policy must know and a trace does not say; undefined where it says all. */
export function unknowable(
  knows: readonly Knowledge[],
  { isChained, sessionsFrom }: ReferenceStream,
): Knowledge | undefined {
  return knows.find((knowledge) => {
    if (knowledge === 'parent' || knowledge === 'position' || knowledge === 'cost') return !isChained
    if (knowledge === 'session' || knowledge === 'schedule') return sessionsFrom === 'none'
    return false
  })
}

export function refuseIgnorant(policy: string, knows: readonly Knowledge[], stream: ReferenceStream): void {
  const missing = unknowable(knows, stream)
  if (missing === undefined) return
  throw badInput(
    '--policies',
    `"${policy}" must know ${needs[missing]}, which this trace does not tell`,
    'Leave it out, or take a trace with prefix-chained block ids.',
  )
}

const needs: Readonly<Record<Knowledge, string>> = {
  parent: 'the block before each block',
  position: 'the position of each block',
  session: 'the conversation of each request',
  time: 'the time',
  cost: 'what it costs to compute each block again',
  schedule: 'when each conversation goes on',
  future: 'the future',
}

/** Of each block: the one before it in its prompt, and its index there. Ids are prefix-chained, so both are the same wherever it occurs. */
function placesOf(stream: ReferenceStream): { readonly parents: Int32Array; readonly positions: Int32Array } {
  const { blocks, starts, distinctBlocks } = stream
  const parents = new Int32Array(distinctBlocks).fill(NONE)
  const positions = new Int32Array(distinctBlocks)
  for (let request = 0; request < requestCount(stream); request++) {
    const from = starts[request]!
    for (let at = from; at < starts[request + 1]!; at++) {
      parents[blocks[at]!] = at === from ? NONE : blocks[at - 1]!
      positions[blocks[at]!] = at - from
    }
  }
  return { parents, positions }
}
