import { definePolicy } from '../policy.ts'
import { Leaves } from '../structures/leaves.ts'

/**
 * The least recently used leaf of the tree of prefixes. Zheng et al., "SGLang", NeurIPS 2024, section 3 (RadixAttention).
 * Departure: where a transfer pins all leaves and not what is before them, the least recently used block of those goes.
 */
export const leafLru = definePolicy({
  name: 'leaf-lru',
  summary: 'least recently used among the leaves of the tree of prefixes',
  source: 'Zheng et al., "SGLang: Efficient Execution of Structured Language Model Programs", NeurIPS 2024',
  cost: 'O(log n)',
  parameters: {},
  knows: ['parent'],

  create(capacityBlocks, facts) {
    const leaves = new Leaves(capacityBlocks, facts)
    let clock = 0
    return {
      onInsert(slot, block) {
        leaves.insert(slot, block, ++clock)
      },
      onHit(slot) {
        leaves.set(slot, ++clock)
      },
      onRemove(slot, block) {
        leaves.remove(slot, block)
      },
      victim(isPinned, incomingBlock) {
        return leaves.victim(isPinned, incomingBlock)
      },
    }
  },
})
