import type { Sequence } from './engine/sequence.ts'
import type { MemoryGauge, StepSegment } from './timeline.ts'

/** A request enters a replica; its fetch, if it has one, starts. */
export interface AdmitOp {
  readonly kind: 'admit'
  /** Position in the plan's order of all operations on all replicas. */
  readonly order: number
  readonly replica: number
  readonly atMs: number
  readonly request: Sequence
  readonly fetch: FetchOp | undefined
  /** Whether this is the request's first admission; later ones follow a preemption. */
  readonly first: boolean
}

/** Copies blocks from the lower tier into the HBM slots of a sequence. */
export interface FetchOp {
  /** First block of the sequence that is fetched. */
  readonly firstBlock: number
  readonly fromSlots: Int32Array
  readonly toSlots: Int32Array
  readonly bytes: number
  readonly startMs: number
  endMs: number
  /** Stores that must have ended before: those that wrote the source slots. */
  readonly afterStores: readonly StoreOp[]
}

/** Copies completed blocks from HBM to the lower tier, after the step that completed them. */
export interface StoreOp {
  readonly replica: number
  readonly fromSlots: Int32Array
  readonly toSlots: Int32Array
  readonly bytes: number
}

export interface PrefillOp {
  readonly request: Sequence
  readonly from: number
  readonly to: number
  /** Slots of the sequence's blocks up to `to`. */
  readonly blockTable: Int32Array
  /** Whether the chunk ends the prompt, so that a token is sampled. */
  readonly sample: boolean
  /** Which output token that is, counted from 0. */
  readonly outputIndex: number
}

export interface DecodeOp {
  readonly request: Sequence
  /** Position of the token that is processed; it attends to position + 1 tokens. */
  readonly position: number
  readonly blockTable: Int32Array
  readonly outputIndex: number
}

/** A block whose last position this step computed. */
export interface CompletedBlock {
  readonly request: Sequence
  readonly blockIndex: number
  readonly slot: number
}

/** One step of a replica. */
export interface StepOp {
  readonly kind: 'step'
  readonly order: number
  readonly replica: number
  readonly prefills: readonly PrefillOp[]
  readonly decodes: readonly DecodeOp[]
  readonly completed: readonly CompletedBlock[]
  readonly store: StoreOp | undefined
  /** Planned times and shares; the replay scales the shares to the measured duration. */
  readonly segment: StepSegment
  /** Prompt positions computed again because of a preemption. */
  readonly recomputedTokens: number
  /** What the memories hold when the step has ended. */
  readonly gauge: MemoryGauge
  /** Requests that end with this step. */
  readonly ends: readonly Sequence[]
}

export type PlannedOp = AdmitOp | StepOp

/** Compute time that the plan gives an operation. */
export function plannedMs(op: PlannedOp): number {
  return op.kind === 'step' ? op.segment.endMs - op.segment.startMs : 0
}

/** What lies in the memories before the first event. */
export interface WarmBlock {
  readonly block: number
  readonly slot: number
}

/** The result of planning with a recorder: all that executing and accounting need. */
export interface RecordedPlan {
  /** Per replica, in order. */
  readonly ops: readonly (readonly PlannedOp[])[]
  readonly requests: readonly Sequence[]
  /** Requests with whose ends the window opens and closes; undefined: with the start, or when the plan stops. */
  readonly windowOpensWith: Sequence | undefined
  readonly windowClosesWith: Sequence | undefined
  /** Histories that were laid in before the start: sequences whose KV must exist, with how many of their blocks. */
  readonly histories: readonly { readonly request: Sequence; readonly blocks: number }[]
  readonly warmHbm: readonly (readonly WarmBlock[])[]
  /** Per store of the lower tier. */
  readonly warmLower: readonly (readonly WarmBlock[])[]
  /** Slots that each store of the lower tier needs. */
  readonly lowerSlots: number
  readonly lowerShared: boolean
}
