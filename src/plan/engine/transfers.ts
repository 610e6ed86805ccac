import { NONE } from '../../cache/policy.ts'
import { LowerTier } from '../../warehouse/lower-tier.ts'
import type { FetchOp, StoreOp } from '../plan.ts'
import type { PlanInput } from '../plan-input.ts'
import type { Below } from './admission.ts'
import type { FetchChoice } from './fetch-choice.ts'
import type { PeerBlocks } from './peer-blocks.ts'
import type { PolicyFacts } from './policy-facts.ts'
import type { Recorder } from './recorder.ts'
import type { CompletedRun, Replica } from './replica.ts'
import type { Sequence } from './sequence.ts'

/** A fetch under way. */
interface PendingFetch {
  readonly replica: Replica
  readonly sequence: Sequence
  readonly choice: FetchChoice
  readonly op: FetchOp | undefined
  readonly startMs: number
  /** Tiers that have not sent all of theirs yet. */
  partsLeft: number
}

/** What one tier sends of a fetch. */
interface FetchPart {
  readonly fetch: PendingFetch
  readonly sourceSlots: readonly number[]
}

/** Blocks of one step on their way to one tier. */
interface PendingStore {
  readonly replica: Replica
  /** Of each block. */
  readonly requests: readonly Sequence[]
  readonly hbmSlots: readonly number[]
  readonly lowerSlots: readonly number[]
}

/** Told of every fetch that has ended. */
type OnFetched = (replica: Replica, sequence: Sequence, startMs: number, bytes: number) => void

type Lower = LowerTier<FetchPart, PendingStore>

/** Moves blocks between the HBM of replicas and the tiers below, and keeps what is on its way pinned at both ends. */
export class Transfers {
  readonly below: Below<FetchPart, PendingStore>
  fetches = 0
  fetchedBlocks = 0
  storedBlocks = 0
  /** Blocks not stored because stores under way pinned their share of the pool already. */
  droppedStoreBlocks = 0
  readonly #input: PlanInput
  readonly #facts: PolicyFacts | undefined
  readonly #recorder: Recorder | undefined
  readonly #onFetched: OnFetched
  readonly #onStored: (replica: Replica) => void
  readonly #bytesPerBlock: number
  /** HBM slots of each replica that stores to each tier have pinned. */
  readonly #pinned: readonly Int32Array[]
  readonly #pinLimit: number

  constructor(
    input: PlanInput,
    peers: PeerBlocks | undefined,
    facts: PolicyFacts | undefined,
    recorder: Recorder | undefined,
    onFetched: OnFetched,
    onStored: (replica: Replica) => void,
  ) {
    const lowers = input.lowers.map((spec): Lower => new LowerTier(spec, input.replicas, { factsFor: facts?.factsFor }))
    this.below = { lowers, peers }
    this.#input = input
    this.#facts = facts
    this.#recorder = recorder
    this.#onFetched = onFetched
    this.#onStored = onStored
    this.#bytesPerBlock = input.pool.blockTokens * input.cost.kvBytesPerToken
    this.#pinned = lowers.map(() => new Int32Array(input.replicas))
    this.#pinLimit = Math.floor(input.poolBlocks / 10 / Math.max(1, lowers.length))
  }

  /** The time of the next entry into a link, or end. */
  get nextMs(): number {
    let next = Infinity
    for (const { reads, writes } of this.below.lowers) {
      if (reads !== undefined && reads.nextMs < next) next = reads.nextMs
      if (writes !== undefined && writes.nextMs < next) next = writes.nextMs
    }
    return next
  }

  /** Takes all that happens on the links at `nowMs`. */
  advance(nowMs: number): void {
    this.below.lowers.forEach((lower, tier) => {
      const { reads, writes } = lower
      while (reads !== undefined && reads.nextMs <= nowMs) {
        for (const part of reads.advance(nowMs)) this.#endPart(nowMs, lower, part)
      }
      while (writes !== undefined && writes.nextMs <= nowMs) {
        for (const store of writes.advance(nowMs)) this.#endStore(tier, store)
      }
    })
  }

  /** Starts the fetch of blocks into the slots that the sequence has claimed for them. Returns how many came from DRAM. */
  startFetch(
    nowMs: number,
    replica: Replica,
    sequence: Sequence,
    choice: FetchChoice,
  ): { readonly op: FetchOp | undefined; readonly dramBlocks: number } {
    const { lowers } = this.below
    const { blockTokens } = this.#input.pool
    const sources: number[][] = lowers.map(() => [])
    for (let i = choice.from; i < choice.from + choice.count; i++) {
      const block = sequence.block(i)
      for (let tier = 0; tier < lowers.length; tier++) {
        const slot = lowers[tier]!.lookupReady(replica.index, block)
        if (slot === NONE) continue
        lowers[tier]!.store(replica.index).pin(slot)
        sources[tier]!.push(slot)
        break
      }
    }
    const op = this.#recorder && this.#fetchOp(nowMs, replica, sequence, choice, sources[0]!)
    this.fetches++
    this.fetchedBlocks += choice.count
    sequence.gapFrom = choice.from * blockTokens
    sequence.gapTo = (choice.from + choice.count) * blockTokens
    sequence.fetchPending = true
    replica.fetching++
    const fetch: PendingFetch = { replica, sequence, choice, op, startMs: nowMs, partsLeft: 1 }
    lowers.forEach((lower, tier) => {
      const sourceSlots = sources[tier]!
      if (sourceSlots.length === 0) return
      fetch.partsLeft++
      const part = { fetch, sourceSlots }
      if (lower.reads === undefined) this.#endPart(nowMs, lower, part)
      else lower.reads.start(nowMs, replica.index, sourceSlots.length * this.#bytesPerBlock, part)
    })
    this.#partEnded(nowMs, fetch)
    const dram = lowers.findIndex(({ spec }) => spec.name === 'dram')
    return { op, dramBlocks: sources[dram]?.length ?? 0 }
  }

  /** Stores what is neither below nor on its way, head first, while stores pin less than a tenth of the pool. */
  store(nowMs: number, replica: Replica, completed: readonly CompletedRun[]): StoreOp | undefined {
    let op: StoreOp | undefined
    if (completed.length === 0) return undefined
    for (let tier = 0; tier < this.below.lowers.length; tier++) op = this.#storeTo(tier, nowMs, replica, completed)
    return op
  }

  /** Blocks that will never be asked for again leave the tiers that evict nothing. */
  forget(replica: number, block: number): void {
    for (const lower of this.below.lowers) if (!lower.store(replica).evicts) lower.forget(replica, block)
  }

  #storeTo(tier: number, nowMs: number, replica: Replica, completed: readonly CompletedRun[]): StoreOp | undefined {
    const lower = this.below.lowers[tier]!
    const pinned = this.#pinned[tier]!
    const requests: Sequence[] = []
    const hbmSlots: number[] = []
    const lowerSlots: number[] = []
    const isLimited = lower.writes !== undefined
    for (const { request, fromBlock, toBlock } of completed) {
      this.#facts?.take(request)
      for (let i = fromBlock; i < toBlock; i++) {
        const block = request.block(i)
        if (isLimited && pinned[replica.index]! >= this.#pinLimit) {
          if (lower.store(replica.index).lookup(block) === NONE) this.droppedStoreBlocks++
          continue
        }
        const lowerSlot = lower.prepareStore(replica.index, block)
        if (lowerSlot === NONE) continue
        requests.push(request)
        hbmSlots.push(request.slots[i]!)
        lowerSlots.push(lowerSlot)
        replica.hbm.pin(request.slots[i]!)
        pinned[replica.index]!++
      }
    }
    if (lowerSlots.length === 0) return undefined
    this.storedBlocks += lowerSlots.length
    const bytes = lowerSlots.length * this.#bytesPerBlock
    const op = this.#recorder && {
      replica: replica.index,
      fromSlots: Int32Array.from(hbmSlots),
      toSlots: Int32Array.from(lowerSlots),
      bytes,
    }
    if (op !== undefined) this.#recorder?.wrote(lower.spec.shared ? 0 : replica.index, op)
    const pending = { replica, requests, hbmSlots, lowerSlots }
    if (lower.writes === undefined) this.#endStore(tier, pending)
    else lower.writes.start(nowMs, replica.index, bytes, pending)
    return op
  }

  #fetchOp(
    nowMs: number,
    replica: Replica,
    sequence: Sequence,
    { from, count }: FetchChoice,
    sources: readonly number[],
  ): FetchOp {
    const fromSlots = Int32Array.from(sources)
    return {
      firstBlock: from,
      fromSlots,
      toSlots: sequence.slots.slice(from, from + count),
      bytes: count * this.#bytesPerBlock,
      startMs: nowMs,
      endMs: Infinity,
      afterStores: this.#recorder!.writersOf(this.below.lowers[0]!.spec.shared ? 0 : replica.index, fromSlots),
    }
  }

  #endPart(nowMs: number, lower: Lower, { fetch, sourceSlots }: FetchPart): void {
    this.#facts?.take(fetch.sequence)
    const store = lower.store(fetch.replica.index)
    for (let i = sourceSlots.length - 1; i >= 0; i--) store.unpin(sourceSlots[i]!)
    this.#partEnded(nowMs, fetch)
  }

  #partEnded(nowMs: number, fetch: PendingFetch): void {
    if (--fetch.partsLeft > 0) return
    const { replica, sequence, choice, op, startMs } = fetch
    this.#facts?.take(sequence)
    for (let i = choice.from; i < choice.from + choice.count; i++) {
      replica.hbm.identify(sequence.slots[i]!, sequence.block(i))
    }
    if (op !== undefined) op.endMs = nowMs
    sequence.fetchPending = false
    replica.fetching--
    this.#onFetched(replica, sequence, startMs, choice.count * this.#bytesPerBlock)
  }

  #endStore(tier: number, { replica, requests, hbmSlots, lowerSlots }: PendingStore): void {
    for (let i = lowerSlots.length - 1; i >= 0; i--) {
      this.#facts?.take(requests[i]!)
      this.below.lowers[tier]!.completeStore(replica.index, lowerSlots[i]!)
      replica.hbm.unpin(hbmSlots[i]!)
    }
    this.#pinned[tier]![replica.index]! -= hbmSlots.length
    this.#onStored(replica)
  }
}
