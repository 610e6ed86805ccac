import { definePolicy, NONE } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

const categories = 8
const turns = 8
const classes = categories * turns

/**
 * Evicts what is least likely to be used again within the time that blocks live here: each class of requests (category and
 * turn) has a share of blocks that are used again, and an exponential distribution of the time until then, both learned
 * from the past; equal chances go by position, the latest first. Wang et al., "KVCache Cache in the Wild", USENIX ATC 2025.
 * Departures: a class is a list in order of last use, and only the heads of the lists are compared;
 * the times are learned with a memory of `memory` uses.
 */
export const workloadAware = definePolicy({
  name: 'workload-aware',
  summary: 'least likely to be used again in time, by category and turn of its request',
  source: 'https://www.usenix.org/conference/atc25/presentation/wang-jiahao',
  cost: 'O(64)',
  parameters: {
    memory: { default: 20_000, least: 100, most: 1e9, summary: 'uses that are remembered of a class' },
  },
  knows: ['position', 'session', 'time'],

  create(capacityBlocks, facts, { memory }) {
    const lists: SlotList[] = [new SlotList(capacityBlocks)]
    while (lists.length < classes) lists.push(new SlotList(lists[0]!))
    const classOf = new Uint8Array(capacityBlocks)
    const usedMs = new Float64Array(capacityBlocks)
    const blockOf = new Int32Array(capacityBlocks)
    const placed = new Float64Array(classes).fill(1)
    const reused = new Float64Array(classes).fill(0.5)
    const meanGapMs = new Float64Array(classes).fill(1)
    let meanLifeMs = 1

    const now = (): number =>
      Math.min(categories - 1, Math.max(0, facts.category)) * turns + Math.min(turns - 1, Math.max(0, facts.turn))

    const place = (slot: number, block: number): void => {
      const one = now()
      classOf[slot] = one
      usedMs[slot] = facts.nowMs
      blockOf[slot] = block
      placed[one]!++
      if (placed[one]! > memory) {
        placed[one]! /= 2
        reused[one]! /= 2
      }
      lists[one]!.pushHead(slot)
    }

    /** Chance of a use within a life from now on, when there was none so far. */
    const chance = (slot: number): number => {
      const one = classOf[slot]!
      const gapMs = meanGapMs[one]!
      const age = facts.nowMs - usedMs[slot]!
      return (reused[one]! / placed[one]!) * (Math.exp(-age / gapMs) - Math.exp(-(age + meanLifeMs) / gapMs))
    }

    return {
      onInsert: place,
      onHit(slot, block) {
        const one = classOf[slot]!
        reused[one]!++
        meanGapMs[one]! += (facts.nowMs - usedMs[slot]! - meanGapMs[one]!) / Math.min(reused[one]!, memory)
        meanGapMs[one] = Math.max(1, meanGapMs[one]!)
        lists[one]!.remove(slot)
        place(slot, block)
      },
      onRemove(slot) {
        lists[classOf[slot]!]!.remove(slot)
      },
      victim(isPinned) {
        let least = NONE
        let leastChance = Number.POSITIVE_INFINITY
        for (const list of lists) {
          const slot = list.oldestUnpinned(isPinned)
          if (slot === NONE) continue
          const own = chance(slot)
          const isLess =
            own < leastChance ||
            (own === leastChance && facts.positionOf(blockOf[slot]!) > facts.positionOf(blockOf[least]!))
          if (!isLess) continue
          least = slot
          leastChance = own
        }
        if (least !== NONE) {
          const lifeMs = facts.nowMs - usedMs[least]!
          meanLifeMs = Math.max(1, meanLifeMs + (lifeMs - meanLifeMs) / 1024)
        }
        return least
      },
    }
  },
})
