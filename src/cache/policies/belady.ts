import { definePolicy } from '../policy.ts'
import { SlotHeap } from '../structures/slot-heap.ts'

/**
 * The optimum for blocks of one size where every miss is inserted: what is used again the latest goes; of what is never
 * used again, what was touched the longest ago. Belady, "A study of replacement algorithms for a virtual-storage
 * computer", IBM Systems Journal 5(2), 1966, MIN; Mattson et al., 1970, OPT.
 */
export const belady = definePolicy({
  name: 'belady',
  summary: 'the optimum: what is used again the latest',
  source: 'Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966',
  cost: 'O(log n)',
  parameters: {},
  knows: ['future'],

  create(capacityBlocks, facts) {
    const order = new SlotHeap(capacityBlocks)
    return {
      onInsert(slot) {
        order.set(slot, -facts.nextUse)
      },
      onHit(slot) {
        order.set(slot, -facts.nextUse)
      },
      onRemove(slot) {
        order.remove(slot)
      },
      victim(isPinned) {
        return order.leastUnpinned(isPinned)
      },
    }
  },
})
