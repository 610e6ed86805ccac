import { NONE } from '../cache/policy.ts'
import type { Tier } from '../cache/tier.ts'
import type { Engine } from './engine.ts'
import type { WarmBlock } from './plan.ts'
import { Sequence, type Session } from './sequence.ts'

/**
 * Lays the known turns of the first conversations into the tiers, in the given order, under each tier's own capacity and
 * policy: as if they had run and ended before the start.
 */
export function layHistories(
  engine: Engine,
  histories: readonly { readonly session: Session; readonly turn: number }[],
  route: (session: Session) => number,
): void {
  const { blockTokens } = engine.input.pool
  for (const { session, turn } of histories) {
    const sequence = new Sequence(NONE, session, turn, NONE, 0)
    const replica = engine.replicas[route(session)]!
    // The last generated token's KV is not computed when a request ends.
    const blocks = Math.floor((sequence.turn.promptTokens + sequence.turn.outputTokens - 1) / blockTokens)
    for (let i = 0; i < blocks; i++) engine.markSeen(sequence.block(i))
    layInto(replica.hbm, sequence, blocks)
    const { lower } = engine
    if (lower !== undefined) {
      touchTailFirst(lower.store(replica.index), sequence, blocks)
      for (let i = 0; i < blocks; i++) {
        const slot = lower.prepareStore(replica.index, sequence.block(i))
        if (slot !== NONE) lower.completeStore(replica.index, slot)
      }
      touchTailFirst(lower.store(replica.index), sequence, blocks)
    }
    engine.recorder?.histories.push({ request: sequence, blocks })
  }
  const { recorder, lower } = engine
  if (recorder === undefined) return
  recorder.warmHbm = engine.replicas.map((replica) => contents(replica.hbm))
  recorder.warmLower = lower?.stores.map(contents) ?? []
}

/** What is there already is held meanwhile, so that a history does not evict its own head. */
function layInto(hbm: Tier, sequence: Sequence, blocks: number): void {
  const slots: number[] = []
  for (let i = 0; i < blocks; i++) {
    slots.push(hbm.lookup(sequence.block(i)))
    if (slots[i] !== NONE) hbm.pin(slots[i]!)
  }
  touchTailFirst(hbm, sequence, blocks)
  for (let i = 0; i < blocks; i++) {
    if (slots[i] !== NONE) continue
    slots[i] = hbm.claim(sequence.block(i))
    hbm.identify(slots[i]!, sequence.block(i))
  }
  for (let i = blocks - 1; i >= 0; i--) hbm.unpin(slots[i]!)
}

function touchTailFirst(tier: Tier, sequence: Sequence, blocks: number): void {
  for (let i = blocks - 1; i >= 0; i--) {
    const slot = tier.lookup(sequence.block(i))
    if (slot !== NONE) tier.touch(slot)
  }
}

function contents(tier: Tier): WarmBlock[] {
  return Array.from(tier.contents(), ([slot, block]) => ({ slot, block }))
}
