import { definePolicy, NONE } from '../policy.ts'
import { SlotHeap } from '../structures/slot-heap.ts'

/**
 * LFU with dynamic aging (LFU-DA): a block's key is its count plus the key of the last one evicted when it was used, so
 * that what was popular once does not stay for ever. Ties go to the least recently used.
 * Arlitt et al., "Evaluating content management techniques for Web proxy caches", HP Labs HPL-98-173, 1999, 4.2.
 */
export const lfuAging = definePolicy({
  name: 'lfu-aging',
  summary: 'least frequently used, with dynamic aging (LFU-DA)',
  source: 'https://www.hpl.hp.com/techreports/98/HPL-98-173.pdf',
  cost: 'O(log n)',
  parameters: {},
  knows: [],

  create(capacityBlocks) {
    const order = new SlotHeap(capacityBlocks)
    const counts = new Int32Array(capacityBlocks)
    // A field and no variable: then a fraction takes no new memory.
    const clock = { age: 0 }
    return {
      onInsert(slot) {
        counts[slot] = 1
        order.set(slot, clock.age + 1)
      },
      onHit(slot) {
        counts[slot]!++
        order.set(slot, clock.age + counts[slot]!)
      },
      onRemove(slot) {
        order.remove(slot)
      },
      victim(isPinned) {
        const slot = order.leastUnpinned(isPinned)
        if (slot !== NONE && Number.isFinite(order.key(slot))) clock.age = order.key(slot)
        return slot
      },
    }
  },
})
