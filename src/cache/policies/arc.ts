import { definePolicy, NONE } from '../policy.ts'
import { GhostIndex } from '../structures/ghost-index.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * Adaptive replacement cache: one LRU list for what was seen once (T1) and one for more (T2), each with the ids of what
 * left it (B1, B2); a block that comes back and is remembered shifts the target size of T1.
 * Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003, figure 4.
 * The target is no whole number, as in the authors' and libCacheSim's code; the paper does not say.
 * Departures: it moves when a victim is asked for, so a block that comes back while the memory is not full does not move
 * it. Pinned slots met on the way go to the front of their list.
 */
export const arc = definePolicy({
  name: 'arc',
  summary: 'adapts between recency and frequency by what comes back',
  source: 'https://www.usenix.org/conference/fast-03/arc-self-tuning-low-overhead-replacement-cache',
  cost: 'O(1)',
  parameters: {},
  knows: [],

  create(capacityBlocks) {
    const once = new SlotList(capacityBlocks)
    const often = new SlotList(once)
    const isOften = new Uint8Array(capacityBlocks)
    // One more than the paper's: the incoming block is among them until it is inserted.
    const ghosts = new GhostIndex(capacityBlocks + 1)
    const onceGhosts = new SlotList(ghosts.capacity)
    const oftenGhosts = new SlotList(onceGhosts)
    const isOftenGhost = new Uint8Array(ghosts.capacity)
    // A field and no variable: then a fraction takes no new memory.
    const t1 = { target: 0 }
    let leaving = NONE

    const drop = (entry: number): void => {
      const list = isOftenGhost[entry] === 1 ? oftenGhosts : onceGhosts
      list.remove(entry)
      ghosts.delete(entry)
    }
    const remember = (slot: number, block: number): void => {
      if (ghosts.size === ghosts.capacity) drop(onceGhosts.size > 0 ? onceGhosts.tail : oftenGhosts.tail)
      const entry = ghosts.add(block)
      isOftenGhost[entry] = isOften[slot]!
      if (isOften[slot] === 1) oftenGhosts.pushHead(entry)
      else onceGhosts.pushHead(entry)
    }
    /** Cases II and III: the target follows the list whose ghost came back. */
    const adapt = (entry: number): void => {
      if (isOftenGhost[entry] === 1) {
        t1.target = Math.max(0, t1.target - Math.max(1, onceGhosts.size / oftenGhosts.size))
      } else {
        t1.target = Math.min(capacityBlocks, t1.target + Math.max(1, oftenGhosts.size / onceGhosts.size))
      }
    }

    return {
      onInsert(slot, block) {
        const entry = ghosts.find(block)
        if (entry !== NONE) {
          drop(entry)
          isOften[slot] = 1
          often.pushHead(slot)
          return
        }
        isOften[slot] = 0
        once.pushHead(slot)
        // Case IV: the paper drops before it inserts; here blocks may come without a victim.
        if (once.size + onceGhosts.size > capacityBlocks) drop(onceGhosts.tail)
        else if (once.size + often.size + ghosts.size > 2 * capacityBlocks) drop(oftenGhosts.tail)
      },
      onHit(slot) {
        if (isOften[slot] === 1) {
          often.moveToHead(slot)
          return
        }
        isOften[slot] = 1
        once.remove(slot)
        often.pushHead(slot)
      },
      onRemove(slot, block) {
        if (isOften[slot] === 1) often.remove(slot)
        else once.remove(slot)
        if (slot === leaving) remember(slot, block)
        leaving = NONE
      },
      victim(isPinned, incomingBlock) {
        const entry = ghosts.find(incomingBlock)
        if (entry !== NONE) adapt(entry)
        const isOftenBack = entry !== NONE && isOftenGhost[entry] === 1
        const fromOnce = once.size > t1.target || (isOftenBack && once.size === t1.target)
        leaving = (fromOnce ? once : often).oldestUnpinned(isPinned)
        if (leaving === NONE) leaving = (fromOnce ? often : once).oldestUnpinned(isPinned)
        return leaving
      },
    }
  },
})
