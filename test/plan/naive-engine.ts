import type { PlanInput } from '../../src/plan/plan-input.ts'
import { naiveSeats } from './naive-arrivals.ts'
import { type CostedRow, stepDurationMs } from './naive-cost.ts'
import { naiveFetch, nearest } from './naive-fetch.ts'
import { NaiveMemory, type NaiveSlot } from './naive-memory.ts'
import { countWhile, type NaiveRequest, type NaiveSession, newRequest } from './naive-request.ts'
import { NaiveTier } from './naive-tier.ts'
import { layDown, type NaiveMemories } from './naive-warm-start.ts'

interface Row extends CostedRow {
  readonly request: NaiveRequest
}

interface Step {
  readonly rows: readonly Row[]
  readonly startMs: number
  readonly durationMs: number
  endMs: number
  /** Requests whose layers it still waits for. */
  readonly waitsFor: Set<NaiveRequest>
}

/**
 * The rules of design.md for one replica and a closed loop, with HBM alone or lower tiers behind links of their own
 * (or free): step by step, in lists and strings, as plainly as possible.
 */
export class NaiveEngine {
  readonly ended: NaiveRequest[] = []
  preemptions = 0
  busyMs = 0
  stalledMs = 0
  starvedMs = 0
  /** How often what the rules are about came up. */
  layerStallMs = 0
  partialFetches = 0
  overtakes = 0
  readonly #input: PlanInput
  readonly #blockTokens: number
  readonly #memories: NaiveMemories
  readonly #hbm: NaiveMemory
  readonly #lowers: readonly NaiveTier[]
  readonly #agenda: { readonly atMs: number; readonly happens: () => void }[] = []
  readonly #seen = new Set<string>()
  readonly #queue: NaiveRequest[] = []
  readonly #running: NaiveRequest[] = []
  readonly #onEnd = new Map<NaiveRequest, () => void>()
  #step: Step | undefined
  #nowMs = 0

  constructor(input: PlanInput) {
    this.#input = input
    this.#blockTokens = input.pool.blockTokens
    this.#hbm = new NaiveMemory(input.poolBlocks)
    this.#lowers = input.lowers.map((spec) => new NaiveTier(spec))
    this.#memories = { blockTokens: this.#blockTokens, hbm: this.#hbm, lowers: this.#lowers, seen: this.#seen }
  }

  run(): void {
    const seats = naiveSeats(this.#input, {
      later: (delayMs, happens) => this.#later(delayMs, happens),
      layDown: (session, turn) => layDown(this.#memories, newRequest(session, turn, this.#blockTokens)),
      arrive: (session, turn, onEnd) => this.#arrive(session, turn, onEnd),
    })
    const full = (this.#input.settleRequests ?? seats) + this.#input.requests!
    while (this.ended.length < full) {
      this.#passTime(this.#nextMs)
      for (const { reads, writes } of this.#lowers) {
        reads?.advance(this.#nowMs)
        writes?.advance(this.#nowMs)
      }
      if (this.#step !== undefined && this.#endMs(this.#step) <= this.#nowMs) this.#endStep(this.#step)
      const due = (): number => this.#agenda.findIndex(({ atMs }) => atMs <= this.#nowMs)
      while (due() !== -1) this.#agenda.splice(due(), 1)[0]!.happens()
      if (this.#step === undefined && this.ended.length < full) this.#startStep()
    }
  }

  get #nextMs(): number {
    const links = this.#lowers.flatMap(({ reads, writes }) => [reads?.nextMs, writes?.nextMs])
    const times = [...links.filter((ms) => ms !== undefined), ...this.#agenda.map(({ atMs }) => atMs)]
    if (this.#step !== undefined) times.push(this.#endMs(this.#step))
    return Math.min(...times)
  }

  /** A step that waits for layers ends only when they have come. */
  #endMs({ endMs, waitsFor }: Step): number {
    return waitsFor.size > 0 ? Number.POSITIVE_INFINITY : endMs
  }

  #passTime(toMs: number): void {
    if (toMs === Number.POSITIVE_INFINITY) throw new Error('nothing happens any more')
    const idleMs = this.#step === undefined ? toMs - this.#nowMs : 0
    if (this.#queue.length + this.#running.length > 0) this.stalledMs += idleMs
    else this.starvedMs += idleMs
    this.#nowMs = toMs
  }

  #later(delayMs: number, happens: () => void): void {
    this.#agenda.push({ atMs: this.#nowMs + delayMs, happens })
  }

  #arrive(session: NaiveSession, turnIndex: number, onEnd: () => void): void {
    const request = newRequest(session, turnIndex, this.#blockTokens)
    request.arrivalMs = this.#nowMs
    this.#later(this.#input.requestOverheadMs, () => this.#queue.push(request))
    this.#onEnd.set(request, onEnd)
  }

  #startStep(): void {
    const { maxRunning, fetchMode, maxBatchedTokens, cost } = this.#input
    while (this.#queue.length > 0 && this.#running.length < maxRunning && this.#admit(this.#nextInLine()));
    if (fetchMode === 'blocking' && this.#running.some(({ gap }) => gap?.isPending)) return
    const decodes = this.#decodeRows()
    const rows = [...this.#prefillRows(maxBatchedTokens - decodes.length), ...decodes]
    if (rows.length === 0) return
    const durationMs = stepDurationMs(cost, rows)
    const behindGaps = rows.filter(({ request: { gap }, from }) => gap?.isPending && from >= gap.to)
    const waitsFor = new Set(behindGaps.map(({ request }) => request))
    this.#step = { rows, startMs: this.#nowMs, durationMs, endMs: this.#nowMs + durationMs, waitsFor }
  }

  #nextInLine(): NaiveRequest {
    if (this.#input.admission.name === 'fcfs') return this.#queue[0]!
    const prefixes = this.#queue.map((request) => this.#prefixBlocks(request))
    return this.#queue[prefixes.indexOf(Math.max(...prefixes))]!
  }

  /** Blocks that could be had without computing them: one token is always computed. */
  #hitLimit({ source, generated }: NaiveRequest): number {
    return Math.floor((source.promptTokens + generated - 1) / this.#blockTokens)
  }

  #prefixBlocks(request: NaiveRequest): number {
    return countWhile(0, this.#hitLimit(request), (i) => this.#hbm.find(request.keys[i]!) !== undefined)
  }

  #admit(request: NaiveRequest): boolean {
    const { source, keys } = request
    const known = source.promptTokens + request.generated
    const hits = this.#prefixBlocks(request)
    const held = keys.slice(0, hits).map((key) => this.#hbm.find(key)!)
    const missing = Math.ceil(known / this.#blockTokens) - hits
    if (missing > this.#hbm.room - held.filter(({ pins }) => pins === 0).length) return false
    const below = countWhile(hits, this.#hitLimit(request), (i) => nearest(this.#lowers, keys[i]!) !== undefined)
    if (request !== this.#queue[0]) this.overtakes++
    this.#queue.splice(this.#queue.indexOf(request), 1)
    const isFirst = request.hbmHitTokens === undefined
    if (isFirst) {
      const limit = Math.floor((source.promptTokens - 1) / this.#blockTokens)
      request.ceilingTokens = this.#blockTokens * countWhile(0, limit, (i) => this.#seen.has(keys[i]!))
    }
    for (const slot of held) slot.pins++
    for (const key of keys.slice(0, Math.floor(known / this.#blockTokens)).toReversed()) {
      this.#hbm.touch(this.#hbm.find(key))
      for (const { memory } of this.#lowers) memory.touch(memory.find(key))
    }
    request.slots.push(...held, ...Array.from({ length: missing }, () => this.#hbm.take()!))
    request.computed = hits * this.#blockTokens
    request.target = known
    request.state = 'prefilling'
    const fetched = naiveFetch(this.#input, this.#lowers, this.#running, keys, hits, hits + below)
    if (isFirst) {
      const from = (name: string): number => fetched.filter((key) => nearest(this.#lowers, key)!.name === name).length
      request.hbmHitTokens = request.computed
      request.dramHitTokens = from('dram') * this.#blockTokens
      request.warehouseHitTokens = from('warehouse') * this.#blockTokens
    }
    this.#running.push(request)
    if (fetched.length > 0) this.#fetch(request, hits + below - fetched.length, fetched)
    return true
  }

  get #blockBytes(): number {
    return this.#blockTokens * this.#input.cost.kvBytesPerToken
  }

  #fetch(request: NaiveRequest, first: number, keys: readonly string[]): void {
    if (first * this.#blockTokens > request.computed) this.partialFetches++
    request.gap = {
      from: first * this.#blockTokens,
      to: (first + keys.length) * this.#blockTokens,
      isPending: true,
    }
    const parts = this.#lowers.map((lower) => ({
      lower,
      own: keys.filter((key) => nearest(this.#lowers, key) === lower),
    }))
    let partsLeft = parts.length
    for (const { lower, own } of parts) {
      const ends = (): void => {
        if (--partsLeft === 0) this.#fetched(request, first, keys)
      }
      if (own.length === 0) ends()
      else
        lower.send(
          own.map((key) => lower.ready(key)!),
          own.length * this.#blockBytes,
          ends,
        )
    }
    this.#passGap(request)
  }

  #fetched(request: NaiveRequest, first: number, keys: readonly string[]): void {
    for (const [i, key] of keys.entries()) this.#hbm.name(request.slots[first + i]!, key)
    request.gap!.isPending = false
    this.#passGap(request)
    if (this.#step?.waitsFor.delete(request)) {
      const { layers } = this.#input.cost as unknown as { layers: number }
      this.#step.endMs = Math.max(this.#step.endMs, this.#nowMs + this.#step.durationMs / layers)
    }
  }

  /** Positions that are fetched are not computed; layer by layer, what is behind them does not wait for them. */
  #passGap(request: NaiveRequest): void {
    const { gap, computed } = request
    if (gap === undefined || computed !== gap.from) return
    if (!gap.isPending || this.#input.fetchMode === 'layerwise') request.computed = gap.to
  }

  #prefillRows(budgetTokens: number): Row[] {
    const rows: Row[] = []
    let left = budgetTokens
    for (const request of this.#running.filter(({ state }) => state === 'prefilling')) {
      const { computed: from, target, gap } = request
      const stop = gap !== undefined && from <= gap.from ? gap.from : target
      const to = Math.min(stop, from + left)
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
    const last = this.#running.findLast(({ gap }) => gap?.isPending !== true)!
    this.#leave(last)
    last.gap = undefined
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

  #endStep({ rows, startMs, durationMs }: Step): void {
    this.#step = undefined
    this.busyMs += durationMs
    this.stalledMs += this.#nowMs - startMs - durationMs
    this.layerStallMs += this.#nowMs - startMs - durationMs
    const full: { slot: NaiveSlot; key: string }[] = []
    for (const { request, from, to } of rows) {
      request.computed = to
      for (let i = Math.floor(from / this.#blockTokens); i < Math.floor(to / this.#blockTokens); i++) {
        const [slot, key] = [request.slots[i]!, request.keys[i]!]
        this.#seen.add(key)
        this.#hbm.name(slot, key)
        full.push({ slot, key })
      }
      this.#passGap(request)
    }
    for (const lower of this.#lowers) this.#store(lower, full)
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

  #store(lower: NaiveTier, full: readonly { slot: NaiveSlot; key: string }[]): void {
    const mostPins = Math.floor(this.#input.poolBlocks / 10 / this.#lowers.length)
    const sources: NaiveSlot[] = []
    const slots: NaiveSlot[] = []
    for (const { slot, key } of full) {
      if (lower.memory.find(key) !== undefined) continue
      if (lower.writes !== undefined && lower.storePins + sources.length >= mostPins) continue
      const to = lower.memory.take()
      if (to === undefined) continue
      lower.memory.name(to, key)
      sources.push(slot)
      slots.push(to)
    }
    lower.store(sources, slots, sources.length * this.#blockBytes, this.#hbm)
  }
}
