import { definePolicy } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * Least recently used: what was touched or let go the longest ago goes.
 * Pinned slots met on the way are moved to the front: they are touched anyway when they are let go, so the order
 * among slots that can be evicted is exact.
 */
export const lru = definePolicy({
  name: 'lru',
  summary: 'least recently used',
  source: 'Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal 9(2), 1970',
  cost: 'O(1)',
  parameters: {},
  knows: [],

  create(capacityBlocks) {
    const order = new SlotList(capacityBlocks)
    return {
      onInsert(slot) {
        order.pushHead(slot)
      },
      onHit(slot) {
        order.moveToHead(slot)
      },
      onRemove(slot) {
        order.remove(slot)
      },
      victim(isPinned) {
        return order.oldestUnpinned(isPinned)
      },
    }
  },
})
