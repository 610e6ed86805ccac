import { definePolicy, NONE } from '../policy.ts'
import { SlotHeap } from '../structures/slot-heap.ts'

/**
 * Greedy-Dual-Size-Frequency: a block's key is its count × what it costs to get it again per byte, plus the key of the
 * last one evicted when it was used. The cost is that of computing the block again, in FLOPs.
 * Cherkasova, "Improving WWW proxies performance with greedy-dual-size-frequency caching policy", HP Labs HPL-98-69R1, 1998.
 */
export const gdsf = definePolicy({
  name: 'gdsf',
  summary: 'greedy-dual: count × FLOPs to recompute per byte, with aging',
  source: 'https://www.hpl.hp.com/techreports/98/HPL-98-69R1.pdf',
  cost: 'O(log n)',
  parameters: {},
  knows: ['cost'],

  create(capacityBlocks, facts) {
    const order = new SlotHeap(capacityBlocks)
    const counts = new Int32Array(capacityBlocks)
    // A field and no variable: then a fraction takes no new memory.
    const clock = { age: 0 }
    const rank = (slot: number, block: number): void => {
      order.set(slot, clock.age + (counts[slot]! * facts.flopsOf(block)) / facts.blockBytes)
    }
    return {
      onInsert(slot, block) {
        counts[slot] = 1
        rank(slot, block)
      },
      onHit(slot, block) {
        counts[slot]!++
        rank(slot, block)
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
