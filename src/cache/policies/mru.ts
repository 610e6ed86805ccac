import { definePolicy, NONE } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * Most recently used: what was touched last goes. Right for loops that are longer than the memory, and for little else.
 * Chou and DeWitt, "An evaluation of buffer management strategies for relational database systems", VLDB 1985, 3.
 * Pinned slots met on the way go to the far end: they come back when they are let go, so the order among slots that can
 * be evicted is exact.
 */
export const mru = definePolicy({
  name: 'mru',
  summary: 'most recently used',
  source: 'https://www.vldb.org/conf/1985/P127.PDF',
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
        for (let steps = order.size; steps > 0; steps--) {
          const newest = order.head
          if (!isPinned(newest)) return newest
          order.remove(newest)
          order.pushTail(newest)
        }
        return NONE
      },
    }
  },
})
