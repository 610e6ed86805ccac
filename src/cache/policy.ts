/** No slot, no block. */
export const NONE = -1

/**
 * Orders the slots of one tier for eviction. It counts no hits, knows no bytes and frees no memory: the tier does.
 * `block` is a dense id that outlives eviction.
 */
export interface CachePolicy {
  /** A slot became a cached block. */
  onInsert(slot: number, block: number): void
  /** A request touched the block, or the last user of it let go. */
  onHit(slot: number, block: number): void
  /** The block leaves its slot. */
  onRemove(slot: number, block: number): void
  /**
   * The slot to evict for `incomingBlock`, never a pinned one; NONE when all are pinned. A pinned slot gets an onHit when
   * it is let go. The onRemove of the victim comes next; the onInsert of the incoming block may come later, after other
   * victims, or never.
   */
  victim(isPinned: (slot: number) => boolean, incomingBlock: number): number
}

/** What a policy may have to be told besides slots and blocks. A memory that cannot supply it refuses the policy. */
export type Knowledge = 'parent' | 'position' | 'session' | 'time' | 'cost' | 'schedule' | 'future'

/** What a memory tells its policy. Only what the policy's `knows` lists is kept up to date; the rest must not be read. */
export interface Facts {
  /** `parent`: the block before this one in its prefix; NONE at the head of a prompt. */
  parentOf(block: number): number
  /** `parent`: where a block is cached in this memory; NONE where it is not. */
  slotOf(block: number): number
  /** `position`: index of the block in its prompt. */
  positionOf(block: number): number
  /** `session`: of the request that touches, each a dense number. */
  readonly session: number
  /** Counts from 0. */
  readonly turn: number
  readonly tenant: number
  readonly category: number
  /** `time` */
  readonly nowMs: number
  /** `cost`: FLOPs to compute the block again at its position, attention to all before it included. */
  flopsOf(block: number): number
  /** `cost` */
  readonly blockBytes: number
  /** `schedule`: when the session of the request that touches sends its next request; Infinity where it sends none. */
  readonly sessionNextMs: number
  /** `future`: number of the reference at which the block that is touched or inserted is touched next; Infinity where it is not. */
  readonly nextUse: number
}

/** A parameter of a policy. */
export interface PolicyParameter {
  readonly default: number
  readonly least: number
  readonly most: number
  readonly summary: string
}

type Parameters = Readonly<Record<string, PolicyParameter>>

/** A member of `src/cache/policies/`. */
export interface PolicySpec<P extends Parameters = Parameters> {
  readonly name: string
  readonly summary: string
  /** Paper or address. */
  readonly source: string
  /** Of one operation, amortised: "O(1)", "O(log n)"; n is the number of slots. */
  readonly cost: string
  /** Of one from a file: its path and settings, by which any thread loads it. */
  readonly text?: string | undefined
  /** By name; `s3-fifo:smallShare=0.2` sets one. */
  readonly parameters: P
  readonly knows: readonly Knowledge[]
  create(capacityBlocks: number, facts: Facts, parameters: { readonly [Key in keyof P]: number }): CachePolicy
}

/** Identity with type inference for a member of `src/cache/policies/`. */
export function definePolicy<const P extends Parameters>(spec: PolicySpec<P>): PolicySpec<P> {
  return spec
}

/** Creates a policy with the defaults of its parameters. */
export function createPolicy(spec: PolicySpec, capacityBlocks: number, facts: Facts): CachePolicy {
  return spec.create(
    capacityBlocks,
    facts,
    Object.fromEntries(Object.entries(spec.parameters).map(([name, parameter]) => [name, parameter.default])),
  )
}

/** The facts of a memory that can tell nothing. */
export const noFacts: Facts = {
  parentOf: unknown,
  slotOf: unknown,
  positionOf: unknown,
  session: NONE,
  turn: NONE,
  tenant: NONE,
  category: NONE,
  nowMs: 0,
  flopsOf: unknown,
  blockBytes: 0,
  sessionNextMs: Number.POSITIVE_INFINITY,
  nextUse: Number.POSITIVE_INFINITY,
}

function unknown(): number {
  return NONE
}
