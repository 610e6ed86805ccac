import { seededRandom } from '../../random.ts'
import { definePolicy, NONE } from '../policy.ts'
import { SlotSet } from '../structures/slot-set.ts'

/**
 * Hyperbolic caching: a block's priority is its count of uses over the time since it was inserted; of some drawn by
 * chance the one with the least goes. Blankstein, Sen and Freedman, "Hyperbolic caching: flexible caching for Web
 * applications", ATC 2017, 2.1 and 4. Time counts uses, all blocks' together.
 * Departures: pinned slots that are drawn do not count; where all were, the next that is not pinned goes.
 */
export const hyperbolic = definePolicy({
  name: 'hyperbolic',
  summary: 'fewest uses per time in the cache, of a sample',
  source: 'https://www.usenix.org/conference/atc17/technical-sessions/presentation/blankstein',
  cost: 'O(samples)',
  parameters: {
    samples: { default: 64, least: 1, most: 4096, summary: 'blocks looked at for each eviction' },
    seed: { default: 1, least: 0, most: 4_294_967_295, summary: 'seed of the draws' },
  },
  knows: [],

  create(capacityBlocks, _facts, { samples, seed }) {
    const held = new SlotSet(capacityBlocks)
    const uses = new Int32Array(capacityBlocks)
    const insertedAt = new Float64Array(capacityBlocks)
    const draws = seededRandom(seed)
    let now = 0
    return {
      onInsert(slot) {
        uses[slot] = 1
        insertedAt[slot] = now++
        held.add(slot)
      },
      onHit(slot) {
        uses[slot]!++
        now++
      },
      onRemove(slot) {
        held.remove(slot)
      },
      victim(isPinned) {
        let least = NONE
        let leastPriority = Number.POSITIVE_INFINITY
        for (let draw = Math.min(samples, held.size); draw > 0; draw--) {
          const slot = held.at(draws.integer(held.size))
          const priority = uses[slot]! / (now - insertedAt[slot]!)
          if (priority >= leastPriority || isPinned(slot)) continue
          least = slot
          leastPriority = priority
        }
        if (least !== NONE || held.size === 0) return least
        return held.unpinnedFrom(draws.integer(held.size), isPinned)
      },
    }
  },
})
