import type { PolicySpec } from '../cache/policy.ts'
import type { LowerTierSpec } from '../warehouse/lower-tier.ts'
import type { ConversationPool } from '../workload/pool.ts'
import type { AdmissionSpec } from './admission/admission.ts'
import type { CostModel } from './cost-model.ts'
import type { RouterSpec } from './router/router.ts'

/** How requests come. */
export type Load =
  | {
      readonly kind: 'closed'
      /** Live conversations of all replicas together. */
      readonly seats: number
      readonly start: 'warm' | 'cold'
      /** Factor on think times, after the cap. */
      readonly timeScale: number
      /** Think times are cut to this before scaling. */
      readonly thinkCapMs: number
      /**
       * `think`: a turn arrives a think time after the end of the turn before. `timestamps`: when an idle system that loses
       * nothing would have been asked for it, whether or not the turn before has ended.
       */
      readonly clock?: 'think' | 'timestamps' | undefined
    }
  | { readonly kind: 'timed'; readonly arrivalsMs: Float64Array; readonly timeScale: number }
  | { readonly kind: 'backlog'; readonly inFlightPerReplica: number }

export type FetchDecision = 'always' | 'break-even' | 'never'
/** `layerwise`: a request computes a layer as soon as that layer's KV is there; its step ends no earlier than the fetch allows. */
export type FetchMode = 'async' | 'blocking' | 'layerwise'
/** Of a prefix below: all of it, or only the positions that take longer to compute than to fetch. */
export type FetchPart = 'whole' | 'beyond-break-even'

/** Everything a plan depends on: same input, same plan. */
export interface PlanInput {
  readonly pool: ConversationPool
  readonly load: Load
  readonly replicas: number
  /** HBM pool of each replica; Infinity: no limit on what is kept or runs. */
  readonly poolBlocks: number
  readonly maxRunning: number
  readonly maxBatchedTokens: number
  /** From arrival to the replica's queue. */
  readonly requestOverheadMs: number
  readonly router: RouterSpec
  readonly admission: AdmissionSpec
  readonly hbmPolicy: PolicySpec
  /** Memories below HBM, the nearest first. */
  readonly lowers: readonly LowerTierSpec[]
  /** Whether a replica may read, in no time, what lies in the HBM of another: for the attribution of a gain. */
  readonly peerReads: boolean
  readonly fetch: FetchDecision
  readonly fetchMode: FetchMode
  readonly fetchPart: FetchPart
  readonly cost: CostModel
  /** Completions before the window opens; undefined: as many as there are seats. */
  readonly settleRequests: number | undefined
  /** Completions in the window; undefined: until the trace has been dispatched. */
  readonly requests: number | undefined
  /** Completions planned beyond the window, so that replicas have work until a measured window ends. */
  readonly overrunRequests: number
  readonly seed: number
}

/** Seats of the load: requests that can be live at once. */
export function seatCount(load: Load, replicas: number): number {
  if (load.kind === 'closed') return load.seats
  return load.kind === 'backlog' ? replicas * load.inFlightPerReplica : 0
}
