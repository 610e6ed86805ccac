import { NONE } from '../cache/policy.ts'
import { assert } from '../errors.ts'
import { LowerTier } from '../warehouse/lower-tier.ts'
import { matchPrefix, shouldFetch, touchBlocks } from './admission.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { EventQueue } from './event-queue.ts'
import type { CompletedBlock, FetchOp, StoreOp } from './plan.ts'
import { type PlanInput, seatCount } from './plan-input.ts'
import type { Recorder } from './recorder.ts'
import { Replica, type RunningStep } from './replica.ts'
import type { Router } from './router/router.ts'
import type { Sequence, Session } from './sequence.ts'
import { formStep } from './step.ts'
import { type RequestFacts, runMs, stepsToReach, type TimelineSink } from './timeline.ts'
import { layHistories } from './warm-start.ts'

/** A fetch under way. */
export interface PendingFetch {
  readonly sequence: Sequence
  readonly sourceSlots: Int32Array
  readonly op: FetchOp | undefined
}

/** Blocks of one step on their way down. */
export interface PendingStore {
  readonly replica: Replica
  readonly hbmSlots: number[]
  readonly lowerSlots: number[]
}

type EngineEvent =
  | { readonly kind: 'arrive'; readonly sequence: Sequence }
  | { readonly kind: 'enqueue'; readonly sequence: Sequence }
  | { readonly kind: 'stepEnd'; readonly replica: Replica; readonly version: number }

/** What a plan counted besides its timeline. */
export interface PlanCounts {
  readonly requestsArrived: number
  readonly requestsEnded: number
  readonly preemptions: number
  readonly evictions: number
  readonly fetches: number
  readonly fetchedBytes: number
  readonly storedBytes: number
  /** Blocks not stored because stores under way pinned their share of the pool already. */
  readonly droppedStoreBlocks: number
  /** Slots of the lower tier ever in use, over all its stores. */
  readonly lowerBlocks: number
  readonly settleRequests: number
  readonly windowRequests: number
}

/**
 * The discrete-event simulation of design.md, "Rules of the engine": router, queues, HBM pools, tiers, links and steps in
 * virtual time. Deterministic: the same input gives the same calls of the sink, in the same order.
 */
export class Engine {
  readonly input: PlanInput
  readonly replicas: readonly Replica[]
  readonly lower: LowerTier<PendingFetch, PendingStore> | undefined
  readonly recorder: Recorder | undefined
  /** 1 for every block that some GPU has computed. */
  seen = new Uint8Array(4096)
  nowMs = 0
  readonly #sink: TimelineSink
  readonly #events = new EventQueue<EngineEvent>()
  readonly #arrivals: Arrivals
  readonly #router: Router
  readonly #liveSessions: Int32Array
  readonly #inFlight: Int32Array
  readonly #settleRequests: number
  readonly #bytesPerBlock: number
  #nextBlock: number
  readonly #dirty: Replica[] = []
  #window: 'before' | 'open' | 'closed' = 'before'
  #windowEnded = 0
  #arrived = 0
  #ended = 0
  #preemptions = 0
  #fetches = 0
  #fetchedBytes = 0
  #storedBlocks = 0
  #droppedStoreBlocks = 0

  constructor(input: PlanInput, sink: TimelineSink, recorder?: Recorder) {
    this.input = input
    this.recorder = recorder
    this.#sink = sink
    this.replicas = Array.from({ length: input.replicas }, (_, i) => new Replica(i, input.poolBlocks, input.policy))
    this.lower = input.lower && new LowerTier(input.lower, input.replicas, input.policy)
    this.#liveSessions = new Int32Array(input.replicas)
    this.#inFlight = new Int32Array(input.replicas)
    const { load } = input
    this.#router = input.router.create({
      replicas: input.replicas,
      liveSessions: this.#liveSessions,
      hasRoom: (replica) => load.kind !== 'backlog' || this.#inFlight[replica]! < load.inFlightPerReplica,
    })
    this.#settleRequests = input.settleRequests ?? seatCount(load, input.replicas)
    this.#bytesPerBlock = input.pool.blockTokens * input.cost.kvBytesPerToken
    this.#nextBlock = input.pool.sharedBlocks
    this.#arrivals = createArrivals(input, {
      arrive: (sequence) => this.#announce(sequence),
      takeBlocks: (count) => {
        this.#nextBlock += count
        return this.#nextBlock - count
      },
      hasRoom: () => load.kind === 'backlog' && this.#inFlight.some((count) => count < load.inFlightPerReplica),
    })
  }

  run(): PlanCounts {
    if (this.#arrivals.histories.length > 0) {
      layHistories(this, this.#arrivals.histories, (session) => this.#route(session))
    }
    this.#arrivals.begin()
    if (this.#settleRequests === 0) this.#openWindow()
    while (!this.#isOver()) {
      const nextMs = Math.min(
        this.#events.nextMs,
        this.lower?.reads?.nextMs ?? Infinity,
        this.lower?.writes?.nextMs ?? Infinity,
      )
      assert(nextMs < Infinity, 'a run ends at its window', { ended: this.#ended, nowMs: this.nowMs })
      this.nowMs = nextMs
      this.#takeEvents()
      if (this.#isOver()) break
      this.#startSteps()
    }
    this.#close()
    return this.#counts()
  }

  markSeen(block: number): void {
    if (block >= this.seen.length) {
      const larger = new Uint8Array(Math.max(this.seen.length * 2, block + 1))
      larger.set(this.seen)
      this.seen = larger
    }
    this.seen[block] = 1
  }

  /** Ends the window when it is full; true when the run is over too. */
  #isOver(): boolean {
    const { requests, overrunRequests, pool } = this.input
    const full = requests === undefined ? Infinity : this.#settleRequests + requests
    const dispatched = requests === undefined && this.#arrivals.exhausted && this.#arrived >= pool.conversations.length
    if (this.#window === 'open' && (this.#ended >= full || dispatched)) {
      this.#window = 'closed'
      this.#windowEnded = this.#ended
      this.#sink.windowCloses(this.nowMs)
    }
    return this.#window === 'closed' && (dispatched || this.#ended >= full + overrunRequests)
  }

  /** Replicas to which something happened try to start a step, in order of their numbers. */
  #startSteps(): void {
    const dirty = this.#dirty
    if (dirty.length > 1) dirty.sort((a, b) => a.index - b.index)
    for (const replica of dirty) {
      replica.isDirty = false
      if (replica.step === undefined) this.#startStep(replica)
    }
    dirty.length = 0
  }

  #markDirty(replica: Replica): void {
    if (replica.isDirty) return
    replica.isDirty = true
    this.#dirty.push(replica)
  }

  /** All events of this instant, before any step is formed. */
  #takeEvents(): void {
    const reads = this.lower?.reads
    const writes = this.lower?.writes
    while (reads !== undefined && reads.nextMs <= this.nowMs) {
      for (const fetch of reads.advance(this.nowMs)) this.#endFetch(fetch)
    }
    while (writes !== undefined && writes.nextMs <= this.nowMs) {
      for (const store of writes.advance(this.nowMs)) this.#endStore(store)
    }
    while (this.#events.nextMs <= this.nowMs) {
      const event = this.#events.pop()
      if (event.kind === 'arrive') this.#arrive(event.sequence)
      else if (event.kind === 'enqueue') this.#enqueue(event.sequence)
      else if (event.version === event.replica.version) this.#endStep(event.replica)
    }
  }

  #openWindow(): void {
    this.#window = 'open'
    this.#sink.windowOpens(this.nowMs)
  }

  #announce(sequence: Sequence): void {
    this.recorder?.requests.push(sequence)
    if (this.input.load.kind === 'backlog') this.#arrive(sequence)
    else this.#events.add(this.nowMs + sequence.delayMs, { kind: 'arrive', sequence })
  }

  #route(session: Session): number {
    const isNew = session.replica === NONE
    const replica = this.#router.route(session.replica)
    session.replica = replica
    if (isNew) this.#liveSessions[replica]!++
    return replica
  }

  #arrive(sequence: Sequence): void {
    const { session } = sequence
    const before = session.replica
    sequence.replica = this.#route(session)
    if (before !== NONE && before !== session.replica) {
      this.#liveSessions[before]!--
      this.#liveSessions[session.replica]!++
    }
    sequence.arrivalMs = this.nowMs
    this.#arrived++
    this.#inFlight[sequence.replica]!++
    this.#events.add(this.nowMs + this.input.requestOverheadMs, { kind: 'enqueue', sequence })
  }

  #enqueue(sequence: Sequence): void {
    const replica = this.replicas[sequence.replica]!
    this.#noteIdle(replica)
    sequence.state = 'waiting'
    replica.queue.push(sequence)
    this.#interrupt(replica)
  }

  /** Cuts a run of decode steps so that the replica looks up at the end of the step now under way. */
  #interrupt(replica: Replica): void {
    this.#markDirty(replica)
    const { step } = replica
    if (step === undefined || step.steps === 1) return
    const steps = stepsToReach(step.firstStepMs, step.growthMs, this.nowMs - step.startMs, step.steps)
    if (steps === step.steps) return
    step.steps = steps
    step.endMs = step.startMs + runMs(step.firstStepMs, step.growthMs, steps)
    this.#scheduleEnd(replica, step)
  }

  #scheduleEnd(replica: Replica, step: RunningStep): void {
    replica.version++
    this.#events.add(Math.max(this.nowMs, step.endMs), { kind: 'stepEnd', replica, version: replica.version })
  }

  #startStep(replica: Replica): void {
    this.#admit(replica)
    const blocked = this.input.fetchMode === 'blocking' && replica.fetching > 0
    const step = blocked
      ? undefined
      : formStep(replica, this.input, this.nowMs, (of) => this.#preempt(of), this.recorder ? 1 : Infinity)
    if (step === undefined) {
      this.#noteIdle(replica)
      replica.idleKind = replica.hasRequest ? 'stalled' : 'starved'
      return
    }
    this.#noteIdle(replica)
    replica.step = step
    this.#scheduleEnd(replica, step)
  }

  /** Closes the stretch of idle time up to now. */
  #noteIdle(replica: Replica): void {
    if (replica.step !== undefined) return
    if (this.nowMs > replica.idleSinceMs) {
      this.#sink.idle(replica.index, replica.idleSinceMs, this.nowMs, replica.idleKind)
    }
    replica.idleSinceMs = this.nowMs
  }

  #admit(replica: Replica): void {
    const { pool, maxRunning } = this.input
    while (replica.queue.length > 0 && replica.running.length < maxRunning) {
      const sequence = replica.queue[0]!
      if (replica.surelyBlocked(sequence, pool.blockTokens)) return
      const match = matchPrefix(replica, this.lower, sequence, pool.blockTokens)
      if (!match.fits) {
        replica.noteBlocked(sequence, match)
        return
      }
      replica.queue.shift()
      replica.forgetBlocked()
      const first = sequence.admittedMs === NONE
      if (first) sequence.ceilingTokens = this.#ceilingTokens(sequence)
      for (let i = 0; i < match.hbmBlocks; i++) {
        const slot = replica.hbm.lookup(sequence.block(i))
        replica.hbm.pin(slot)
        sequence.slots[i] = slot
      }
      touchBlocks(replica, this.lower, sequence, pool.blockTokens)
      sequence.slotCount = match.hbmBlocks
      for (let i = match.hbmBlocks; i < match.hbmBlocks + match.neededSlots; i++) {
        sequence.slots[i] = replica.hbm.claim(sequence.block(i))
        sequence.slotCount++
      }
      sequence.computedTokens = match.hbmBlocks * pool.blockTokens
      sequence.prefillTarget = sequence.knownTokens
      const fetched = this.#maybeFetch(replica, sequence, match.hbmBlocks, match.lowerBlocks, first)
      if (first) {
        sequence.admittedMs = this.nowMs
        sequence.hbmHitTokens = match.hbmBlocks * pool.blockTokens
        sequence.lowerHitTokens = fetched * pool.blockTokens
        this.#sink.admitted(this.#facts(sequence))
      }
      replica.running.push(sequence)
    }
  }

  /** Fetches the blocks behind the HBM prefix if that is decided; returns how many. */
  #maybeFetch(replica: Replica, sequence: Sequence, from: number, count: number, first: boolean): number {
    const { lower, input, recorder } = this
    const { blockTokens } = input.pool
    const end = (from + count) * blockTokens
    const fetch =
      lower !== undefined && count > 0 && shouldFetch(input.fetch, replica, lower, input.cost, from * blockTokens, end)
    const op = fetch && recorder ? this.#recordFetch(lower, sequence, from, count) : undefined
    recorder?.admit({ replica: replica.index, atMs: this.nowMs, request: sequence, fetch: op, first })
    if (!fetch) {
      sequence.state = 'prefilling'
      return 0
    }
    const store = lower.store(replica.index)
    const sourceSlots = new Int32Array(count)
    for (let i = 0; i < count; i++) {
      sourceSlots[i] = store.lookup(sequence.block(from + i))
      store.pin(sourceSlots[i]!)
    }
    const bytes = count * this.#bytesPerBlock
    this.#fetches++
    this.#fetchedBytes += bytes
    sequence.computedTokens = end
    sequence.state = 'fetching'
    replica.fetching++
    const pending = { sequence, sourceSlots, op }
    if (lower.reads === undefined) this.#endFetch(pending)
    else lower.reads.start(this.nowMs, replica.index, bytes, pending)
    return count
  }

  #recordFetch(lower: LowerTier<PendingFetch, PendingStore>, sequence: Sequence, from: number, count: number): FetchOp {
    const store = lower.store(sequence.replica)
    const fromSlots = Int32Array.from({ length: count }, (_, i) => store.lookup(sequence.block(from + i)))
    return {
      firstBlock: from,
      fromSlots,
      toSlots: sequence.slots.slice(from, from + count),
      bytes: count * this.#bytesPerBlock,
      startMs: this.nowMs,
      endMs: Infinity,
      afterStores: this.recorder?.writersOf(lower.spec.shared ? 0 : sequence.replica, fromSlots) ?? [],
    }
  }

  #endFetch({ sequence, sourceSlots, op }: PendingFetch): void {
    const replica = this.replicas[sequence.replica]!
    const store = this.lower!.store(replica.index)
    for (let i = sourceSlots.length - 1; i >= 0; i--) store.unpin(sourceSlots[i]!)
    const end = sequence.computedTokens / this.input.pool.blockTokens
    for (let i = end - sourceSlots.length; i < end; i++) replica.hbm.identify(sequence.slots[i]!, sequence.block(i))
    if (op !== undefined) op.endMs = this.nowMs
    sequence.state = 'prefilling'
    replica.fetching--
    this.#interrupt(replica)
  }

  #endStore({ replica, hbmSlots, lowerSlots }: PendingStore): void {
    for (let i = lowerSlots.length - 1; i >= 0; i--) {
      this.lower!.completeStore(replica.index, lowerSlots[i]!)
      replica.hbm.unpin(hbmSlots[i]!)
    }
    replica.storePins -= hbmSlots.length
    if (replica.queue.length > 0) this.#interrupt(replica)
    else this.#markDirty(replica)
  }

  #ceilingTokens(sequence: Sequence): number {
    const { blockTokens } = this.input.pool
    const limit = Math.floor((sequence.turn.promptTokens - 1) / blockTokens)
    let blocks = 0
    while (blocks < limit && this.seen[sequence.block(blocks)] === 1) blocks++
    return blocks * blockTokens
  }

  /** Puts the sequence admitted last back at the head of the queue, never one that waits for a fetch. */
  #preempt(replica: Replica): Sequence | undefined {
    const victim = replica.running.findLast((sequence) => sequence.state !== 'fetching')
    if (victim === undefined) return undefined
    victim.computedBeforePreemption = Math.max(victim.computedBeforePreemption, victim.computedTokens)
    replica.release(victim)
    victim.state = 'waiting'
    victim.computedTokens = 0
    replica.queue.unshift(victim)
    this.#preemptions++
    return victim
  }

  #endStep(replica: Replica): void {
    const step = replica.step!
    this.#markDirty(replica)
    replica.step = undefined
    replica.idleSinceMs = this.nowMs
    const completed: CompletedBlock[] = []
    let firstTokens = 0
    let recomputedTokens = 0
    for (const { sequence, from, to } of step.prefills) {
      this.#advance(replica, sequence, to - from, completed)
      const again = Math.min(to, sequence.computedBeforePreemption) - from
      if (again > 0) recomputedTokens += again
      if (to === sequence.prefillTarget) firstTokens++
    }
    for (const sequence of step.decoding) this.#advance(replica, sequence, step.steps, completed)
    const segment = {
      replica: replica.index,
      startMs: step.startMs,
      endMs: this.nowMs,
      steps: step.steps,
      firstStepMs: step.firstStepMs,
      growthMs: step.growthMs,
      outputTokensPerStep: step.decoding.length + firstTokens,
      prefillTokens: step.load.prefillTokens,
      usefulPrefillMs: step.usefulPrefillMs,
      redundantPrefillMs: step.redundantPrefillMs,
    }
    this.#sink.step(segment)
    if (recomputedTokens > 0) this.#sink.recomputed(recomputedTokens)
    const store = this.#store(replica, completed)
    const ends = this.#sampled(step)
    this.recorder?.step({
      replica: replica.index,
      ...this.#recordRows(step),
      completed,
      store,
      segment,
      load: step.load,
      recomputedTokens,
      ends,
    })
    for (const sequence of ends) this.#endRequest(replica, sequence)
  }

  #recordRows(step: RunningStep): Pick<Parameters<Recorder['step']>[0], 'prefills' | 'decodes'> {
    const { blockTokens } = this.input.pool
    return {
      prefills: step.prefills.map(({ sequence, from, to }) => ({
        request: sequence,
        from,
        to,
        blockTable: sequence.slots.slice(0, Math.ceil(to / blockTokens)),
        sample: to === sequence.prefillTarget,
        outputIndex: sequence.generatedTokens - 1,
      })),
      decodes: step.decoding.map((sequence) => ({
        request: sequence,
        position: sequence.computedTokens - 1,
        blockTable: sequence.slots.slice(0, Math.ceil(sequence.computedTokens / blockTokens)),
        outputIndex: sequence.generatedTokens - 1,
      })),
    }
  }

  /** Moves a sequence on by some positions; the blocks that became full can be found from now on. */
  #advance(replica: Replica, sequence: Sequence, tokens: number, completed: CompletedBlock[]): void {
    const { blockTokens } = this.input.pool
    const before = Math.floor(sequence.computedTokens / blockTokens)
    sequence.computedTokens += tokens
    const after = Math.floor(sequence.computedTokens / blockTokens)
    for (let i = before; i < after; i++) {
      const block = sequence.block(i)
      this.markSeen(block)
      replica.hbm.identify(sequence.slots[i]!, block)
      completed.push({ request: sequence, blockIndex: i, slot: sequence.slots[i]! })
    }
  }

  /** Stores what is neither below nor on its way, head first, while stores pin less than a tenth of the pool. */
  #store(replica: Replica, completed: readonly CompletedBlock[]): StoreOp | undefined {
    const { lower, recorder } = this
    if (lower === undefined || completed.length === 0) return undefined
    const hbmSlots: number[] = []
    const lowerSlots: number[] = []
    const pinLimit = Math.floor(this.input.poolBlocks / 10)
    for (const { request, blockIndex, slot } of completed) {
      const block = request.block(blockIndex)
      if (lower.writes !== undefined && replica.storePins >= pinLimit) {
        if (lower.store(replica.index).lookup(block) === NONE) this.#droppedStoreBlocks++
        continue
      }
      const lowerSlot = lower.prepareStore(replica.index, block)
      if (lowerSlot === NONE) continue
      hbmSlots.push(slot)
      lowerSlots.push(lowerSlot)
      replica.hbm.pin(slot)
      replica.storePins++
    }
    if (lowerSlots.length === 0) return undefined
    this.#storedBlocks += lowerSlots.length
    const bytes = lowerSlots.length * this.#bytesPerBlock
    const pending = { replica, hbmSlots, lowerSlots }
    let op: StoreOp | undefined
    if (recorder !== undefined) {
      const fromSlots = Int32Array.from(hbmSlots)
      op = { replica: replica.index, fromSlots, toSlots: Int32Array.from(lowerSlots), bytes }
      recorder.wrote(lower.spec.shared ? 0 : replica.index, op)
    }
    if (lower.writes === undefined) this.#endStore(pending)
    else lower.writes.start(this.nowMs, replica.index, bytes, pending)
    return op
  }

  /** Counts the tokens that a step sampled, and returns the requests that ended with them. */
  #sampled(step: RunningStep): Sequence[] {
    const ends: Sequence[] = []
    for (const { sequence, to } of step.prefills) {
      if (to < sequence.prefillTarget) continue
      sequence.state = 'decoding'
      sequence.generatedTokens++
      if (sequence.firstTokenMs === NONE) {
        sequence.firstTokenMs = this.nowMs
        this.#sink.firstToken(this.#facts(sequence))
      }
      if (sequence.generatedTokens === sequence.turn.outputTokens) ends.push(sequence)
    }
    for (const sequence of step.decoding) {
      sequence.generatedTokens += step.steps
      if (sequence.generatedTokens === sequence.turn.outputTokens) ends.push(sequence)
    }
    return ends
  }

  #endRequest(replica: Replica, sequence: Sequence): void {
    replica.release(sequence)
    sequence.state = 'ended'
    sequence.endMs = this.nowMs
    this.#ended++
    this.#inFlight[replica.index]!--
    this.#sink.ended(this.#facts(sequence), this.nowMs)
    if (this.#ended === this.#settleRequests) this.#openWindow()
    const { endsSession } = this.#arrivals.ended(sequence)
    if (endsSession) this.#liveSessions[sequence.session.replica]!--
  }

  #facts(sequence: Sequence): RequestFacts {
    return {
      promptTokens: sequence.turn.promptTokens,
      outputTokens: sequence.turn.outputTokens,
      hbmHitTokens: sequence.hbmHitTokens,
      lowerHitTokens: sequence.lowerHitTokens,
      ceilingTokens: sequence.ceilingTokens,
      arrivalMs: sequence.arrivalMs,
      firstTokenMs: sequence.firstTokenMs,
    }
  }

  /** Reports steps under way and idle stretches. */
  #close(): void {
    for (const replica of this.replicas) {
      const { step } = replica
      if (step === undefined) {
        this.#noteIdle(replica)
        continue
      }
      this.#sink.step({
        replica: replica.index,
        startMs: step.startMs,
        endMs: step.endMs,
        steps: step.steps,
        firstStepMs: step.firstStepMs,
        growthMs: step.growthMs,
        outputTokensPerStep: step.decoding.length,
        prefillTokens: step.load.prefillTokens,
        usefulPrefillMs: step.usefulPrefillMs,
        redundantPrefillMs: step.redundantPrefillMs,
      })
    }
  }

  #counts(): PlanCounts {
    return {
      requestsArrived: this.#arrived,
      requestsEnded: this.#ended,
      preemptions: this.#preemptions,
      evictions: this.replicas.reduce((sum, replica) => sum + replica.hbm.evictions, 0),
      fetches: this.#fetches,
      fetchedBytes: this.#fetchedBytes,
      storedBytes: this.#storedBlocks * this.#bytesPerBlock,
      droppedStoreBlocks: this.#droppedStoreBlocks,
      lowerBlocks: this.lower?.stores.reduce((sum, store) => sum + store.highWaterBlocks, 0) ?? 0,
      settleRequests: this.#settleRequests,
      windowRequests: this.#windowEnded - this.#settleRequests,
    }
  }
}
