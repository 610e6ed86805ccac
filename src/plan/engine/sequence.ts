import { NONE } from '../../cache/policy.ts'
import type { CompiledConversation, CompiledTurn } from '../../workload/pool.ts'
import type { RequestFacts } from '../timeline.ts'

/** A live conversation: an instance of a conversation of the pool, with block ids of its own. */
export interface Session {
  /** Counts the sessions of a plan. */
  readonly number: number
  readonly seat: number
  /** Which conversation of its seat this is, counted from 0. */
  readonly ordinal: number
  readonly conversation: CompiledConversation
  readonly salt: number
  /** Dense id of the conversation's own block 0. */
  readonly firstBlock: number
  replica: number
  /** Turns that have not ended yet. */
  turnsLeft: number
}

export type SequenceState = 'arriving' | 'waiting' | 'fetching' | 'prefilling' | 'decoding' | 'ended'

/** A request on its way through a replica. */
export class Sequence {
  readonly id: number
  readonly session: Session
  readonly turnIndex: number
  readonly turn: CompiledTurn
  /** The request whose end sets off this one's arrival, with the delay; NONE: the delay counts from the start. */
  readonly afterRequest: number
  readonly delayMs: number

  state: SequenceState = 'arriving'
  replica = NONE
  arrivalMs = 0
  admittedMs = NONE
  firstTokenMs = NONE
  endMs = NONE

  /** HBM slots of its blocks, position 0 first. */
  readonly slots: Int32Array
  slotCount = 0
  /** Positions whose KV is in its slots. */
  computedTokens = 0
  generatedTokens = 0
  /** Positions that this admission has to prefill up to: the prompt, and after a preemption what was generated too. */
  prefillTarget = 0
  /** Leading blocks in HBM as last looked up, and the version of the HBM pool at which that was. */
  prefixBlocks = 0
  prefixVersion = NONE
  /** The highest number of positions computed before a preemption. */
  computedBeforePreemption = 0

  /** Whether blocks of it are on their way from below. */
  fetchPending = false
  /** Positions gapFrom..gapTo are what this admission fetches; equal where it fetches nothing. */
  gapFrom = 0
  gapTo = 0

  /** Fixed at first admission. */
  hbmHitTokens = 0
  dramHitTokens = 0
  warehouseHitTokens = 0
  ceilingTokens = 0

  constructor(id: number, session: Session, turnIndex: number, afterRequest: number, delayMs: number) {
    this.id = id
    this.session = session
    this.turnIndex = turnIndex
    this.turn = session.conversation.turns[turnIndex]!
    this.afterRequest = afterRequest
    this.delayMs = delayMs
    this.slots = new Int32Array(this.turn.blocks.length)
  }

  /** Dense id of block i of this request. */
  block(i: number): number {
    const entry = this.turn.blocks[i]!
    return entry >= 0 ? this.session.firstBlock + entry : ~entry
  }

  /** Prompt and generated tokens: all that is known of the sequence. */
  get knownTokens(): number {
    return this.turn.promptTokens + this.generatedTokens
  }

  /** Where the prefill under way stops: at what is being fetched, or at its end. */
  get prefillLimit(): number {
    return this.computedTokens < this.gapFrom ? this.gapFrom : this.prefillTarget
  }

  /** Positions below this one had been computed by some GPU before; computing them again is redundant. */
  get redundantUntil(): number {
    return Math.max(this.ceilingTokens, this.computedBeforePreemption)
  }
}

/** What the accounting is told of a request, as it stands now. */
export function factsOf(sequence: Sequence): RequestFacts {
  const { replica, turnIndex, hbmHitTokens, dramHitTokens, warehouseHitTokens } = sequence
  const { ceilingTokens, arrivalMs, firstTokenMs } = sequence
  const { promptTokens, outputTokens } = sequence.turn
  const hits = { hbmHitTokens, dramHitTokens, warehouseHitTokens, ceilingTokens }
  return { replica, turn: turnIndex, promptTokens, outputTokens, ...hits, arrivalMs, firstTokenMs }
}
