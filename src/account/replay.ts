import { NONE } from '../cache/policy.ts'
import { assert } from '../errors.ts'
import { EventQueue } from '../plan/engine/event-queue.ts'
import { factsOf, type Sequence } from '../plan/engine/sequence.ts'
import type { AdmitOp, RecordedPlan, StepOp, StoreOp } from '../plan/plan.ts'
import type { PlanInput } from '../plan/plan-input.ts'
import type { RequestFacts, TimelineSink } from '../plan/timeline.ts'
import { readDirection, scaledLink, writeDirection } from '../warehouse/link.ts'
import { LinkNetwork } from '../warehouse/link-network.ts'

type ReplayEvent =
  | { readonly kind: 'arrive'; readonly request: Sequence }
  | { readonly kind: 'enqueue'; readonly request: Sequence }
  | { readonly kind: 'stepEnd'; readonly op: StepOp }

/** Times of a request on the measured timeline. */
interface Times {
  fetchStartMs: number
  arrivalMs: number
  queuedMs: number
  firstTokenMs: number
  /** An admission that waits for the request to reach the queue. */
  waitingAdmit: AdmitOp | undefined
  ready: boolean
}

/**
 * Simulates a plan once more with its order and batches and given step durations: a step starts at the latest of the end
 * of its replica's previous step, the arrivals of its requests and the ends of their fetches; links are queued anew.
 * The window opens and closes with the requests with which the plan's does: arms whose plans are equal are then measured
 * over the same work. Think times, overheads and links stretch by `timeFactor`, so that steps which all turn out faster or
 * slower than planned leave the plan's order, and the scale model's ratios, as they are.
 * Where durations run out (a run was interrupted), the window closes at the first step that lacks one.
 * @param durationMs per replica, of each of its steps in order
 * @param timeFactor measured ÷ planned step time of the whole run
 */
export function replayPlan(
  plan: RecordedPlan,
  input: PlanInput,
  durationMs: readonly Float64Array[],
  sink: TimelineSink,
  timeFactor = 1,
): boolean {
  return new Replay(plan, input, durationMs, sink, timeFactor).run()
}

class Replay {
  readonly #plan: RecordedPlan
  readonly #input: PlanInput
  readonly #durationMs: readonly Float64Array[]
  readonly #sink: TimelineSink
  readonly #events = new EventQueue<ReplayEvent>()
  readonly #reads: LinkNetwork<AdmitOp> | undefined
  readonly #writes: LinkNetwork<StoreOp> | undefined
  readonly #times: Times[]
  readonly #next: Map<number, Sequence[]>
  readonly #at: number[]
  readonly #steps: number[]
  readonly #running: (StepOp | undefined)[]
  readonly #present: number[]
  readonly #idleSinceMs: number[]
  readonly #fetching: number[]
  readonly #stored = new Set<StoreOp>()
  readonly #fetchesAfter = new Map<StoreOp, AdmitOp[]>()
  readonly #timeFactor: number
  #closed = false
  #exhausted = false
  #nowMs = 0
  #opened = false

  constructor(
    plan: RecordedPlan,
    input: PlanInput,
    durationMs: readonly Float64Array[],
    sink: TimelineSink,
    timeFactor: number,
  ) {
    this.#timeFactor = timeFactor
    this.#plan = plan
    this.#input = input
    this.#durationMs = durationMs
    this.#sink = sink
    // Everything on the links takes `timeFactor` times as long.
    const [lower] = input.lowers
    const link = lower?.link && scaledLink(lower.link, 1 / timeFactor, timeFactor)
    this.#reads = link && new LinkNetwork(readDirection(link), input.replicas)
    this.#writes = link && !lower?.freeStores ? new LinkNetwork(writeDirection(link), input.replicas) : undefined
    this.#times = plan.requests.map(() => ({
      fetchStartMs: NONE,
      arrivalMs: NONE,
      queuedMs: NONE,
      firstTokenMs: NONE,
      waitingAdmit: undefined,
      ready: false,
    }))
    this.#next = new Map()
    for (const request of plan.requests) {
      const siblings = this.#next.get(request.afterRequest)
      if (siblings) siblings.push(request)
      else this.#next.set(request.afterRequest, [request])
    }
    this.#at = plan.ops.map(() => 0)
    this.#steps = plan.ops.map(() => 0)
    this.#running = plan.ops.map(() => undefined)
    this.#present = plan.ops.map(() => 0)
    this.#idleSinceMs = plan.ops.map(() => 0)
    this.#fetching = plan.ops.map(() => 0)
  }

  /** False when the durations ran out before the window opened. */
  run(): boolean {
    const { windowOpensWith, windowClosesWith } = this.#plan
    assert(windowClosesWith !== undefined, 'a measured window ends with a request', {})
    this.#announce(NONE)
    if (windowOpensWith === undefined) this.#open()
    while (!this.#closed && !this.#exhausted) {
      const nextMs = Math.min(this.#events.nextMs, this.#reads?.nextMs ?? Infinity, this.#writes?.nextMs ?? Infinity)
      assert(nextMs < Infinity, 'a replay reaches the end of its window', { nowMs: this.#nowMs })
      this.#nowMs = nextMs
      this.#takeEvents()
      // The window closes with its last completion: what would start at that instant lies outside, as in the plan.
      if (this.#closed) break
      for (let replica = 0; replica < this.#at.length; replica++) this.#progress(replica)
    }
    this.#sink.windowCloses(this.#nowMs)
    this.#running.forEach((op, replica) => {
      if (op === undefined) this.#noteIdle(replica)
      else this.#report(op)
    })
    return this.#opened
  }

  #open(): void {
    this.#opened = true
    this.#sink.windowOpens(this.#nowMs)
    for (const request of this.#admittedInWindow()) this.#sink.admitted(this.#facts(request))
  }

  /** Hits are the plan's, fixed at admission: they count for the requests that the plan admits in its window. */
  #admittedInWindow(): Sequence[] {
    const { ops, windowOpensWith, windowClosesWith } = this.#plan
    const fromMs = windowOpensWith?.endMs ?? 0
    const toMs = windowClosesWith!.endMs
    return ops.flatMap((list) =>
      list.flatMap((op) =>
        op.kind === 'admit' && op.first && op.atMs >= fromMs && op.atMs < toMs ? [op.request] : [],
      ),
    )
  }

  #takeEvents(): void {
    while (this.#reads !== undefined && this.#reads.nextMs <= this.#nowMs) {
      for (const op of this.#reads.advance(this.#nowMs)) this.#endFetch(op)
    }
    while (this.#writes !== undefined && this.#writes.nextMs <= this.#nowMs) {
      for (const op of this.#writes.advance(this.#nowMs)) this.#endStore(op)
    }
    while (this.#events.nextMs <= this.#nowMs) {
      const event = this.#events.pop()
      if (event.kind === 'arrive') {
        this.#times[event.request.id]!.arrivalMs = this.#nowMs
        this.#events.add(this.#nowMs + this.#input.requestOverheadMs * this.#timeFactor, {
          kind: 'enqueue',
          request: event.request,
        })
      } else if (event.kind === 'enqueue') this.#enqueue(event.request)
      else this.#endStep(event.op)
    }
  }

  /** Sets off the requests that follow the end of `request`; those that the plan ended too early to route are on no replica. */
  #announce(request: number): void {
    for (const next of this.#next.get(request) ?? []) {
      if (next.replica === NONE) continue
      this.#events.add(this.#nowMs + next.delayMs * this.#timeFactor, { kind: 'arrive', request: next })
    }
  }

  #enqueue(request: Sequence): void {
    const times = this.#times[request.id]!
    times.queuedMs = this.#nowMs
    this.#changePresence(request.replica, 1)
    if (times.waitingAdmit !== undefined) this.#admit(times.waitingAdmit)
    times.waitingAdmit = undefined
  }

  #changePresence(replica: number, by: number): void {
    this.#noteIdle(replica)
    this.#present[replica]! += by
  }

  #noteIdle(replica: number): void {
    if (this.#running[replica] !== undefined) return
    const since = this.#idleSinceMs[replica]!
    if (this.#nowMs > since)
      this.#sink.idle(replica, since, this.#nowMs, this.#present[replica]! > 0 ? 'stalled' : 'starved')
    this.#idleSinceMs[replica] = this.#nowMs
  }

  #admit(op: AdmitOp): void {
    if (op.fetch === undefined) {
      this.#times[op.request.id]!.ready = true
      return
    }
    this.#fetching[op.replica]!++
    const blocking = op.fetch.afterStores.find((store) => !this.#stored.has(store))
    if (blocking === undefined) this.#startFetch(op)
    else this.#waitForStore(blocking, op)
  }

  #waitForStore(store: StoreOp, op: AdmitOp): void {
    const waiting = this.#fetchesAfter.get(store)
    if (waiting) waiting.push(op)
    else this.#fetchesAfter.set(store, [op])
  }

  #startFetch(op: AdmitOp): void {
    this.#times[op.request.id]!.fetchStartMs = this.#nowMs
    if (this.#reads === undefined) this.#endFetch(op)
    else this.#reads.start(this.#nowMs, op.replica, op.fetch!.bytes, op)
  }

  #endFetch(op: AdmitOp): void {
    this.#fetching[op.replica]!--
    const times = this.#times[op.request.id]!
    times.ready = true
    this.#sink.fetched?.(op.replica, times.fetchStartMs, this.#nowMs, op.fetch!.bytes)
  }

  #endStore(op: StoreOp): void {
    this.#stored.add(op)
    const waiting = this.#fetchesAfter.get(op) ?? []
    this.#fetchesAfter.delete(op)
    for (const admit of waiting) {
      const blocking = admit.fetch!.afterStores.find((store) => !this.#stored.has(store))
      if (blocking === undefined) this.#startFetch(admit)
      else this.#waitForStore(blocking, admit)
    }
  }

  /** Takes the replica's next operations as far as they can start now. */
  #progress(replica: number): void {
    const ops = this.#plan.ops[replica]!
    while (this.#running[replica] === undefined && this.#at[replica]! < ops.length) {
      const op = ops[this.#at[replica]!]!
      if (op.kind === 'admit') {
        const times = this.#times[op.request.id]!
        times.ready = false
        // Admitted when it has reached the queue; the steps of others do not wait for that.
        if (times.queuedMs === NONE) times.waitingAdmit = op
        else this.#admit(op)
        this.#at[replica]!++
      } else {
        if (!this.#canStart(op)) return
        const durationMs = this.#durationMs[replica]![this.#steps[replica]!]
        if (durationMs === undefined) {
          this.#exhausted = true
          return
        }
        this.#noteIdle(replica)
        this.#running[replica] = op
        this.#at[replica]!++
        this.#idleSinceMs[replica] = this.#nowMs
        this.#events.add(this.#nowMs + durationMs, { kind: 'stepEnd', op })
      }
    }
  }

  #canStart(op: StepOp): boolean {
    if (this.#input.fetchMode === 'blocking' && this.#fetching[op.replica]! > 0) return false
    return (
      op.prefills.every(({ request }) => this.#times[request.id]!.ready) &&
      op.decodes.every(({ request }) => this.#times[request.id]!.ready)
    )
  }

  #endStep(op: StepOp): void {
    const { replica } = op
    this.#report(op)
    this.#sink.gauge?.(replica, this.#nowMs, op.gauge)
    this.#running[replica] = undefined
    this.#steps[replica]!++
    this.#idleSinceMs[replica] = this.#nowMs
    for (const { request, sample, outputIndex } of op.prefills) {
      if (!sample || outputIndex !== 0) continue
      this.#times[request.id]!.firstTokenMs = this.#nowMs
      this.#sink.firstToken(this.#facts(request))
    }
    if (op.store !== undefined) {
      if (this.#writes === undefined) this.#endStore(op.store)
      else this.#writes.start(this.#nowMs, replica, op.store.bytes, op.store)
    }
    for (const request of op.ends) {
      this.#changePresence(replica, -1)
      this.#sink.ended(this.#facts(request), this.#nowMs)
      if (request === this.#plan.windowOpensWith) this.#open()
      if (request === this.#plan.windowClosesWith) this.#closed = true
      this.#announce(request.id)
    }
  }

  /** The step as measured: the planned shares scale to the measured duration. */
  #report(op: StepOp): void {
    const durationMs = this.#durationMs[op.replica]![this.#steps[op.replica]!]!
    const startMs = this.#idleSinceMs[op.replica]!
    const planned = op.segment
    const scale = durationMs / (planned.endMs - planned.startMs)
    this.#sink.step({
      ...planned,
      startMs,
      endMs: startMs + durationMs,
      firstStepMs: durationMs,
      growthMs: 0,
      usefulPrefillMs: planned.usefulPrefillMs * scale,
      redundantPrefillMs: planned.redundantPrefillMs * scale,
    })
    if (op.recomputedTokens > 0) this.#sink.recomputed(op.replica, op.recomputedTokens)
  }

  #facts(request: Sequence): RequestFacts {
    const { arrivalMs, firstTokenMs } = this.#times[request.id]!
    return { ...factsOf(request), arrivalMs, firstTokenMs }
  }
}
