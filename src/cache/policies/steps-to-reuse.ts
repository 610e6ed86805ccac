import { definePolicy } from '../policy.ts'
import { Leaves } from '../structures/leaves.ts'

/** At each eviction. */
const slotsLookedAt = 4

/**
 * Evicts what its conversation runs latest; what never runs again goes first, and of one conversation the tail. Shared
 * blocks count for the conversation that runs soonest. Pan et al., "KVFlow", NeurIPS 2025: steps to execution of each
 * agent, from the workflow's graph. Departure: the schedule is in time and not in steps of a graph, as the trace or the
 * workload's script tells it; nodes go by leaves.
 */
export const stepsToReuse = definePolicy({
  name: 'steps-to-reuse',
  summary: 'knows the schedule: what its conversation runs latest goes first',
  source: 'https://arxiv.org/abs/2507.07400',
  cost: 'O(log n)',
  parameters: {},
  knows: ['parent', 'schedule', 'time'],

  create(capacityBlocks, facts) {
    const leaves = new Leaves(capacityBlocks, facts)
    let hand = 0

    /** What was not asked for when its conversation ran is not waited for any more: a hand goes round and looks. */
    const expire = (): void => {
      for (let step = 0; step < slotsLookedAt; step++) {
        hand = (hand + 1) % capacityBlocks
        if (leaves.holds(hand) && leaves.keyOf(hand) > -facts.nowMs) leaves.set(hand, Number.NEGATIVE_INFINITY)
      }
    }

    return {
      onInsert(slot, block) {
        leaves.insert(slot, block, -facts.sessionNextMs)
      },
      onHit(slot) {
        const known = -leaves.keyOf(slot)
        const isAhead = known > facts.nowMs
        leaves.set(slot, -(isAhead ? Math.min(known, facts.sessionNextMs) : facts.sessionNextMs))
      },
      onRemove(slot, block) {
        leaves.remove(slot, block)
      },
      victim(isPinned, incomingBlock) {
        expire()
        return leaves.victim(isPinned, incomingBlock)
      },
    }
  },
})
