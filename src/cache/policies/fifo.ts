import { definePolicy } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * First in, first out: what was inserted the longest ago goes, however often it was touched.
 * Departure: pinned slots met on the way go to the front as if they were inserted anew.
 */
export const fifo = definePolicy({
  name: 'fifo',
  summary: 'first in, first out',
  source: 'Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966',
  cost: 'O(1)',
  parameters: {},
  knows: [],

  create(capacityBlocks) {
    const queue = new SlotList(capacityBlocks)
    return {
      onInsert(slot) {
        queue.pushHead(slot)
      },
      onHit() {
        queue.touched()
      },
      onRemove(slot) {
        queue.remove(slot)
      },
      victim(isPinned) {
        return queue.oldestUnpinned(isPinned)
      },
    }
  },
})
