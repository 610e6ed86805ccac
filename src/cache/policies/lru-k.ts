import { definePolicy, NONE } from '../policy.ts'
import { GhostIndex } from '../structures/ghost-index.ts'
import { SlotHeap } from '../structures/slot-heap.ts'
import { SlotList } from '../structures/slot-list.ts'

/** Puts blocks with fewer than k uses before all others, among themselves by their last use. */
const tooFew = -(2 ** 52)

/**
 * LRU-K: the block whose k-th last use is the longest ago goes; those with fewer uses before, least recently used first.
 * Uses are remembered for a while after eviction. O'Neil, O'Neil and Weikum, "The LRU-K page replacement algorithm for
 * database disk buffering", SIGMOD 1993, 2.1.
 * Departures: no correlated reference period (a touch and the letting go after it are two uses); the retained
 * information is bounded by number, oldest eviction first, instead of by time.
 */
export const lruK = definePolicy({
  name: 'lru-k',
  summary: 'least recent k-th last use',
  source: 'https://doi.org/10.1145/170035.170081',
  cost: 'O(log n)',
  parameters: {
    k: { default: 2, least: 1, most: 8, summary: 'which of the last uses counts' },
    historyShare: {
      default: 0.5,
      least: 0,
      most: 1,
      summary: 'evicted blocks with a history, as a share of the slots',
    },
  },
  knows: [],

  create(capacityBlocks, _facts, { k, historyShare }) {
    const depth = Math.round(k)
    const order = new SlotHeap(capacityBlocks)
    const ghosts = new GhostIndex(Math.floor(historyShare * capacityBlocks))
    const ghostOrder = new SlotList(ghosts.capacity)
    /** Times of the last `depth` uses, latest first; 0 for none. Four thousand million uses fit. */
    const uses = new Uint32Array(depth * capacityBlocks)
    const ghostUses = new Uint32Array(depth * ghosts.capacity)
    let now = 0
    let leaving = NONE

    const use = (slot: number): void => {
      const first = depth * slot
      uses.copyWithin(first + 1, first, first + depth - 1)
      uses[first] = ++now
      const earliest = uses[first + depth - 1]!
      order.set(slot, earliest === 0 ? tooFew + now : earliest)
    }
    const forget = (entry: number): void => {
      ghostOrder.remove(entry)
      ghosts.delete(entry)
    }
    const remember = (slot: number, block: number): void => {
      if (ghosts.size === ghosts.capacity) forget(ghostOrder.tail)
      const entry = ghosts.add(block)
      ghostOrder.pushHead(entry)
      for (let i = 0; i < depth; i++) ghostUses[depth * entry + i] = uses[depth * slot + i]!
    }

    return {
      onInsert(slot, block) {
        const entry = ghosts.find(block)
        for (let i = 0; i < depth; i++) uses[depth * slot + i] = entry === NONE ? 0 : ghostUses[depth * entry + i]!
        if (entry !== NONE) forget(entry)
        use(slot)
      },
      onHit(slot) {
        use(slot)
      },
      onRemove(slot, block) {
        order.remove(slot)
        if (slot === leaving) remember(slot, block)
        leaving = NONE
      },
      victim(isPinned) {
        leaving = order.leastUnpinned(isPinned)
        return leaving
      },
    }
  },
})
