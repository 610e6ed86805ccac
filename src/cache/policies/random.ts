import { seededRandom } from '../../random.ts'
import { definePolicy, NONE } from '../policy.ts'
import { SlotSet } from '../structures/slot-set.ts'

/**
 * Any block goes, each as likely. Belady, "A study of replacement algorithms for a virtual-storage computer", 1966.
 * Departure: where the one drawn is pinned, the next in the set that is not goes.
 */
export const random = definePolicy({
  name: 'random',
  summary: 'any block, each as likely',
  source: 'Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966',
  cost: 'O(1)',
  parameters: { seed: { default: 1, least: 0, most: 4_294_967_295, summary: 'seed of the draws' } },
  knows: [],

  create(capacityBlocks, _facts, { seed }) {
    const held = new SlotSet(capacityBlocks)
    const draws = seededRandom(seed)
    return {
      onInsert(slot) {
        held.add(slot)
      },
      onHit() {},
      onRemove(slot) {
        held.remove(slot)
      },
      victim(isPinned) {
        return held.size === 0 ? NONE : held.unpinnedFrom(draws.integer(held.size), isPinned)
      },
    }
  },
})
