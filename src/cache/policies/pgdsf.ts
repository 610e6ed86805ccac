import { definePolicy } from '../policy.ts'
import { Leaves } from '../structures/leaves.ts'

/**
 * Prefix-aware greedy-dual-size-frequency: among the leaves the one with the least clock + uses × recompute cost ÷ size goes,
 * and the clock moves on to its priority. Uses are forgotten on eviction. Jin et al., "RAGCache", 2024.
 * Departure: the cost is the FLOPs of the block at its position, where the paper averages measured times.
 */
export const pgdsf = definePolicy({
  name: 'pgdsf',
  summary: 'greedy-dual over leaves: uses × recompute cost ÷ size, with aging',
  source: 'https://arxiv.org/abs/2404.12457',
  cost: 'O(log n)',
  parameters: {},
  knows: ['cost', 'parent'],

  create(capacityBlocks, facts) {
    const leaves = new Leaves(capacityBlocks, facts)
    const uses = new Int32Array(capacityBlocks)
    let clock = 0
    const priority = (slot: number, block: number): number =>
      clock + (uses[slot]! * facts.flopsOf(block)) / facts.blockBytes
    return {
      onInsert(slot, block) {
        uses[slot] = 1
        leaves.insert(slot, block, priority(slot, block))
      },
      onHit(slot, block) {
        uses[slot]!++
        leaves.set(slot, priority(slot, block))
      },
      onRemove(slot, block) {
        leaves.remove(slot, block)
      },
      victim(isPinned, incomingBlock) {
        const slot = leaves.victim(isPinned, incomingBlock)
        if (slot >= 0) clock = Math.max(clock, leaves.keyOf(slot))
        return slot
      },
    }
  },
})
