import { definePolicy, NONE } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * FIFO with a second chance: the oldest goes unless it was touched since it was looked at last; then it is put back to
 * the front. Corbató, "A paging experiment with the Multics system", 1968. A block starts untouched; with `most` above 1
 * the bit is a counter, and each chance costs one (generalised CLOCK: Smith, ACM TODS 3(3), 1978).
 * Departure: pinned slots are put back and keep their count.
 */
export const clock = definePolicy({
  name: 'clock',
  summary: 'FIFO with a second chance for what was touched',
  source: 'https://www.multicians.org/paging-experiment.pdf',
  cost: 'O(1)',
  parameters: { most: { default: 1, least: 1, most: 255, summary: 'chances that a block can have in store' } },
  knows: [],

  create(capacityBlocks, _facts, { most }) {
    const queue = new SlotList(capacityBlocks)
    const chances = new Uint8Array(capacityBlocks)
    return {
      onInsert(slot) {
        chances[slot] = 0
        queue.pushHead(slot)
      },
      onHit(slot) {
        if (chances[slot]! < most) chances[slot]!++
      },
      onRemove(slot) {
        queue.remove(slot)
      },
      victim(isPinned) {
        // After `most` laps no slot has a chance left; one more can meet only pinned ones.
        for (let steps = (most + 1) * queue.size; steps > 0; steps--) {
          const oldest = queue.tail
          if (!isPinned(oldest)) {
            if (chances[oldest] === 0) return oldest
            chances[oldest]!--
          }
          queue.moveToHead(oldest)
        }
        return NONE
      },
    }
  },
})
