import { definePolicy, NONE } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * FIFO with one visited bit and a hand that walks from old to new. A hit sets the bit and moves nothing; what the hand
 * finds unvisited goes. Zhang et al., "SIEVE is simpler than LRU", NSDI 2024, algorithm 1.
 * Departure: pinned slots are passed over and keep their bit.
 */
export const sieve = definePolicy({
  name: 'sieve',
  summary: 'FIFO with lazy promotion and quick demotion',
  source: 'https://www.usenix.org/conference/nsdi24/presentation/zhang-yazhuo',
  cost: 'O(1)',
  parameters: {},
  knows: [],

  create(capacityBlocks) {
    const queue = new SlotList(capacityBlocks)
    const visited = new Uint8Array(capacityBlocks)
    let hand = NONE
    return {
      onInsert(slot) {
        visited[slot] = 0
        queue.pushHead(slot)
      },
      onHit(slot) {
        visited[slot] = 1
      },
      onRemove(slot) {
        if (slot === hand) hand = queue.newer(slot)
        queue.remove(slot)
      },
      victim(isPinned) {
        // Two laps settle it: the first clears the visited bits, the second can meet only pinned slots.
        for (let steps = 2 * queue.size; steps > 0; steps--) {
          if (hand === NONE) hand = queue.tail
          if (!isPinned(hand)) {
            if (visited[hand] === 0) return hand
            visited[hand] = 0
          }
          hand = queue.newer(hand)
        }
        return NONE
      },
    }
  },
})
