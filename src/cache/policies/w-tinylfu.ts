import { definePolicy, NONE } from '../policy.ts'
import { FrequencySketch } from '../structures/frequency-sketch.ts'
import { SlotList } from '../structures/slot-list.ts'

/** In which list a slot is. */
const inWindow = 0
const inProbation = 1
const inShielded = 2

/**
 * A small LRU window in front of a segmented LRU. What falls out of the window is let in only where it was seen more
 * often lately than what it would replace, by a count-min sketch with aging.
 * Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission policy", ACM ToS 13(4), 2017, 4.2.
 * Departures: no doorkeeper; the window keeps its size. Pinned slots met on the way go to the front of their list.
 */
export const wTinylfu = definePolicy({
  name: 'w-tinylfu',
  summary: 'an LRU window, then a filter by recent frequency',
  source: 'https://doi.org/10.1145/3149371',
  cost: 'O(1)',
  parameters: {
    windowShare: { default: 0.01, least: 0, most: 1, summary: 'share of the slots for the window' },
    protectedShare: { default: 0.8, least: 0, most: 1, summary: 'share of the others for what was hit there' },
  },
  knows: [],

  create(capacityBlocks, _facts, { windowShare, protectedShare }) {
    const window = new SlotList(capacityBlocks)
    const probation = new SlotList(window)
    const shielded = new SlotList(window)
    const lists = [window, probation, shielded] as const
    const listOf = new Uint8Array(capacityBlocks)
    const blockOf = new Int32Array(capacityBlocks)
    const seen = new FrequencySketch(capacityBlocks)
    const mostWindow = Math.max(1, Math.floor(windowShare * capacityBlocks))
    const mostShielded = Math.floor(protectedShare * (capacityBlocks - mostWindow))

    const move = (slot: number, from: SlotList, to: SlotList, list: number): void => {
      from.remove(slot)
      to.pushHead(slot)
      listOf[slot] = list
    }

    return {
      onInsert(slot, block) {
        seen.add(block)
        blockOf[slot] = block
        listOf[slot] = inWindow
        window.pushHead(slot)
        // While there is room, nothing is filtered.
        if (window.size > mostWindow) move(window.tail, window, probation, inProbation)
      },
      onHit(slot, block) {
        seen.add(block)
        if (listOf[slot] === inWindow) window.moveToHead(slot)
        else if (listOf[slot] === inShielded) shielded.moveToHead(slot)
        else {
          move(slot, probation, shielded, inShielded)
          if (shielded.size > mostShielded) move(shielded.tail, shielded, probation, inProbation)
        }
      },
      onRemove(slot) {
        lists[listOf[slot]!]!.remove(slot)
      },
      victim(isPinned) {
        let resident = probation.oldestUnpinned(isPinned)
        if (resident === NONE) resident = shielded.oldestUnpinned(isPinned)
        if (resident !== NONE && window.size < mostWindow) return resident
        const candidate = window.oldestUnpinned(isPinned)
        if (resident === NONE || candidate === NONE) return Math.max(resident, candidate)
        if (seen.count(blockOf[candidate]!) <= seen.count(blockOf[resident]!)) return candidate
        move(candidate, window, probation, inProbation)
        return resident
      },
    }
  },
})
