import { type Facts, NONE } from '../../cache/policy.ts'
import type { PoolLog } from '../../cache/pool-log.ts'
import { assert } from '../../errors.ts'
import { type PlanInput, seatCount } from '../plan-input.ts'
import { type MemoryGauge, runMs, type StepSegment, stepsToReach, type TimelineSink } from '../timeline.ts'
import { claimSlots, matchPrefix, prefixBlocks } from './admission.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { EventQueue } from './event-queue.ts'
import { chooseFetch } from './fetch-choice.ts'
import { PeerBlocks } from './peer-blocks.ts'
import { type PolicyFacts, policyFactsOf } from './policy-facts.ts'
import { blocksOf, type Recorder, rowsOf } from './recorder.ts'
import { type CompletedRun, type PrefixMatch, Replica, type RunningStep } from './replica.ts'
import { SeenBlocks } from './seen-blocks.ts'
import { factsOf, type Sequence, type Session } from './sequence.ts'
import { Sessions } from './sessions.ts'
import { formStep } from './step.ts'
import { Transfers } from './transfers.ts'
import { layHistories } from './warm-start.ts'

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
  readonly settleRequests: number
  readonly windowRequests: number
}

/**
 * The discrete-event simulation of a serving engine: router, queues, HBM pools, tiers, links and steps in virtual time. Deterministic: the same input gives the same calls of the sink, in the same order.
 */
export class Engine {
  readonly input: PlanInput
  readonly replicas: readonly Replica[]
  readonly transfers: Transfers
  readonly recorder: Recorder | undefined
  readonly seen = new SeenBlocks()
  nowMs = 0
  readonly #sink: TimelineSink
  readonly #facts: PolicyFacts | undefined
  readonly #events = new EventQueue<EngineEvent>()
  readonly #arrivals: Arrivals
  readonly #sessions: Sessions
  readonly #settleRequests: number
  #nextBlock: number
  readonly #dirty: Replica[] = []
  #window: 'before' | 'open' | 'closed' = 'before'
  #windowEnded = 0
  #arrived = 0
  #ended = 0
  #preemptions = 0

  constructor(input: PlanInput, sink: TimelineSink, recorder?: Recorder, poolLog?: PoolLog) {
    this.input = input
    this.recorder = recorder
    this.#sink = sink
    const presence = input.peerReads ? new PeerBlocks() : undefined
    const facts = policyFactsOf(input)
    this.#facts = facts
    this.replicas = Array.from({ length: input.replicas }, (_, i) => {
      const logFor = poolLog && ((told: Facts) => poolLog.ofReplica(i, told))
      return new Replica(i, input.poolBlocks, input.hbmPolicy, { presence, factsFor: facts?.factsFor, logFor }, facts)
    })
    this.transfers = new Transfers(
      input,
      presence,
      facts,
      recorder,
      (replica, sequence, startMs, bytes) => this.#fetched(replica, sequence, startMs, bytes),
      (replica) => this.#stored(replica),
    )
    this.#sessions = new Sessions(input, this.replicas)
    this.#settleRequests = input.settleRequests ?? seatCount(input.load, input.replicas)
    this.#nextBlock = input.pool.sharedBlocks
    this.#arrivals = createArrivals(input, {
      arrive: (sequence) => this.#announce(sequence),
      takeBlocks: (count) => {
        this.#nextBlock += count
        return this.#nextBlock - count
      },
      hasRoom: () => this.#sessions.hasRoom,
    })
  }

  run(): PlanCounts {
    if (this.#arrivals.histories.length > 0) this.#warmUp()
    this.#arrivals.begin()
    if (this.#settleRequests === 0) this.#openWindow()
    while (!this.#isOver()) {
      const nextMs = Math.min(this.#events.nextMs, this.transfers.nextMs)
      assert(nextMs < Infinity, 'a run ends at its window', { ended: this.#ended, nowMs: this.nowMs })
      this.nowMs = nextMs
      if (this.#facts !== undefined) this.#facts.nowMs = nextMs
      this.#takeEvents()
      if (this.#isOver()) break
      this.#startSteps()
    }
    this.#close()
    return this.#counts()
  }

  /** Histories are routed as if all of them were in flight at once. */
  #warmUp(): void {
    const { input, replicas, transfers, seen, recorder } = this
    const { lowers } = transfers.below
    const memories = { blockTokens: input.pool.blockTokens, replicas, lowers, seen, facts: this.#facts, recorder }
    const laid: Sequence[] = []
    layHistories(memories, this.#arrivals.histories, (sequence) => {
      sequence.replica = this.#sessions.route(sequence)
      this.#sessions.requestArrived(sequence)
      laid.push(sequence)
      return sequence.replica
    })
    for (const sequence of laid) this.#sessions.requestEnded(sequence)
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
    this.transfers.advance(this.nowMs)
    while (this.#events.nextMs <= this.nowMs) {
      const event = this.#events.pop()
      if (event.kind === 'arrive') this.#arrive(event.sequence)
      else if (event.kind === 'enqueue') this.#enqueue(event.sequence)
      else if (event.version === event.replica.version) this.#stepIsDue(event.replica)
    }
  }

  #openWindow(): void {
    this.#window = 'open'
    this.#sink.windowOpens(this.nowMs)
  }

  #announce(sequence: Sequence): void {
    this.recorder?.requests.push(sequence)
    this.#facts?.announce(sequence)
    if (this.input.load.kind === 'backlog') this.#arrive(sequence)
    else this.#events.add(this.nowMs + sequence.delayMs, { kind: 'arrive', sequence })
  }

  #arrive(sequence: Sequence): void {
    sequence.replica = this.#sessions.route(sequence)
    sequence.arrivalMs = this.nowMs
    this.#arrived++
    this.#sessions.requestArrived(sequence)
    this.#arrivals.arrived(sequence)
    this.#events.add(this.nowMs + this.input.requestOverheadMs, { kind: 'enqueue', sequence })
  }

  #fetched(replica: Replica, sequence: Sequence, startMs: number, bytes: number): void {
    this.#sink.fetched?.(replica.index, startMs, this.nowMs, bytes)
    this.#reachGap(sequence)
    this.#layersArrived(replica, sequence)
    this.#interrupt(replica)
  }

  /** Before positions that are being fetched a sequence waits for them, or goes on behind them, layer by layer. */
  #reachGap(sequence: Sequence): void {
    const { computedTokens, gapFrom, gapTo, fetchPending } = sequence
    if (computedTokens !== gapFrom || gapFrom === gapTo) return
    if (fetchPending && this.input.fetchMode !== 'layerwise') {
      sequence.state = 'fetching'
      return
    }
    sequence.computedTokens = gapTo
    sequence.state = 'prefilling'
  }

  /** The last layer has come: the step under way still computes that layer. */
  #layersArrived(replica: Replica, sequence: Sequence): void {
    const { step } = replica
    if (step === undefined || step.heldBy === 0) return
    if (!step.prefills.some((chunk) => chunk.sequence === sequence && chunk.from >= sequence.gapTo)) return
    if (--step.heldBy > 0) return
    const endMs = Math.max(step.endMs, this.nowMs + step.firstStepMs / this.input.cost.layers)
    step.stalledMs = endMs - step.endMs
    step.endMs = endMs
    if (step.isOverdue || step.stalledMs > 0) this.#scheduleEnd(replica, step)
  }

  /** Slots that a store had pinned are free again: it matters where a request waits for room. */
  #stored(replica: Replica): void {
    if (replica.queue.length > 0) this.#interrupt(replica)
    else this.#markDirty(replica)
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
      : formStep(replica, this.input, this.nowMs, (of) => this.#preempted(of), this.recorder ? 1 : Infinity)
    if (step === undefined) {
      this.#noteIdle(replica)
      replica.idleKind = replica.hasRequest ? 'stalled' : 'starved'
      return
    }
    this.#noteIdle(replica)
    if (step.steps > 1 && this.#nextHasChanged(replica)) {
      step.steps = 1
      step.endMs = step.startMs + step.firstStepMs
    }
    replica.step = step
    this.#scheduleEnd(replica, step)
  }

  /** Whether the slots that a step took for its decodes have changed whose turn it is: that one may find room at the end of the step. */
  #nextHasChanged(replica: Replica): boolean {
    const { blocked, queue } = replica
    if (blocked === undefined || queue.length < 2 || replica.running.length >= this.input.maxRunning) return false
    return queue[this.#next(replica)] !== blocked
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
    const { below } = this.transfers
    while (replica.queue.length > 0 && replica.running.length < maxRunning) {
      const next = this.#next(replica)
      const sequence = replica.queue[next]!
      if (replica.surelyBlocked(sequence, pool.blockTokens)) return
      const match = matchPrefix(replica, below, sequence, pool.blockTokens)
      if (!match.fits) {
        replica.noteBlocked(sequence, match)
        return
      }
      replica.queue.splice(next, 1)
      replica.forgetBlocked()
      if (sequence.admittedMs === NONE) sequence.ceilingTokens = this.#ceilingTokens(sequence)
      this.#facts?.take(sequence)
      claimSlots(replica, below.lowers, sequence, match, pool.blockTokens)
      this.#enter(replica, sequence, match)
      replica.running.push(sequence)
    }
  }

  #next(replica: Replica): number {
    return this.input.admission.next(replica.queue, (waiting) => this.#prefixBlocks(replica, waiting))
  }

  /** Leading blocks in HBM; looked up again only when what the pool holds has changed. */
  #prefixBlocks(replica: Replica, sequence: Sequence): number {
    if (sequence.prefixVersion !== replica.hbm.version) {
      sequence.prefixBlocks = prefixBlocks(replica, sequence, this.input.pool.blockTokens)
      sequence.prefixVersion = replica.hbm.version
    }
    return sequence.prefixBlocks
  }

  /** Fetches blocks behind the HBM prefix if that is decided, and fixes the hits of a first admission. */
  #enter(replica: Replica, sequence: Sequence, { hbmBlocks, lowerBlocks }: PrefixMatch): void {
    const { input, transfers } = this
    const { blockTokens } = input.pool
    const first = sequence.admittedMs === NONE
    const choice = chooseFetch(input, transfers.below, replica, sequence, hbmBlocks, lowerBlocks)
    sequence.state = 'prefilling'
    sequence.gapFrom = 0
    sequence.gapTo = 0
    const fetch = choice && transfers.startFetch(this.nowMs, replica, sequence, choice)
    this.#reachGap(sequence)
    this.recorder?.admit({ replica: replica.index, atMs: this.nowMs, request: sequence, fetch: fetch?.op, first })
    if (!first) return
    sequence.admittedMs = this.nowMs
    sequence.hbmHitTokens = hbmBlocks * blockTokens
    sequence.dramHitTokens = (fetch?.dramBlocks ?? 0) * blockTokens
    sequence.warehouseHitTokens = (choice?.count ?? 0) * blockTokens - sequence.dramHitTokens
    this.#sink.admitted(factsOf(sequence))
  }

  #ceilingTokens(sequence: Sequence): number {
    const { blockTokens } = this.input.pool
    const limit = Math.floor((sequence.turn.promptTokens - 1) / blockTokens)
    let blocks = 0
    while (blocks < limit && this.seen.has(sequence.block(blocks))) blocks++
    return blocks * blockTokens
  }

  #preempted(replica: Replica): Sequence | undefined {
    const victim = replica.preempt()
    if (victim !== undefined) this.#preemptions++
    return victim
  }

  /** A step ends when its time has come and no layer of its fetches is missing. */
  #stepIsDue(replica: Replica): void {
    const step = replica.step!
    if (step.heldBy > 0) step.isOverdue = true
    else this.#endStep(replica, step)
  }

  #endStep(replica: Replica, step: RunningStep): void {
    this.#markDirty(replica)
    replica.step = undefined
    replica.idleSinceMs = this.nowMs
    const completed: CompletedRun[] = []
    let firstTokens = 0
    let recomputedTokens = 0
    for (const { sequence, from, to } of step.prefills) {
      this.#advance(replica, sequence, to - from, completed)
      this.#reachGap(sequence)
      const again = Math.min(to, sequence.computedBeforePreemption) - from
      if (again > 0) recomputedTokens += again
      if (to === sequence.prefillTarget) firstTokens++
    }
    for (const sequence of step.decoding) this.#advance(replica, sequence, step.steps, completed)
    const segment = this.#reportStep(replica, step, this.nowMs, step.decoding.length + firstTokens)
    if (recomputedTokens > 0) this.#sink.recomputed(replica.index, recomputedTokens)
    const store = this.transfers.store(this.nowMs, replica, completed)
    const ends = this.#sampled(step)
    if (this.#sink.gauge !== undefined) this.#sink.gauge(replica.index, this.nowMs, this.#gauge(replica))
    this.recorder?.step({
      replica: replica.index,
      ...rowsOf(step, this.input.pool.blockTokens),
      completed: completed.flatMap(blocksOf),
      store,
      segment,
      recomputedTokens,
      gauge: this.#gauge(replica),
      ends,
    })
    for (const sequence of ends) this.#endRequest(replica, sequence)
  }

  #gauge({ index, hbm }: Replica): MemoryGauge {
    return {
      hbmBlocks: hbm.heldBlocks,
      pinnedBlocks: hbm.pinnedBlocks,
      evictions: hbm.evictions,
      lowerBlocks: this.transfers.below.lowers.map((lower) => lower.store(index).heldBlocks),
    }
  }

  /** Moves a sequence on by some positions; the blocks that became full can be found from now on. */
  #advance(replica: Replica, sequence: Sequence, tokens: number, completed: CompletedRun[]): void {
    const { blockTokens } = this.input.pool
    const before = Math.floor(sequence.computedTokens / blockTokens)
    sequence.computedTokens += tokens
    const after = Math.floor(sequence.computedTokens / blockTokens)
    if (after === before) return
    this.#facts?.take(sequence)
    for (let i = before; i < after; i++) {
      const block = sequence.block(i)
      this.seen.mark(block)
      replica.hbm.identify(sequence.slots[i]!, block)
    }
    completed.push({ request: sequence, fromBlock: before, toBlock: after })
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
        this.#sink.firstToken(factsOf(sequence))
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
    // Before the next request is dispatched: it may take this one's place.
    this.#sessions.requestEnded(sequence)
    this.#sink.ended(factsOf(sequence), this.nowMs)
    if (this.#ended === this.#settleRequests) this.#openWindow()
    if (this.recorder !== undefined) {
      if (this.#ended === this.#settleRequests) this.recorder.windowOpensWith = sequence
      if (this.#ended === this.#settleRequests + (this.input.requests ?? Infinity))
        this.recorder.windowClosesWith = sequence
    }
    const { endsSession } = this.#arrivals.ended(sequence)
    if (endsSession) this.#endSession(replica, sequence.session)
  }

  /** Nobody asks for the blocks of a conversation that is over: where nothing is evicted they are forgotten. */
  #endSession(replica: Replica, session: Session): void {
    this.#sessions.sessionEnded(session)
    // Tensors keep their slots: what is forgotten would have to be guarded until its last reader is done.
    if (this.recorder !== undefined) return
    for (let own = 0; own < session.conversation.ownBlocks; own++) {
      const block = session.firstBlock + own
      this.transfers.forget(replica.index, block)
      if (!replica.hbm.evicts) replica.hbm.forget(block)
    }
  }

  /** Reports steps under way and idle stretches. */
  #close(): void {
    for (const replica of this.replicas) {
      const { step } = replica
      if (step === undefined) this.#noteIdle(replica)
      else if (step.isOverdue && step.heldBy > 0) {
        // Layers are still missing: so far it has waited for them since its computing was done.
        step.stalledMs = this.nowMs - step.endMs
        this.#reportStep(replica, step, this.nowMs, 0)
      } else this.#reportStep(replica, step, step.endMs, step.decoding.length)
    }
  }

  #reportStep(replica: Replica, step: RunningStep, endMs: number, outputTokensPerStep: number): StepSegment {
    const segment = segmentOf(replica, step, endMs, outputTokensPerStep)
    if (step.stalledMs > 0) this.#sink.idle(replica.index, step.startMs, segment.startMs, 'stalled')
    this.#sink.step(segment)
    return segment
  }

  #counts(): PlanCounts {
    const bytesPerBlock = this.input.pool.blockTokens * this.input.cost.kvBytesPerToken
    return {
      requestsArrived: this.#arrived,
      requestsEnded: this.#ended,
      preemptions: this.#preemptions,
      evictions: this.replicas.reduce((sum, replica) => sum + replica.hbm.evictions, 0),
      fetches: this.transfers.fetches,
      fetchedBytes: this.transfers.fetchedBlocks * bytesPerBlock,
      storedBytes: this.transfers.storedBlocks * bytesPerBlock,
      droppedStoreBlocks: this.transfers.droppedStoreBlocks,
      settleRequests: this.#settleRequests,
      windowRequests: this.#windowEnded - this.#settleRequests,
    }
  }
}

/** What the accounting is told of a step. */
function segmentOf(replica: Replica, step: RunningStep, endMs: number, outputTokensPerStep: number): StepSegment {
  return {
    replica: replica.index,
    startMs: step.startMs + step.stalledMs,
    endMs,
    steps: step.steps,
    firstStepMs: step.firstStepMs,
    growthMs: step.growthMs,
    outputTokensPerStep,
    usefulPrefillMs: step.usefulPrefillMs,
    redundantPrefillMs: step.redundantPrefillMs,
  }
}
