import { type Facts, type Knowledge, NONE, type PolicySpec } from './policy.ts'
import type { TierLog } from './tier.ts'

/** First line of a pool log. */
export interface PoolLogHeader {
  /** With its parameters. */
  readonly policy: string
  /** Of each replica. */
  readonly capacityBlocks: number
  readonly replicas: number
  readonly blockTokens: number
  readonly knows: readonly Knowledge[]
  /** Of a block, where the policy knows `cost`. */
  readonly blockBytes?: number | undefined
}

/** What a policy knows of a block. */
export interface BlockFacts {
  readonly parent?: number | undefined
  readonly position?: number | undefined
  readonly flops?: number | undefined
}

/** What a policy knows of the request that touches, and of the time; null is Infinity. */
export interface RequestFacts {
  readonly session?: number | undefined
  readonly turn?: number | undefined
  readonly tenant?: number | undefined
  readonly category?: number | undefined
  readonly nowMs?: number | undefined
  readonly sessionNextMs?: number | null | undefined
}

/**
 * Any other line: what happened to a slot, with the facts of the block and the request that the policy knows at that moment.
 * `block` is NONE where nothing findable is in the slot. The pin of an empty slot names the block that it is claimed for.
 */
export interface PoolLogEvent extends BlockFacts, RequestFacts {
  readonly op: 'insert' | 'hit' | 'pin' | 'unpin' | 'remove'
  readonly replica: number
  readonly slot: number
  readonly block: number
  /** Of a remove: the block it makes room for; left out where the block was forgotten. */
  readonly incoming?: ({ readonly block: number } & BlockFacts) | undefined
}

/** Writes down, in JSON lines, all that happens to the HBM pools of a plan, from empty pools on. */
export class PoolLog {
  readonly #write: (line: string) => void
  readonly #knows: ReadonlySet<Knowledge>
  readonly #header: Omit<PoolLogHeader, 'blockBytes'>
  #hasHeader = false

  constructor(
    policy: PolicySpec,
    pools: Pick<PoolLogHeader, 'capacityBlocks' | 'replicas' | 'blockTokens'>,
    write: (line: string) => void,
  ) {
    this.#write = write
    this.#knows = new Set(policy.knows)
    this.#header = { policy: policy.name, ...pools, knows: policy.knows }
  }

  /** The log of one pool. @param facts what its policy is told */
  ofReplica(replica: number, facts: Facts): TierLog {
    this.#begin(facts)
    const happened = (
      op: PoolLogEvent['op'],
      slot: number,
      block: number,
      incoming?: PoolLogEvent['incoming'],
    ): void => {
      const told = { ...this.#blockFacts(facts, block), ...this.#requestFacts(facts) }
      this.#print({ op, replica, slot, block, ...told, incoming })
    }
    return {
      insert: (slot, block) => happened('insert', slot, block),
      hit: (slot, block) => happened('hit', slot, block),
      pin: (slot, block) => happened('pin', slot, block),
      unpin: (slot, block) => happened('unpin', slot, block),
      remove: (slot, block, incoming) =>
        happened(
          'remove',
          slot,
          block,
          incoming === NONE ? undefined : { block: incoming, ...this.#blockFacts(facts, incoming) },
        ),
    }
  }

  #begin({ blockBytes }: Facts): void {
    if (this.#hasHeader) return
    this.#hasHeader = true
    this.#print({ ...this.#header, blockBytes: this.#knows.has('cost') ? blockBytes : undefined })
  }

  #blockFacts(facts: Facts, block: number): BlockFacts {
    if (block === NONE) return {}
    const knows = this.#knows
    return {
      parent: knows.has('parent') ? facts.parentOf(block) : undefined,
      position: knows.has('position') ? facts.positionOf(block) : undefined,
      flops: knows.has('cost') ? facts.flopsOf(block) : undefined,
    }
  }

  #requestFacts({ session, turn, tenant, category, nowMs, sessionNextMs }: Facts): RequestFacts {
    const knows = this.#knows
    return {
      ...(knows.has('session') ? { session, turn, tenant, category } : {}),
      nowMs: knows.has('time') ? nowMs : undefined,
      sessionNextMs: knows.has('schedule') ? sessionNextMs : undefined,
    }
  }

  #print(line: PoolLogHeader | PoolLogEvent): void {
    this.#write(`${JSON.stringify(line)}\n`)
  }
}
