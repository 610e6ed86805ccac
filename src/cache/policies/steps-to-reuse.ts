import { Leaves } from '../leaves.ts'
import { definePolicy } from '../policy.ts'

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
        return leaves.victim(isPinned, incomingBlock)
      },
    }
  },
})
