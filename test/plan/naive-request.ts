import type { CompiledConversation } from '../../src/workload/pool.ts'
import type { Turn } from '../../src/workload/workload.ts'
import { blockKey } from './block-key.ts'
import type { NaiveSlot } from './naive-memory.ts'

export interface NaiveSession {
  readonly seat: number
  readonly ordinal: number
  readonly conversation: CompiledConversation
}

/** Positions that are fetched, and whether they are still on their way. */
export interface NaiveGap {
  readonly from: number
  readonly to: number
  isPending: boolean
}

export interface NaiveRequest {
  readonly session: NaiveSession
  readonly turnIndex: number
  readonly source: Turn
  readonly keys: readonly string[]
  readonly slots: NaiveSlot[]
  state: 'waiting' | 'prefilling' | 'decoding'
  gap: NaiveGap | undefined
  computed: number
  generated: number
  target: number
  arrivalMs: number
  hbmHitTokens: number | undefined
  dramHitTokens: number
  warehouseHitTokens: number
  ceilingTokens: number
  firstTokenMs: number | undefined
  endMs: number
}

export function newRequest(session: NaiveSession, turnIndex: number, blockTokens: number): NaiveRequest {
  const { source } = session.conversation.turns[turnIndex]!
  const blocks = Math.ceil((source.promptTokens + source.outputTokens) / blockTokens)
  const place = { seat: session.seat, ordinal: session.ordinal, turnIndex, source }
  return {
    session,
    turnIndex,
    source,
    keys: Array.from({ length: blocks }, (_, i) => blockKey(place, i, blockTokens)),
    slots: [],
    state: 'waiting',
    gap: undefined,
    computed: 0,
    generated: 0,
    target: 0,
    arrivalMs: Number.NaN,
    hbmHitTokens: undefined,
    dramHitTokens: 0,
    warehouseHitTokens: 0,
    ceilingTokens: 0,
    firstTokenMs: undefined,
    endMs: Number.NaN,
  }
}

/** The turn before; when that is a sub-agent's, the main agent's last one before it too. */
export function turnsKnown({ turns }: CompiledConversation, next: number): number[] {
  const before = turns.slice(0, next)
  if (before.length === 0) return []
  const main = before.findLastIndex(({ source }) => source.agent === '')
  return main === -1 || main === next - 1 ? [next - 1] : [main, next - 1]
}

/** From `from`, how many in a row hold, at most up to `limit`. */
export function countWhile(from: number, limit: number, holds: (i: number) => boolean): number {
  let i = from
  while (i < limit && holds(i)) i++
  return i - from
}
