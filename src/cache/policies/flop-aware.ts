import { seededRandom } from '../../random.ts'
import { definePolicy, NONE } from '../policy.ts'
import { SlotSet } from '../structures/slot-set.ts'

/**
 * Evicts what is worth least: recency + weight × saved FLOPs per byte, both scaled to 0..1 over those compared. Pan et al.,
 * "Marconi: Prefix Caching for the Era of Hybrid LLMs", MLSys 2025. Departures: of some slots drawn
 * at random the least one goes, since the scales move with every access; the weight is fixed, where the paper searches
 * one from time to time; a block that was not touched since is told from one that was by its last use alone.
 */
export const flopAware = definePolicy({
  name: 'flop-aware',
  summary: 'least recency + weight × saved FLOPs per byte, of some slots drawn at random',
  source: 'https://arxiv.org/abs/2411.19379',
  cost: 'O(sample)',
  parameters: {
    weight: { default: 1, least: 0, most: 100, summary: 'of saved FLOPs per byte against recency' },
    sample: { default: 32, least: 1, most: 1024, summary: 'slots compared' },
  },
  knows: ['cost'],

  create(capacityBlocks, facts, { weight, sample }) {
    const random = seededRandom('flop-aware')
    const usedAt = new Float64Array(capacityBlocks)
    const flops = new Float64Array(capacityBlocks)
    const slots = new SlotSet(capacityBlocks)
    const drawn = new Int32Array(sample)
    let clock = 0

    /** The least of the first `count` of those drawn. */
    const leastOf = (count: number): number => {
      let [oldest, newest, cheapest, dearest] = [Infinity, 0, Infinity, 0]
      for (let i = 0; i < count; i++) {
        const slot = drawn[i]!
        oldest = Math.min(oldest, usedAt[slot]!)
        newest = Math.max(newest, usedAt[slot]!)
        cheapest = Math.min(cheapest, flops[slot]!)
        dearest = Math.max(dearest, flops[slot]!)
      }
      let least = NONE
      let leastScore = Infinity
      for (let i = 0; i < count; i++) {
        const slot = drawn[i]!
        const recency = (usedAt[slot]! - oldest) / (newest - oldest || 1)
        const saving = (flops[slot]! - cheapest) / (dearest - cheapest || 1)
        const score = recency + weight * saving
        if (score >= leastScore) continue
        least = slot
        leastScore = score
      }
      return least
    }

    return {
      onInsert(slot, block) {
        usedAt[slot] = ++clock
        // Of one size all blocks are: per byte they compare as they do in all.
        flops[slot] = facts.flopsOf(block)
        slots.add(slot)
      },
      onHit(slot) {
        usedAt[slot] = ++clock
      },
      onRemove(slot) {
        slots.remove(slot)
      },
      victim(isPinned) {
        let count = 0
        for (let tries = 2 * sample; tries > 0 && count < sample && slots.size > 0; tries--) {
          const slot = slots.at(random.integer(slots.size))
          if (!isPinned(slot)) drawn[count++] = slot
        }
        // Nearly all are pinned: whatever is not is looked for.
        return count === 0 ? slots.unpinnedFrom(0, isPinned) : leastOf(count)
      },
    }
  },
})
