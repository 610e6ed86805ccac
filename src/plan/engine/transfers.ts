import { NONE } from '../../cache/policy.ts'
import { LowerTier } from '../../warehouse/lower-tier.ts'
import type { CompletedBlock, FetchOp, StoreOp } from '../plan.ts'
import type { PlanInput } from '../plan-input.ts'
import { shouldFetch } from './admission.ts'
import type { Recorder } from './recorder.ts'
import type { Replica } from './replica.ts'
import type { Sequence } from './sequence.ts'

/** A fetch under way. */
interface PendingFetch {
  readonly replica: Replica
  readonly sequence: Sequence
  readonly sourceSlots: Int32Array
  readonly op: FetchOp | undefined
}

/** Blocks of one step on their way down. */
interface PendingStore {
  readonly replica: Replica
  readonly hbmSlots: readonly number[]
  readonly lowerSlots: readonly number[]
}

/** Moves blocks between the HBM of replicas and the lower tier, and keeps what is on its way pinned at both ends. */
export class Transfers {
  readonly lower: LowerTier<PendingFetch, PendingStore> | undefined
  fetches = 0
  fetchedBlocks = 0
  storedBlocks = 0
  /** Blocks not stored because stores under way pinned their share of the pool already. */
  droppedStoreBlocks = 0
  readonly #input: PlanInput
  readonly #recorder: Recorder | undefined
  readonly #onFetched: (replica: Replica) => void
  readonly #onStored: (replica: Replica) => void
  readonly #bytesPerBlock: number

  constructor(
    input: PlanInput,
    recorder: Recorder | undefined,
    onFetched: (replica: Replica) => void,
    onStored: (replica: Replica) => void,
  ) {
    this.lower = input.lower && new LowerTier(input.lower, input.replicas, input.policy)
    this.#input = input
    this.#recorder = recorder
    this.#onFetched = onFetched
    this.#onStored = onStored
    this.#bytesPerBlock = input.pool.blockTokens * input.cost.kvBytesPerToken
  }

  /** The time of the next entry into a link, or end. */
  get nextMs(): number {
    return Math.min(this.lower?.reads?.nextMs ?? Infinity, this.lower?.writes?.nextMs ?? Infinity)
  }

  /** Takes all that happens on the links at `nowMs`. */
  advance(nowMs: number): void {
    const { reads, writes } = this.lower ?? {}
    while (reads !== undefined && reads.nextMs <= nowMs) {
      for (const fetch of reads.advance(nowMs)) this.#endFetch(nowMs, fetch)
    }
    while (writes !== undefined && writes.nextMs <= nowMs) {
      for (const store of writes.advance(nowMs)) this.#endStore(store)
    }
  }

  /** Whether to fetch so many blocks of a sequence from block `from` on, rather than to compute them. */
  decides(replica: Replica, from: number, count: number): boolean {
    const { fetch, cost, pool } = this.#input
    if (this.lower === undefined || count === 0) return false
    const start = from * pool.blockTokens
    return shouldFetch(fetch, replica, this.lower, cost, start, start + count * pool.blockTokens)
  }

  /** Starts the fetch of blocks into the slots that the sequence has claimed for them. */
  startFetch(nowMs: number, replica: Replica, sequence: Sequence, from: number, count: number): FetchOp | undefined {
    const lower = this.lower!
    const store = lower.store(replica.index)
    const sourceSlots = new Int32Array(count)
    for (let i = 0; i < count; i++) {
      sourceSlots[i] = store.lookup(sequence.block(from + i))
      store.pin(sourceSlots[i]!)
    }
    const bytes = count * this.#bytesPerBlock
    const op = this.#recorder && {
      firstBlock: from,
      fromSlots: sourceSlots,
      toSlots: sequence.slots.slice(from, from + count),
      bytes,
      startMs: nowMs,
      endMs: Infinity,
      afterStores: this.#recorder.writersOf(lower.spec.shared ? 0 : replica.index, sourceSlots),
    }
    this.fetches++
    this.fetchedBlocks += count
    sequence.computedTokens = (from + count) * this.#input.pool.blockTokens
    sequence.state = 'fetching'
    replica.fetching++
    const pending = { replica, sequence, sourceSlots, op }
    if (lower.reads === undefined) this.#endFetch(nowMs, pending)
    else lower.reads.start(nowMs, replica.index, bytes, pending)
    return op
  }

  /** Stores what is neither below nor on its way, head first, while stores pin less than a tenth of the pool. */
  store(nowMs: number, replica: Replica, completed: readonly CompletedBlock[]): StoreOp | undefined {
    const { lower } = this
    if (lower === undefined || completed.length === 0) return undefined
    const hbmSlots: number[] = []
    const lowerSlots: number[] = []
    const pinLimit = Math.floor(this.#input.poolBlocks / 10)
    for (const { request, blockIndex, slot } of completed) {
      const block = request.block(blockIndex)
      if (lower.writes !== undefined && replica.storePins >= pinLimit) {
        if (lower.store(replica.index).lookup(block) === NONE) this.droppedStoreBlocks++
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
    this.storedBlocks += lowerSlots.length
    const bytes = lowerSlots.length * this.#bytesPerBlock
    const op = this.#recorder && {
      replica: replica.index,
      fromSlots: Int32Array.from(hbmSlots),
      toSlots: Int32Array.from(lowerSlots),
      bytes,
    }
    if (op !== undefined) this.#recorder?.wrote(lower.spec.shared ? 0 : replica.index, op)
    const pending = { replica, hbmSlots, lowerSlots }
    if (lower.writes === undefined) this.#endStore(pending)
    else lower.writes.start(nowMs, replica.index, bytes, pending)
    return op
  }

  #endFetch(nowMs: number, { replica, sequence, sourceSlots, op }: PendingFetch): void {
    const store = this.lower!.store(replica.index)
    for (let i = sourceSlots.length - 1; i >= 0; i--) store.unpin(sourceSlots[i]!)
    const end = sequence.computedTokens / this.#input.pool.blockTokens
    for (let i = end - sourceSlots.length; i < end; i++) replica.hbm.identify(sequence.slots[i]!, sequence.block(i))
    if (op !== undefined) op.endMs = nowMs
    sequence.state = 'prefilling'
    replica.fetching--
    this.#onFetched(replica)
  }

  #endStore({ replica, hbmSlots, lowerSlots }: PendingStore): void {
    for (let i = lowerSlots.length - 1; i >= 0; i--) {
      this.lower!.completeStore(replica.index, lowerSlots[i]!)
      replica.hbm.unpin(hbmSlots[i]!)
    }
    replica.storePins -= hbmSlots.length
    this.#onStored(replica)
  }
}
