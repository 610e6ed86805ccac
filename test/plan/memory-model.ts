import { expect } from 'vitest'
import type { Sequence } from '../../src/plan/engine/sequence.ts'
import type { AdmitOp, RecordedPlan, StepOp, StoreOp } from '../../src/plan/plan.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import { writeDirection } from '../../src/warehouse/link.ts'
import { LinkNetwork } from '../../src/warehouse/link-network.ts'
import { blockKey } from './block-key.ts'

const nothing = -1

/** When a store began and ended; the plan states only after which step it starts. */
export interface TimedStore {
  readonly op: StoreOp
  readonly startMs: number
  endMs: number
}

interface Happening {
  readonly atMs: number
  /** What ends at an instant comes before what starts. */
  readonly rank: number
  readonly happens: () => void
}

export function stepsOf(plan: RecordedPlan): StepOp[] {
  return plan.ops.flat().filter((op) => op.kind === 'step')
}

export function admitsOf(plan: RecordedPlan): AdmitOp[] {
  return plan.ops.flat().filter((op) => op.kind === 'admit')
}

/** The stores of a plan with the times that its link gives them. */
export function timedStores(plan: RecordedPlan, input: PlanInput): TimedStore[] {
  const stores = stepsOf(plan)
    .filter(({ store }) => store !== undefined)
    .sort((a, b) => a.order - b.order)
    .map(({ store, segment }) => ({ op: store!, startMs: segment.endMs, endMs: segment.endMs }))
  const [lower] = input.lowers
  const link = lower?.link
  if (link === undefined || lower?.freeStores) return stores
  const writes = new LinkNetwork<TimedStore>(writeDirection(link), input.replicas)
  const advanceTo = (limitMs: number): void => {
    while (writes.nextMs <= limitMs && writes.nextMs < Number.POSITIVE_INFINITY) {
      const atMs = writes.nextMs
      for (const store of writes.advance(atMs)) store.endMs = atMs
    }
  }
  for (const store of stores) {
    advanceTo(store.startMs)
    writes.start(store.startMs, store.op.replica, store.op.bytes, store)
  }
  advanceTo(Number.POSITIVE_INFINITY)
  return stores
}

/**
 * Runs a recorded plan on memories that know for every position of every slot what was written there. A row
 * checks that each position it reads is the one it should read, when the step starts and again when it ends; so do
 * fetches and stores with their sources. Whatever is being written is unreadable until then.
 */
export class MemoryModel {
  readonly #plan: RecordedPlan
  readonly #input: PlanInput
  readonly #blockTokens: number
  readonly #hbm: Int32Array[][]
  readonly #lower: Int32Array[][]
  readonly #numbers = new Map<string, number>()
  readonly #tokens = new Map<Sequence, Int32Array>()
  reads = 0
  fetchedBlocks = 0

  constructor(plan: RecordedPlan, input: PlanInput) {
    this.#plan = plan
    this.#input = input
    this.#blockTokens = input.pool.blockTokens
    const memory = (slots: number): Int32Array[] =>
      Array.from({ length: slots }, () => new Int32Array(this.#blockTokens).fill(nothing))
    this.#hbm = plan.ops.map(() => memory(input.poolBlocks))
    const [lower] = input.lowers
    const stores = lower === undefined ? 0 : lower.shared ? 1 : input.replicas
    this.#lower = Array.from({ length: stores }, () => memory(plan.lowerSlots))
    this.#warm()
  }

  check(): void {
    const happenings = [...this.#steps(), ...this.#fetches(), ...this.#stores()]
    happenings.sort((a, b) => a.atMs - b.atMs || a.rank - b.rank)
    for (const { happens } of happenings) happens()
  }

  #warm(): void {
    const keys = new Map<number, string>()
    for (const { request, blocks } of this.#plan.histories) {
      for (let i = 0; i < blocks; i++) {
        const key = this.#key(request, i)
        expect(keys.get(request.block(i)) ?? key).toBe(key)
        keys.set(request.block(i), key)
      }
    }
    this.#plan.warmHbm.forEach((blocks, replica) => {
      for (const { block, slot } of blocks) this.#hbm[replica]![slot] = this.#content(keys.get(block)!)
    })
    this.#plan.warmLower.forEach((blocks, store) => {
      for (const { block, slot } of blocks) this.#lower[store]![slot] = this.#content(keys.get(block)!)
    })
  }

  *#steps(): Iterable<Happening> {
    for (const op of stepsOf(this.#plan)) {
      const { replica, segment } = op
      const rows = [
        ...op.prefills,
        ...op.decodes.map(({ position, ...row }) => ({ ...row, from: position, to: position + 1 })),
      ]
      const read = (): void => {
        const owners = new Map<number, number>()
        for (const { request, from, to, blockTable } of rows) {
          same(blockTable.length, Math.ceil(to / this.#blockTokens), 'length of a block table')
          blockTable.forEach((slot, i) => {
            const block = this.#tokensOf(request)[i * this.#blockTokens]!
            same(owners.get(slot) ?? block, block, 'sequences of one step share a slot for one block')
            owners.set(slot, block)
          })
          for (let position = 0; position < from; position++) this.#read(replica, request, position, blockTable)
        }
      }
      const write = (content: (request: Sequence, position: number) => number): void => {
        for (const { request, from, to, blockTable } of rows) {
          for (let position = from; position < to; position++) {
            this.#slot(replica, blockTable, position)[position % this.#blockTokens] = content(request, position)
          }
        }
      }
      const begin = (): void => {
        read()
        write(() => nothing)
      }
      const end = (): void => {
        read()
        write((request, position) => this.#tokensOf(request)[position]!)
      }
      yield { atMs: segment.startMs, rank: 6, happens: begin }
      yield { atMs: segment.endMs, rank: 2, happens: end }
    }
  }

  *#fetches(): Iterable<Happening> {
    for (const { replica, request, fetch } of admitsOf(this.#plan)) {
      if (fetch === undefined) continue
      const lower = this.#lower[this.#store(replica)]!
      const checkSource = (): void => {
        fetch.fromSlots.forEach((slot, i) => {
          this.#check(lower[slot]!, this.#key(request, fetch.firstBlock + i), 'source of a fetch')
        })
      }
      const start = (): void => {
        checkSource()
        for (const slot of fetch.toSlots) this.#hbm[replica]![slot]!.fill(nothing)
      }
      const end = (): void => {
        checkSource()
        fetch.toSlots.forEach((slot, i) => {
          this.#hbm[replica]![slot]!.set(lower[fetch.fromSlots[i]!]!)
        })
        this.fetchedBlocks += fetch.toSlots.length
      }
      yield { atMs: fetch.startMs, rank: 4, happens: start }
      if (fetch.endMs < Number.POSITIVE_INFINITY) {
        yield { atMs: fetch.endMs, rank: fetch.endMs > fetch.startMs ? 0 : 5, happens: end }
      }
    }
  }

  *#stores(): Iterable<Happening> {
    const expected = new Map(
      stepsOf(this.#plan).map(({ store, completed }) => [
        store,
        new Map(completed.map(({ slot, request, blockIndex }) => [slot, this.#key(request, blockIndex)])),
      ]),
    )
    for (const { op, startMs, endMs } of timedStores(this.#plan, this.#input)) {
      const hbm = this.#hbm[op.replica]!
      const lower = this.#lower[this.#store(op.replica)]!
      const checkSource = (): void => {
        for (const slot of op.fromSlots) this.#check(hbm[slot]!, expected.get(op)!.get(slot)!, 'source of a store')
      }
      const start = (): void => {
        checkSource()
        for (const slot of op.toSlots) lower[slot]!.fill(nothing)
      }
      const end = (): void => {
        checkSource()
        op.toSlots.forEach((slot, i) => {
          lower[slot]!.set(hbm[op.fromSlots[i]!]!)
        })
      }
      yield { atMs: startMs, rank: 3, happens: start }
      yield { atMs: endMs, rank: endMs > startMs ? 1 : 3.5, happens: end }
    }
  }

  #read(replica: number, request: Sequence, position: number, blockTable: Int32Array): void {
    this.reads++
    const found = this.#slot(replica, blockTable, position)[position % this.#blockTokens]!
    same(found, this.#tokensOf(request)[position]!, 'what a row reads')
  }

  #slot(replica: number, blockTable: Int32Array, position: number): Int32Array {
    return this.#hbm[replica]![blockTable[Math.floor(position / this.#blockTokens)]!]!
  }

  #store(replica: number): number {
    return this.#plan.lowerShared ? 0 : replica
  }

  #check(slot: Int32Array, key: string, what: string): void {
    this.#content(key).forEach((token, offset) => {
      same(slot[offset]!, token, what)
    })
  }

  /** A number of its own for every position of every block that differs. */
  #content(key: string): Int32Array {
    const number = this.#numbers.get(key) ?? this.#numbers.size
    this.#numbers.set(key, number)
    return Int32Array.from({ length: this.#blockTokens }, (_, offset) => number * this.#blockTokens + offset)
  }

  /** What should lie at each position of a request. */
  #tokensOf(request: Sequence): Int32Array {
    let tokens = this.#tokens.get(request)
    if (tokens === undefined) {
      tokens = new Int32Array(request.turn.blocks.length * this.#blockTokens)
      for (let i = 0; i < request.turn.blocks.length; i++) {
        tokens.set(this.#content(this.#key(request, i)), i * this.#blockTokens)
      }
      this.#tokens.set(request, tokens)
    }
    return tokens
  }

  #key({ session, turnIndex, turn }: Sequence, i: number): string {
    return blockKey({ ...session, turnIndex, source: turn.source }, i, this.#blockTokens)
  }
}

/** Millions of comparisons: the matcher is called for those that fail. */
function same(found: number, expected: number, what: string): void {
  if (found !== expected) expect(found, what).toBe(expected)
}
