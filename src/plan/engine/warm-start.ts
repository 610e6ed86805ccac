import { NONE } from '../../cache/policy.ts'
import type { Tier } from '../../cache/tier.ts'
import type { LowerTier } from '../../warehouse/lower-tier.ts'
import type { WarmBlock } from '../plan.ts'
import type { PolicyFacts } from './policy-facts.ts'
import type { Recorder } from './recorder.ts'
import type { Replica } from './replica.ts'
import type { SeenBlocks } from './seen-blocks.ts'
import { Sequence, type Session } from './sequence.ts'

/** The memories that histories are laid into, and who keeps the books of them. */
interface Memories<F, S> {
  readonly blockTokens: number
  readonly replicas: readonly Replica[]
  readonly lowers: readonly LowerTier<F, S>[]
  readonly seen: SeenBlocks
  readonly facts: PolicyFacts | undefined
  readonly recorder: Recorder | undefined
}

/**
 * Lays the known turns of the first conversations into the tiers, in the given order, under each tier's own capacity and
 * policy: as if they had run and ended before the start.
 */
export function layHistories<F, S>(
  memories: Memories<F, S>,
  histories: readonly { readonly session: Session; readonly turn: number }[],
  route: (sequence: Sequence) => number,
): void {
  const { blockTokens, replicas, lowers, seen, facts, recorder } = memories
  for (const { session, turn } of histories) {
    const sequence = new Sequence(NONE, session, turn, NONE, 0)
    const replica = replicas[route(sequence)]!
    // The last generated token's KV is not computed when a request ends.
    const blocks = Math.floor((sequence.turn.promptTokens + sequence.turn.outputTokens - 1) / blockTokens)
    for (let i = 0; i < blocks; i++) seen.mark(sequence.block(i))
    facts?.announce(sequence)
    facts?.take(sequence)
    layInto(replica.hbm, sequence, blocks)
    for (const lower of lowers) {
      touchTailFirst(lower.store(replica.index), sequence, blocks)
      for (let i = 0; i < blocks; i++) {
        const slot = lower.prepareStore(replica.index, sequence.block(i))
        if (slot !== NONE) lower.completeStore(replica.index, slot)
      }
      touchTailFirst(lower.store(replica.index), sequence, blocks)
    }
    recorder?.histories.push({ request: sequence, blocks })
  }
  if (recorder === undefined) return
  recorder.warmHbm = replicas.map((replica) => contents(replica.hbm))
  recorder.warmLower = lowers.flatMap(({ stores }) => stores.map(contents))
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
