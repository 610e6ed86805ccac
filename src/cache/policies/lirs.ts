import { definePolicy, NONE } from '../policy.ts'
import { GhostIndex } from '../structures/ghost-index.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * Low inter-reference recency set: most slots are for blocks whose last two uses were close to each other (LIR); a few
 * are for the others (HIR), and of these the first to come goes. A HIR block used again while it is still in the recency
 * stack becomes LIR. Jiang and Zhang, "LIRS: an efficient low inter-reference recency set replacement policy",
 * SIGMETRICS 2002, 3.
 * Departures: evicted blocks in the stack are bounded, oldest eviction first; where all HIR blocks are pinned, the LIR
 * block lowest in the stack goes. Pinned slots met in the queue go to its end.
 */
export const lirs = definePolicy({
  name: 'lirs',
  summary: 'keeps blocks whose last two uses were close to each other',
  source: 'https://doi.org/10.1145/511334.511340',
  cost: 'O(1)',
  parameters: {
    hirShare: { default: 0.01, least: 0, most: 1, summary: 'share of the slots for HIR blocks' },
    ghostShare: { default: 1, least: 0, most: 1, summary: 'evicted blocks in the stack, as a share of the slots' },
  },
  knows: [],

  create(capacityBlocks, _facts, { hirShare, ghostShare }) {
    const mostLir = capacityBlocks - Math.max(1, Math.floor(hirShare * capacityBlocks))
    const ghosts = new GhostIndex(Math.floor(ghostShare * capacityBlocks))
    const evicted = new SlotList(ghosts.capacity)
    /** S in the paper: slots, and behind their numbers the entries of evicted blocks. */
    const stack = new SlotList(capacityBlocks + ghosts.capacity)
    /** Q in the paper. */
    const queue = new SlotList(capacityBlocks)
    const isLir = new Uint8Array(capacityBlocks)
    const isStacked = new Uint8Array(capacityBlocks)
    let lirCount = 0
    let leaving = NONE

    const forget = (entry: number): void => {
      stack.remove(capacityBlocks + entry)
      evicted.remove(entry)
      ghosts.delete(entry)
    }
    /** Leaves a LIR block at the bottom of the stack, or nothing. */
    const prune = (): void => {
      for (let node = stack.tail; node !== NONE && isLir[node] !== 1; node = stack.tail) {
        if (node >= capacityBlocks) forget(node - capacityBlocks)
        else {
          isStacked[node] = 0
          stack.remove(node)
        }
      }
    }
    const becomeLir = (slot: number): void => {
      isLir[slot] = 1
      if (++lirCount <= mostLir) return
      prune()
      const bottom = stack.tail
      isLir[bottom] = 0
      isStacked[bottom] = 0
      lirCount--
      stack.remove(bottom)
      queue.pushHead(bottom)
    }
    const remember = (slot: number, block: number): void => {
      if (ghosts.size === ghosts.capacity) forget(evicted.tail)
      const entry = ghosts.add(block)
      evicted.pushHead(entry)
      stack.pushOlder(capacityBlocks + entry, slot)
    }

    return {
      onInsert(slot, block) {
        const entry = ghosts.find(block)
        if (entry !== NONE) forget(entry)
        isLir[slot] = 0
        isStacked[slot] = 1
        stack.pushHead(slot)
        if (entry !== NONE || lirCount < mostLir) becomeLir(slot)
        else queue.pushHead(slot)
        prune()
      },
      onHit(slot) {
        if (isStacked[slot] === 1) stack.moveToHead(slot)
        else stack.pushHead(slot)
        if (isLir[slot] === 0) {
          if (isStacked[slot] === 1) {
            queue.remove(slot)
            becomeLir(slot)
          } else {
            isStacked[slot] = 1
            queue.moveToHead(slot)
          }
        }
        prune()
      },
      onRemove(slot, block) {
        if (slot === leaving && isStacked[slot] === 1) remember(slot, block)
        leaving = NONE
        if (isStacked[slot] === 1) stack.remove(slot)
        if (isLir[slot] === 1) lirCount--
        else queue.remove(slot)
        isLir[slot] = 0
        prune()
      },
      victim(isPinned) {
        leaving = queue.oldestUnpinned(isPinned)
        if (leaving !== NONE) return leaving
        let node = stack.tail
        while (node !== NONE && (node >= capacityBlocks || isLir[node] === 0 || isPinned(node)))
          node = stack.newer(node)
        return node
      },
    }
  },
})
