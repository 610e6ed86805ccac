import { definePolicy } from '../policy.ts'
import { FrequencyOrder } from '../structures/frequency-order.ts'

/**
 * Least frequently used: what was used least since it was inserted goes; ties go to the least recently used. Counts are
 * forgotten on eviction ("in-cache LFU"). Coffman and Denning, "Operating systems theory", 1973, 6.3.
 */
export const lfu = definePolicy({
  name: 'lfu',
  summary: 'least frequently used since it was inserted',
  source: 'Coffman and Denning, "Operating systems theory", 1973, 6.3; lists: https://arxiv.org/abs/2110.11602',
  cost: 'O(1)',
  parameters: {},
  knows: [],

  create(capacityBlocks) {
    const order = new FrequencyOrder(capacityBlocks)
    return {
      onInsert(slot) {
        order.add(slot)
      },
      onHit(slot) {
        order.touch(slot)
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
