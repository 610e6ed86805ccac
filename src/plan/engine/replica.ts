import { NONE, type PolicySpec } from '../../cache/policy.ts'
import { Tier, type TierSurroundings } from '../../cache/tier.ts'
import type { StepLoad } from '../cost-model.ts'
import type { PolicyFacts } from './policy-facts.ts'
import type { Sequence } from './sequence.ts'

/** Positions of a prompt that a step computes. */
export interface PrefillChunk {
  readonly sequence: Sequence
  readonly from: number
  readonly to: number
}

/** Consecutive blocks of a request whose last positions a step computed. */
export interface CompletedRun {
  readonly request: Sequence
  readonly fromBlock: number
  readonly toBlock: number
}

/** A step, or run of decode steps, that is under way. */
export interface RunningStep {
  readonly startMs: number
  readonly firstStepMs: number
  readonly growthMs: number
  steps: number
  endMs: number
  readonly decoding: readonly Sequence[]
  readonly prefills: readonly PrefillChunk[]
  readonly usefulPrefillMs: number
  readonly redundantPrefillMs: number
  readonly load: StepLoad
  /** Fetches of its prefills that are still on their way, layer by layer: the step cannot end before them. */
  heldBy: number
  /** Its computing is done, but for the layers that it waits for. */
  isOverdue: boolean
  /** How long it waited for them. */
  stalledMs: number
}

/** What an admission would find, looked up without changing anything. */
export interface PrefixMatch {
  /** Leading blocks in HBM. */
  readonly hbmBlocks: number
  /** Blocks behind them, without a gap, that lower tiers hold ready. */
  readonly lowerBlocks: number
  /** Slots that must be claimed for the rest of what is known of the sequence. */
  readonly neededSlots: number
  /** Whether the replica has them. */
  readonly fits: boolean
  /** Leading blocks that running sequences hold already: they take no room of their own. */
  readonly pinnedHits: number
  /** The block that ends the prefix in HBM by not being there; NONE when all that can hit is. */
  readonly missingBlock: number
}

/** The state of one replica: its HBM pool, its queue and what runs. */
export class Replica {
  readonly index: number
  readonly hbm: Tier
  readonly queue: Sequence[] = []
  /** Admitted sequences in order of admission; those that wait for a fetch are among them. */
  readonly running: Sequence[] = []
  fetching = 0
  step: RunningStep | undefined
  /** Rises when the end of the step under way moves, so that the old event is void. */
  version = 0
  /** Something happened that may let it start a step. */
  isDirty = false
  idleSinceMs = 0
  idleKind: 'stalled' | 'starved' = 'starved'

  readonly #facts: PolicyFacts | undefined

  constructor(
    index: number,
    poolBlocks: number,
    policy: PolicySpec,
    surroundings: TierSurroundings = {},
    facts?: PolicyFacts | undefined,
  ) {
    this.index = index
    this.hbm = new Tier(poolBlocks, policy, surroundings)
    this.#facts = facts
  }

  #blocked: { readonly sequence: Sequence; readonly match: PrefixMatch; readonly identifications: number } | undefined

  /** Remembers that the next of the queue found no room, and what its look-up saw. */
  noteBlocked(sequence: Sequence, match: PrefixMatch): void {
    this.#blocked = { sequence, match, identifications: this.hbm.identifications }
  }

  /** The next of the queue, if it was found to have no room. */
  get blocked(): Sequence | undefined {
    return this.#blocked?.sequence
  }

  /** An admission pins blocks that were cached; what was noted of the head's hits no longer holds. */
  forgetBlocked(): void {
    this.#blocked = undefined
  }

  /**
   * Whether the next of the queue can be told to find no room without looking its prefix up again: while the block that
   * ended its prefix is still missing, at most as many more blocks can have become hits that take no room as were identified.
   */
  surelyBlocked(sequence: Sequence, blockTokens: number): boolean {
    const blocked = this.#blocked
    if (blocked?.sequence !== sequence) return false
    const { pinnedHits, missingBlock } = blocked.match
    if (missingBlock !== NONE && this.hbm.lookup(missingBlock) !== NONE) return false
    const roomless = pinnedHits + this.hbm.identifications - blocked.identifications
    return Math.ceil(sequence.knownTokens / blockTokens) > this.hbm.available + roomless
  }

  /** Whether a request of its own is here. */
  get hasRequest(): boolean {
    return this.queue.length > 0 || this.running.length > 0
  }

  /** Lets go of a sequence's slots, tail first, so that its tail is evicted first. */
  release(sequence: Sequence): void {
    this.#facts?.take(sequence)
    for (let i = sequence.slotCount - 1; i >= 0; i--) this.hbm.unpin(sequence.slots[i]!)
    sequence.slotCount = 0
    this.running.splice(this.running.indexOf(sequence), 1)
  }

  /** Puts the sequence admitted last back at the head of the queue, never one that waits for a fetch. */
  preempt(): Sequence | undefined {
    const victim = this.running.findLast((sequence) => !sequence.fetchPending)
    if (victim === undefined) return undefined
    victim.computedBeforePreemption = Math.max(victim.computedBeforePreemption, victim.computedTokens)
    this.release(victim)
    victim.state = 'waiting'
    victim.computedTokens = 0
    victim.prefixVersion = NONE
    victim.gapFrom = 0
    victim.gapTo = 0
    this.queue.unshift(victim)
    return victim
  }

  /** Makes room for one more position of a sequence; false when nothing can be evicted. */
  ensureSlot(sequence: Sequence, blockTokens: number): boolean {
    const needed = Math.floor(sequence.computedTokens / blockTokens)
    if (needed < sequence.slotCount) return true
    this.#facts?.take(sequence)
    const slot = this.hbm.claim(sequence.block(needed))
    if (slot === NONE) return false
    sequence.slots[sequence.slotCount++] = slot
    return true
  }
}
