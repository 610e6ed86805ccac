import type { PlanInput } from '../../src/plan/plan-input.ts'
import { seededRandom, shuffled } from '../../src/random.ts'
import { drawSeat } from '../../src/workload/seats.ts'
import type { Turn } from '../../src/workload/workload.ts'
import { type CostedRow, prefillAloneMs, stepDurationMs } from './naive-cost.ts'
import { NaiveLink } from './naive-link.ts'
import { NaiveMemory, type NaiveSlot } from './naive-memory.ts'
import { countWhile, type NaiveRequest, type NaiveSession, newRequest, turnsKnown } from './naive-request.ts'

interface Row extends CostedRow {
  readonly request: NaiveRequest
}

/**
 * The rules of design.md for one replica and a closed loop, with HBM alone or one lower tier behind a link of its own
 * (or free): step by step, in lists and strings, as plainly as possible.
 */
export class NaiveEngine {
  readonly ended: NaiveRequest[] = []
  preemptions = 0
  readonly #input: PlanInput
  readonly #blockTokens: number
  readonly #hbm: NaiveMemory
  readonly #lower: NaiveMemory | undefined
  readonly #reads: NaiveLink | undefined
  readonly #writes: NaiveLink | undefined
  readonly #agenda: { readonly atMs: number; readonly happens: () => void }[] = []
  readonly #seen = new Set<string>()
  readonly #queue: NaiveRequest[] = []
  readonly #running: NaiveRequest[] = []
  readonly #onEnd = new Map<NaiveRequest, () => void>()
  #storePins = 0
  #isStepping = false
  #nowMs = 0

  constructor(input: PlanInput) {
    this.#input = input
    this.#blockTokens = input.pool.blockTokens
    this.#hbm = new NaiveMemory(input.poolBlocks)
    const [lower] = input.lowers
    this.#lower = lower && new NaiveMemory(lower.capacityBlocks)
    this.#reads = lower?.link && new NaiveLink(lower.link.readBytesPerMs, lower.link.latencyMs)
    this.#writes =
      lower?.link && !lower.freeStores ? new NaiveLink(lower.link.writeBytesPerMs, lower.link.latencyMs) : undefined
  }

  run(): void {
    const settle = this.#begin()
    const full = settle + this.#input.requests!
    while (this.ended.length < full) {
      this.#nowMs = Math.min(
        ...this.#agenda.map(({ atMs }) => atMs),
        this.#reads?.nextMs ?? Infinity,
        this.#writes?.nextMs ?? Infinity,
      )
      if (this.#nowMs === Infinity) throw new Error('nothing happens any more')
      this.#reads?.advance(this.#nowMs)
      this.#writes?.advance(this.#nowMs)
      const due = (): number => this.#agenda.findIndex(({ atMs }) => atMs <= this.#nowMs)
      while (due() !== -1) this.#agenda.splice(due(), 1)[0]!.happens()
      if (!this.#isStepping && this.ended.length < full) this.#step()
    }
  }

  #later(delayMs: number, happens: () => void): void {
    this.#agenda.push({ atMs: this.#nowMs + delayMs, happens })
  }

  #begin(): number {
    const { load, pool, seed } = this.#input
    if (load.kind !== 'closed') throw new Error('a closed loop only')
    const thinkMs = (turn: Turn): number => Math.min(turn.thinkMs, load.thinkCapMs) * load.timeScale
    const random = seededRandom(seed)
    const first = Array.from({ length: load.seats }, (_, seat) => {
      const draws = drawSeat(pool, seat, load.start, random)
      let ordinal = 0
      const open = () => {
        const draw = draws.next()
        return { draw, session: { seat, ordinal: ordinal++, conversation: draw.conversation } }
      }
      const follow = (session: NaiveSession, turnIndex: number, share: number): void => {
        const turn = session.conversation.turns[turnIndex]!.source
        this.#later(thinkMs(turn) * share, () => {
          this.#arrive(session, turnIndex, () => {
            if (turnIndex + 1 < session.conversation.turns.length) follow(session, turnIndex + 1, 1)
            else follow(open().session, 0, 1)
          })
        })
      }
      return { ...open(), follow }
    })
    const known = first.flatMap(({ draw, session }) =>
      turnsKnown(session.conversation, draw.firstTurn).map((turn) => ({ session, turn })),
    )
    for (const { session, turn } of shuffled(known, random.fork('histories'))) this.#layDown(session, turn)
    for (const { draw, session, follow } of first) follow(session, draw.firstTurn, draw.thinkLeft)
    return this.#input.settleRequests ?? load.seats
  }

  /** What a turn that ran and ended before the start has left behind. */
  #layDown(session: NaiveSession, turnIndex: number): void {
    const request = newRequest(session, turnIndex, this.#blockTokens)
    const { promptTokens, outputTokens } = request.source
    const keys = request.keys.slice(0, Math.floor((promptTokens + outputTokens - 1) / this.#blockTokens))
    const tailFirst = keys.toReversed()
    for (const key of keys) this.#seen.add(key)
    const held = keys.map((key) => this.#hbm.find(key))
    for (const slot of held) if (slot !== undefined) slot.pins++
    for (const key of tailFirst) this.#hbm.touch(this.#hbm.find(key))
    for (const [i, key] of keys.entries()) {
      held[i] ??= this.#hbm.take()!
      this.#hbm.name(held[i], key)
    }
    for (const slot of held.toReversed()) this.#hbm.letGo(slot!)
    const lower = this.#lower
    if (lower === undefined) return
    for (const key of tailFirst) lower.touch(lower.find(key))
    for (const key of keys) {
      if (lower.find(key) !== undefined) continue
      const slot = lower.take()!
      lower.name(slot, key)
      slot.isReady = true
      lower.letGo(slot)
    }
    for (const key of tailFirst) lower.touch(lower.find(key))
  }

  #arrive(session: NaiveSession, turnIndex: number, onEnd: () => void): void {
    const request = newRequest(session, turnIndex, this.#blockTokens)
    request.arrivalMs = this.#nowMs
    this.#later(this.#input.requestOverheadMs, () => this.#queue.push(request))
    this.#onEnd.set(request, onEnd)
  }

  #step(): void {
    while (this.#queue.length > 0 && this.#running.length < this.#input.maxRunning && this.#admit(this.#queue[0]!));
    if (this.#input.fetchMode === 'blocking' && this.#running.some(({ state }) => state === 'fetching')) return
    const decodes = this.#decodeRows()
    const rows = [...this.#prefillRows(this.#input.maxBatchedTokens - decodes.length), ...decodes]
    if (rows.length === 0) return
    this.#isStepping = true
    this.#later(stepDurationMs(this.#input.cost, rows), () => {
      this.#isStepping = false
      this.#endStep(rows)
    })
  }

  #admit(request: NaiveRequest): boolean {
    const { source, keys } = request
    const known = source.promptTokens + request.generated
    const most = Math.floor((known - 1) / this.#blockTokens)
    const hits = countWhile(0, most, (i) => this.#hbm.find(keys[i]!) !== undefined)
    const held = keys.slice(0, hits).map((key) => this.#hbm.find(key)!)
    const missing = Math.ceil(known / this.#blockTokens) - hits
    if (missing > this.#hbm.room - held.filter(({ pins }) => pins === 0).length) return false
    const below = countWhile(hits, most, (i) => this.#lower?.find(keys[i]!)?.isReady === true)
    this.#queue.shift()
    const isFirst = request.hbmHitTokens === undefined
    if (isFirst) {
      const limit = Math.floor((source.promptTokens - 1) / this.#blockTokens)
      request.ceilingTokens = this.#blockTokens * countWhile(0, limit, (i) => this.#seen.has(keys[i]!))
    }
    for (const slot of held) slot.pins++
    for (const key of keys.slice(0, Math.floor(known / this.#blockTokens)).toReversed()) {
      this.#hbm.touch(this.#hbm.find(key))
      this.#lower?.touch(this.#lower.find(key))
    }
    request.slots.push(...held, ...Array.from({ length: missing }, () => this.#hbm.take()!))
    request.computed = hits * this.#blockTokens
    request.target = known
    request.state = 'prefilling'
    const fetches = below > 0 && this.#decides(request.computed, (hits + below) * this.#blockTokens)
    if (isFirst) {
      request.hbmHitTokens = request.computed
      request.lowerHitTokens = fetches ? below * this.#blockTokens : 0
    }
    this.#running.push(request)
    if (fetches) this.#fetch(request, hits, below)
    return true
  }

  #decides(from: number, to: number): boolean {
    const { cost, fetch } = this.#input
    if (fetch !== 'break-even') return fetch === 'always'
    if (this.#reads === undefined) return true
    const ahead = this.#running.filter(({ computed, target }) => computed < target)
    const work = ahead.reduce((sum, { computed, target }) => sum + prefillAloneMs(cost, computed, target), 0)
    return this.#reads.estimateMs((to - from) * cost.kvBytesPerToken) <= work + prefillAloneMs(cost, from, to)
  }

  #fetch(request: NaiveRequest, first: number, count: number): void {
    const lower = this.#lower!
    const sources = request.keys.slice(first, first + count).map((key) => lower.find(key)!)
    for (const source of sources) source.pins++
    request.state = 'fetching'
    request.computed = (first + count) * this.#blockTokens
    const arrives = (): void => {
      for (const source of sources.toReversed()) lower.letGo(source)
      for (let i = first; i < first + count; i++) this.#hbm.name(request.slots[i]!, request.keys[i]!)
      request.state = 'prefilling'
    }
    if (this.#reads === undefined) arrives()
    else this.#reads.start(count * this.#blockTokens * this.#input.cost.kvBytesPerToken, arrives)
  }

  #prefillRows(budgetTokens: number): Row[] {
    const rows: Row[] = []
    let left = budgetTokens
    for (const request of this.#running.filter(({ state }) => state === 'prefilling')) {
      const { computed: from, target } = request
      const to = Math.min(target, from + left)
      if (to > from) rows.push({ request, from, to, isDecode: false, isSampled: to === target })
      left -= to - from
    }
    return rows
  }

  #decodeRows(): Row[] {
    const rows: Row[] = []
    for (const request of [...this.#running]) {
      if (request.state !== 'decoding' || rows.length >= this.#input.maxBatchedTokens) continue
      while (request.state === 'decoding' && request.slots.length * this.#blockTokens <= request.computed) {
        const slot = this.#hbm.take()
        if (slot === undefined) this.#preempt()
        else request.slots.push(slot)
      }
      const { computed: from, state } = request
      if (state === 'decoding') rows.push({ request, from, to: from + 1, isDecode: true, isSampled: true })
    }
    return rows
  }

  #preempt(): void {
    const last = this.#running.findLast(({ state }) => state !== 'fetching')!
    this.#leave(last)
    last.state = 'waiting'
    last.computed = 0
    this.#queue.unshift(last)
    this.preemptions++
  }

  #leave(request: NaiveRequest): void {
    for (const slot of request.slots.toReversed()) this.#hbm.letGo(slot)
    request.slots.length = 0
    this.#running.splice(this.#running.indexOf(request), 1)
  }

  #endStep(rows: readonly Row[]): void {
    const full: { slot: NaiveSlot; key: string }[] = []
    for (const { request, from, to } of rows) {
      request.computed = to
      for (let i = Math.floor(from / this.#blockTokens); i < Math.floor(to / this.#blockTokens); i++) {
        const [slot, key] = [request.slots[i]!, request.keys[i]!]
        this.#seen.add(key)
        this.#hbm.name(slot, key)
        full.push({ slot, key })
      }
    }
    this.#store(full)
    const sampled = rows.filter(({ isSampled }) => isSampled).map(({ request }) => request)
    for (const request of sampled) {
      request.state = 'decoding'
      request.generated++
      request.firstTokenMs ??= this.#nowMs
    }
    for (const request of sampled.filter(({ generated, source }) => generated === source.outputTokens)) {
      this.#leave(request)
      request.endMs = this.#nowMs
      this.ended.push(request)
      this.#onEnd.get(request)!()
    }
  }

  #store(full: readonly { slot: NaiveSlot; key: string }[]): void {
    const lower = this.#lower
    if (lower === undefined) return
    const stored: { from: NaiveSlot; to: NaiveSlot }[] = []
    for (const { slot, key } of full) {
      if (lower.find(key) !== undefined) continue
      if (this.#writes !== undefined && this.#storePins >= Math.floor(this.#input.poolBlocks / 10)) continue
      const to = lower.take()
      if (to === undefined) continue
      lower.name(to, key)
      slot.pins++
      this.#storePins++
      stored.push({ from: slot, to })
    }
    if (stored.length === 0) return
    const ends = (): void => {
      for (const { from, to } of stored.toReversed()) {
        to.isReady = true
        lower.letGo(to)
        this.#hbm.letGo(from)
      }
      this.#storePins -= stored.length
    }
    if (this.#writes === undefined) ends()
    else this.#writes.start(stored.length * this.#blockTokens * this.#input.cost.kvBytesPerToken, ends)
  }
}
