import { definePolicy } from '../policy.ts'
import { SlotHeap } from '../structures/slot-heap.ts'

/** More uses than this are all the same. */
const mostUses = 2 ** 20
const mostBlocks = 2 ** 21

/**
 * Least frequently used, and of equally used blocks the one that stands latest in its prompt. Uses are forgotten on
 * eviction. Qin et al., "Mooncake", FAST 2025, LengthAwareCache: "similar to LFU but prioritizes evicting cache
 * blocks occurring later in requests". What is left equal goes by last use.
 */
export const lengthAware = definePolicy({
  name: 'length-aware',
  summary: 'least frequently used; of equals the one latest in its prompt',
  source: 'Qin et al., "Mooncake: Trading More Storage for Less Computation", FAST 2025',
  cost: 'O(log n)',
  parameters: {},
  knows: ['position'],

  create(capacityBlocks, facts) {
    const heap = new SlotHeap(capacityBlocks)
    const uses = new Int32Array(capacityBlocks)
    const place = (slot: number, block: number): void => {
      heap.set(slot, Math.min(uses[slot]!, mostUses) * mostBlocks - facts.positionOf(block))
    }
    return {
      onInsert(slot, block) {
        uses[slot] = 1
        place(slot, block)
      },
      onHit(slot, block) {
        uses[slot]!++
        place(slot, block)
      },
      onRemove(slot) {
        heap.remove(slot)
      },
      victim(isPinned) {
        return heap.leastUnpinned(isPinned)
      },
    }
  },
})
