import { definePolicy, NONE } from '../policy.ts'
import { GhostList } from '../structures/ghost-list.ts'
import { SlotList } from '../structures/slot-list.ts'

/** Two bits, as in the paper. */
const mostUses = 3

/**
 * Three FIFO queues: a small one for newcomers, a main one for what was used there or came back, with reinsertion of what
 * was used, and the ids of what left the small one.
 * Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023, algorithm 1.
 * Departures, as in libCacheSim's first version: as many ids are remembered as the main queue has slots; a block moved
 * to the main queue starts unused there. Pinned slots met on the way go to the front of their queue and keep their count.
 */
export const s3Fifo = definePolicy({
  name: 's3-fifo',
  summary: 'a small FIFO sifts newcomers before the main one',
  source: 'https://doi.org/10.1145/3600006.3613147',
  cost: 'O(1)',
  parameters: {
    smallShare: { default: 0.1, least: 0, most: 1, summary: 'share of the slots for the small queue' },
    ghostShare: { default: 0.9, least: 0, most: 1, summary: 'ids remembered, as a share of the slots' },
    threshold: { default: 2, least: 1, most: mostUses, summary: 'uses in the small queue that lead to the main one' },
  },
  knows: [],

  create(capacityBlocks, _facts, { smallShare, ghostShare, threshold }) {
    const small = new SlotList(capacityBlocks)
    const main = new SlotList(small)
    const isMain = new Uint8Array(capacityBlocks)
    const uses = new Uint8Array(capacityBlocks)
    const mostMain = capacityBlocks - Math.floor(smallShare * capacityBlocks)
    const mostGhosts = Math.floor(ghostShare * capacityBlocks)
    // One more than are remembered: the incoming block may still be among them.
    const ghosts = new GhostList(mostGhosts + 1)
    let leaving = NONE

    const fromSmall = (isPinned: (slot: number) => boolean): number => {
      for (let steps = small.size; steps > 0; steps--) {
        const oldest = small.tail
        if (uses[oldest]! >= threshold) {
          small.remove(oldest)
          main.pushHead(oldest)
          isMain[oldest] = 1
          uses[oldest] = 0
        } else if (isPinned(oldest)) small.moveToHead(oldest)
        else return oldest
      }
      return NONE
    }
    const fromMain = (isPinned: (slot: number) => boolean): number => {
      for (let steps = (mostUses + 1) * main.size; steps > 0; steps--) {
        const oldest = main.tail
        if (!isPinned(oldest)) {
          if (uses[oldest] === 0) return oldest
          uses[oldest]!--
        }
        main.moveToHead(oldest)
      }
      return NONE
    }

    return {
      onInsert(slot, block) {
        uses[slot] = 0
        isMain[slot] = ghosts.delete(block) ? 1 : 0
        if (isMain[slot] === 1) main.pushHead(slot)
        else small.pushHead(slot)
        if (ghosts.size > mostGhosts) ghosts.dropOldest()
      },
      onHit(slot) {
        if (uses[slot]! < mostUses) uses[slot]!++
      },
      onRemove(slot, block) {
        if (isMain[slot] === 1) main.remove(slot)
        else small.remove(slot)
        if (slot === leaving && isMain[slot] === 0) ghosts.push(block)
        leaving = NONE
      },
      victim(isPinned) {
        leaving = main.size > mostMain ? fromMain(isPinned) : NONE
        if (leaving === NONE) leaving = fromSmall(isPinned)
        if (leaving === NONE) leaving = fromMain(isPinned)
        return leaving
      },
    }
  },
})
