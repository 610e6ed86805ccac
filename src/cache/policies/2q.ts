import { definePolicy, NONE } from '../policy.ts'
import { GhostList } from '../structures/ghost-list.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * Two queues: a FIFO for what was seen once (A1in), an LRU for what came back after it had left the FIFO (Am), and the
 * ids of what left the FIFO lately (A1out). A hit in the FIFO moves nothing.
 * Johnson and Shasha, "2Q: a low overhead high performance buffer management replacement algorithm", VLDB 1994, 2.2 (full version).
 * Departures: a block that returns leaves A1out before the victim enters it, as in libCacheSim; pinned slots met on the
 * way go to the front of their queue.
 */
export const twoQ = definePolicy({
  name: '2q',
  summary: 'a FIFO for newcomers, an LRU for what comes back',
  source: 'https://www.vldb.org/conf/1994/P439.PDF',
  cost: 'O(1)',
  parameters: {
    inShare: { default: 0.25, least: 0, most: 1, summary: 'Kin: share of the slots for the FIFO' },
    outShare: { default: 0.5, least: 0, most: 1, summary: 'Kout: ids remembered, as a share of the slots' },
  },
  knows: [],

  create(capacityBlocks, _facts, { inShare, outShare }) {
    const newcomers = new SlotList(capacityBlocks)
    const returned = new SlotList(newcomers)
    const isReturned = new Uint8Array(capacityBlocks)
    const mostNewcomers = Math.floor(inShare * capacityBlocks)
    const mostGhosts = Math.floor(outShare * capacityBlocks)
    // One more than are remembered: the incoming block may still be among them.
    const ghosts = new GhostList(mostGhosts + 1)
    let leaving = NONE
    return {
      onInsert(slot, block) {
        isReturned[slot] = ghosts.delete(block) ? 1 : 0
        if (isReturned[slot] === 1) returned.pushHead(slot)
        else newcomers.pushHead(slot)
        if (ghosts.size > mostGhosts) ghosts.dropOldest()
      },
      onHit(slot) {
        if (isReturned[slot] === 1) returned.moveToHead(slot)
        else newcomers.touched()
      },
      onRemove(slot, block) {
        if (isReturned[slot] === 1) returned.remove(slot)
        else newcomers.remove(slot)
        if (slot === leaving && isReturned[slot] === 0) ghosts.push(block)
        leaving = NONE
      },
      victim(isPinned) {
        const [first, second] = newcomers.size > mostNewcomers ? [newcomers, returned] : [returned, newcomers]
        leaving = first.oldestUnpinned(isPinned)
        if (leaving === NONE) leaving = second.oldestUnpinned(isPinned)
        return leaving
      },
    }
  },
})
