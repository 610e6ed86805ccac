import { type Facts, type Knowledge, NONE, type PolicySpec } from '../../cache/policy.ts'
import { assert } from '../../errors.ts'
import { prefillFlops } from '../cost-model.ts'
import type { PlanInput } from '../plan-input.ts'
import type { Sequence } from './sequence.ts'

/** What the engine tells the policies of a plan, whatever tier they order. */
export class PolicyFacts {
  nowMs = 0
  session = NONE
  turn = NONE
  tenant = NONE
  category = NONE
  sessionNextMs = Number.POSITIVE_INFINITY
  readonly blockBytes: number
  readonly #input: PlanInput
  readonly #knowsSchedule: boolean
  readonly #tenants = new Map<string, number>()
  /** Of each block, by its dense id; NONE where it has none or the block was not announced yet. */
  readonly #parents: Column | undefined
  readonly #positions: Column | undefined
  #inHand: Sequence | undefined

  constructor(input: PlanInput, knows: ReadonlySet<Knowledge>) {
    assert(!knows.has('future'), 'only a replay of a trace knows the future')
    this.#input = input
    this.blockBytes = input.pool.blockTokens * input.cost.kvBytesPerToken
    this.#knowsSchedule = knows.has('schedule')
    if (knows.has('parent')) this.#parents = new Column()
    if (knows.has('position') || knows.has('cost')) this.#positions = new Column()
  }

  /** Notes the places of a request's blocks; ids are prefix-chained, so a block keeps the place it has. */
  announce(sequence: Sequence): void {
    const column = this.#parents ?? this.#positions
    if (column === undefined) return
    for (let i = 0; i < sequence.turn.blocks.length; i++) {
      const block = sequence.block(i)
      if (column.has(block)) continue
      this.#parents?.set(block, i === 0 ? NONE : sequence.block(i - 1))
      this.#positions?.set(block, i)
    }
  }

  /** The request that touches from now on. */
  take(sequence: Sequence): void {
    const { nowMs } = this
    if (this.#inHand !== sequence) {
      this.#inHand = sequence
      this.session = sequence.session.number
      this.turn = sequence.turnIndex
      this.tenant = this.#tenantNumber(sequence.session.conversation.tenant)
      this.category = sequence.turn.agent === '' ? 0 : 1
    }
    if (this.#knowsSchedule) this.sessionNextMs = nowMs + this.#thinkMs(sequence)
  }

  parentOf(block: number): number {
    return this.#parents!.get(block)
  }

  positionOf(block: number): number {
    return this.#positions!.get(block)
  }

  flopsOf(block: number): number {
    const { pool, cost } = this.#input
    const from = this.positionOf(block) * pool.blockTokens
    return prefillFlops(cost, from, from + pool.blockTokens)
  }

  /** The facts for the policy of one tier. */
  readonly factsFor = (slotOf: (block: number) => number): Facts => new TierFacts(this, slotOf)

  #tenantNumber(tenant: string): number {
    const number = this.#tenants.get(tenant) ?? this.#tenants.size
    this.#tenants.set(tenant, number)
    return number
  }

  /** Scripted time between the end of a request and the next of its session; Infinity after the last. */
  #thinkMs({ session, turnIndex }: Sequence): number {
    const { load } = this.#input
    const next = session.conversation.turns[turnIndex + 1]
    if (next === undefined || load.kind !== 'closed') return Number.POSITIVE_INFINITY
    return Math.min(next.thinkMs, load.thinkCapMs) * load.timeScale
  }
}

/** Facts for the policies of a plan; undefined where none asks for any: then nothing is kept. */
export function policyFactsOf(input: PlanInput): PolicyFacts | undefined {
  const ordered = [{ capacityBlocks: input.poolBlocks, policy: input.hbmPolicy }, ...input.lowers]
  const knows = new Set(
    ordered.flatMap(({ capacityBlocks, policy }) => (Number.isFinite(capacityBlocks) ? policy.knows : [])),
  )
  return knows.size === 0 ? undefined : new PolicyFacts(input, knows)
}

/** What a policy that no memory of a plan can serve would have to know. */
export function cannotBePlanned({ knows }: Pick<PolicySpec, 'knows'>, hasSessions: boolean): Knowledge | undefined {
  return knows.find(
    (knowledge) => knowledge === 'future' || (!hasSessions && (knowledge === 'session' || knowledge === 'schedule')),
  )
}

/** The facts of a plan, with where blocks are in one tier. */
class TierFacts implements Facts {
  readonly nextUse = Number.POSITIVE_INFINITY
  readonly slotOf: (block: number) => number
  readonly #facts: PolicyFacts

  constructor(facts: PolicyFacts, slotOf: (block: number) => number) {
    this.#facts = facts
    this.slotOf = slotOf
  }

  get session(): number {
    return this.#facts.session
  }

  get turn(): number {
    return this.#facts.turn
  }

  get tenant(): number {
    return this.#facts.tenant
  }

  get category(): number {
    return this.#facts.category
  }

  get nowMs(): number {
    return this.#facts.nowMs
  }

  get sessionNextMs(): number {
    return this.#facts.sessionNextMs
  }

  get blockBytes(): number {
    return this.#facts.blockBytes
  }

  parentOf(block: number): number {
    return this.#facts.parentOf(block)
  }

  positionOf(block: number): number {
    return this.#facts.positionOf(block)
  }

  flopsOf(block: number): number {
    return this.#facts.flopsOf(block)
  }
}

/** A number for each block, that grows with the blocks there are. */
class Column {
  /** Values + 2, so that 0 is a block without one. */
  #values = new Int32Array(4096)

  has(block: number): boolean {
    return (this.#values[block] ?? 0) !== 0
  }

  get(block: number): number {
    const value = this.#values[block] ?? 0
    return value === 0 ? NONE : value - 2
  }

  set(block: number, value: number): void {
    if (block >= this.#values.length) {
      const larger = new Int32Array(Math.max(this.#values.length * 2, block + 1))
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[block] = value + 2
  }
}
