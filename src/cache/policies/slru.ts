import { definePolicy, NONE } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * Segmented LRU: a block starts in the probationary segment and a hit moves it to the protected one; what overflows
 * there goes back to the front of the probationary one, whose oldest is evicted.
 * Karedla, Love and Wherry, "Caching strategies to improve disk system performance", IEEE Computer 27(3), 1994.
 * Pinned slots met on the way go to the front of their segment.
 */
export const slru = definePolicy({
  name: 'slru',
  summary: 'segmented LRU: probation, and protection after a hit',
  source: 'https://doi.org/10.1109/2.268884',
  cost: 'O(1)',
  parameters: {
    protectedShare: { default: 0.8, least: 0, most: 1, summary: 'share of the slots for the protected segment' },
  },
  knows: [],

  create(capacityBlocks, _facts, { protectedShare }) {
    const probation = new SlotList(capacityBlocks)
    const shielded = new SlotList(probation)
    const isShielded = new Uint8Array(capacityBlocks)
    const mostShielded = Math.floor(protectedShare * capacityBlocks)
    return {
      onInsert(slot) {
        isShielded[slot] = 0
        probation.pushHead(slot)
      },
      onHit(slot) {
        if (isShielded[slot] === 1) {
          shielded.moveToHead(slot)
          return
        }
        isShielded[slot] = 1
        probation.remove(slot)
        shielded.pushHead(slot)
        if (shielded.size <= mostShielded) return
        const oldest = shielded.tail
        isShielded[oldest] = 0
        shielded.remove(oldest)
        probation.pushHead(oldest)
      },
      onRemove(slot) {
        if (isShielded[slot] === 1) shielded.remove(slot)
        else probation.remove(slot)
      },
      victim(isPinned) {
        const slot = probation.oldestUnpinned(isPinned)
        return slot === NONE ? shielded.oldestUnpinned(isPinned) : slot
      },
    }
  },
})
