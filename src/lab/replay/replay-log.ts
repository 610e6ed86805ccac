import { z } from 'zod'
import {
  type CachePolicy,
  createPolicy,
  type Facts,
  type Knowledge,
  NONE,
  type PolicySpec,
} from '../../cache/policy.ts'
import type { BlockFacts, PoolLogEvent, PoolLogHeader, RequestFacts } from '../../cache/pool-log.ts'
import { assert, badInput } from '../../errors.ts'
import { issueWords } from '../../issue-words.ts'

/** What a replay of a pool log has found. */
export interface LogReplay {
  /** Blocks that the log says were evicted. */
  readonly evictions: number
  /** Evictions for which the policy chose another slot. */
  readonly differences: number
}

const knowledge: readonly Knowledge[] = ['parent', 'position', 'session', 'time', 'cost', 'schedule', 'future']
const dense = z.int().min(NONE)

const headerSchema: z.ZodType<PoolLogHeader> = z.strictObject({
  policy: z.string(),
  capacityBlocks: z.int().positive(),
  replicas: z.int().positive(),
  blockTokens: z.int().positive(),
  knows: z.array(z.enum(knowledge)),
  blockBytes: z.number().optional(),
})

const blockFacts = { parent: dense.optional(), position: dense.optional(), flops: z.number().optional() }

const eventSchema: z.ZodType<PoolLogEvent> = z.strictObject({
  op: z.enum(['insert', 'hit', 'pin', 'unpin', 'remove']),
  replica: z.int().nonnegative(),
  slot: z.int().nonnegative(),
  block: dense,
  ...blockFacts,
  session: dense.optional(),
  turn: dense.optional(),
  tenant: dense.optional(),
  category: dense.optional(),
  nowMs: z.number().optional(),
  sessionNextMs: z.number().nullable().optional(),
  incoming: z.strictObject({ block: dense, ...blockFacts }).optional(),
})

/**
 * Replays what a plan wrote down of its HBM pools: the policy is told what it was told there, and at each eviction asked
 * for its victim. After a difference it goes on as the log does.
 * @param lines of a pool log, the header first
 * @throws MemwallError where a line is none of a pool log, or the policy must know what the log does not tell
 */
export function replayLog(lines: Iterable<string>, policy: PolicySpec): LogReplay {
  let pools: ReplayedPool[] | undefined
  let number = 0
  for (const line of lines) {
    number++
    if (line.trim() === '') continue
    const where = `line ${number}`
    if (pools === undefined) pools = openPools(parsed(headerSchema, line, where), policy)
    else take(pools, parsed(eventSchema, line, where), where)
  }
  if (pools === undefined)
    throw badInput('pool log', 'is empty', 'Write one: memwall run --backend model --pool-log FILE.')
  const sum = (of: (pool: ReplayedPool) => number): number => pools.reduce((total, pool) => total + of(pool), 0)
  return { evictions: sum(({ evictions }) => evictions), differences: sum(({ differences }) => differences) }
}

function openPools(header: PoolLogHeader, policy: PolicySpec): ReplayedPool[] {
  const missing = policy.knows.find((one) => !header.knows.includes(one))
  if (missing !== undefined) {
    const what = `"${policy.name}" must know "${missing}", which the log of "${header.policy}" does not tell`
    throw badInput('pool log', what, `Replay it with ${header.policy}.`)
  }
  return Array.from({ length: header.replicas }, () => new ReplayedPool(header, policy))
}

function take(pools: readonly ReplayedPool[], event: PoolLogEvent, where: string): void {
  const pool = pools[event.replica]
  if (pool === undefined) throw badInput(where, `names replica ${event.replica} of ${pools.length}`, 'Mend the log.')
  const wrong = pool.whatIsWrong(event)
  if (wrong !== undefined) throw badInput(where, wrong, 'Mend the log.')
  pool.take(event)
}

function parsed<T>(schema: z.ZodType<T>, line: string, where: string): T {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw badInput(where, 'is no JSON', 'Mend the log.')
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw badInput(`${where} ${issue.path.map(String).join('.')}`.trim(), issueWords(issue, value), 'Mend the log.')
}

/** One pool as the log tells of it, with a policy of its own. */
class ReplayedPool {
  evictions = 0
  differences = 0
  readonly #policy: CachePolicy
  readonly #facts: LogFacts
  readonly #pins: Int32Array
  readonly #blocks: Int32Array
  readonly #isPinned = (slot: number): boolean => this.#pins[slot]! > 0

  constructor({ capacityBlocks, blockBytes }: PoolLogHeader, policy: PolicySpec) {
    this.#facts = new LogFacts(blockBytes ?? 0)
    this.#pins = new Int32Array(capacityBlocks)
    this.#blocks = new Int32Array(capacityBlocks).fill(NONE)
    this.#policy = createPolicy(policy, capacityBlocks, this.#facts)
  }

  /** Why this cannot happen to the pool as it is; undefined: it can. */
  whatIsWrong({ op, slot, block }: PoolLogEvent): string | undefined {
    const pins = this.#pins[slot]
    if (pins === undefined) return `slot ${slot} is beyond the pool`
    if (op === 'unpin' && pins === 0) return `slot ${slot} is let go, but nobody holds it`
    const held = this.#blocks[slot]!
    const expected = op === 'insert' || (op === 'pin' && pins === 0 && held === NONE) ? NONE : block
    return held === expected ? undefined : `slot ${slot} holds block ${held}, not ${expected}`
  }

  take(event: PoolLogEvent): void {
    const { op, slot, block } = event
    this.#facts.take(event)
    if (op === 'pin') this.#pins[slot]!++
    else if (op === 'unpin') this.#pins[slot]!--
    else if (op === 'hit') this.#policy.onHit(slot, block)
    else if (op === 'insert') {
      this.#blocks[slot] = block
      this.#facts.slots.set(block, slot)
      this.#policy.onInsert(slot, block)
    } else this.#remove(event)
  }

  #remove({ slot, block, incoming }: PoolLogEvent): void {
    if (incoming !== undefined) {
      this.evictions++
      if (this.#policy.victim(this.#isPinned, incoming.block) !== slot) this.differences++
    }
    this.#policy.onRemove(slot, block)
    this.#facts.slots.delete(block)
    this.#blocks[slot] = NONE
  }
}

/** The facts that the log tells, as old as its last line. */
class LogFacts implements Facts {
  session = NONE
  turn = NONE
  tenant = NONE
  category = NONE
  nowMs = 0
  sessionNextMs = Number.POSITIVE_INFINITY
  readonly nextUse = Number.POSITIVE_INFINITY
  readonly blockBytes: number
  readonly slots = new Map<number, number>()
  readonly #blocks = new Map<number, BlockFacts>()

  constructor(blockBytes: number) {
    this.blockBytes = blockBytes
  }

  take(event: PoolLogEvent): void {
    const { block, parent, position, flops, incoming } = event
    if (block !== NONE) this.#blocks.set(block, { parent, position, flops })
    if (incoming !== undefined) this.#blocks.set(incoming.block, incoming)
    this.#takeRequest(event)
  }

  slotOf(block: number): number {
    return this.slots.get(block) ?? NONE
  }

  parentOf(block: number): number {
    return this.#of(block).parent ?? NONE
  }

  positionOf(block: number): number {
    return this.#of(block).position ?? NONE
  }

  flopsOf(block: number): number {
    return this.#of(block).flops ?? 0
  }

  #takeRequest({ session, turn, tenant, category, nowMs, sessionNextMs }: RequestFacts): void {
    this.session = session ?? NONE
    this.turn = turn ?? NONE
    this.tenant = tenant ?? NONE
    this.category = category ?? NONE
    this.nowMs = nowMs ?? 0
    this.sessionNextMs = sessionNextMs ?? Number.POSITIVE_INFINITY
  }

  #of(block: number): BlockFacts {
    const facts = this.#blocks.get(block)
    assert(facts !== undefined, 'a policy asks only for blocks that it was shown', { block })
    return facts
  }
}
