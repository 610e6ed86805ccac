import { definePolicy } from '../policy.ts'
import { Leaves } from '../structures/leaves.ts'

/**
 * Belady among the leaves of the tree of prefixes: the leaf that is used again last goes, so that no cached block loses
 * the one before it. Where blocks are touched from head to tail it does what Belady does; touched from the tail, Belady
 * lets the heads go first, and what is left of their prefixes can hit no more. Belady, IBM Systems Journal 5(2), 1966.
 */
export const prefixBelady = definePolicy({
  name: 'prefix-belady',
  summary: 'knows the future: the leaf of the tree of prefixes that is used again last goes',
  source: 'Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2), 1966',
  cost: 'O(log n)',
  parameters: {},
  knows: ['future', 'parent'],

  create(capacityBlocks, facts) {
    const leaves = new Leaves(capacityBlocks, facts)
    return {
      onInsert(slot, block) {
        leaves.insert(slot, block, -facts.nextUse)
      },
      onHit(slot) {
        leaves.set(slot, -facts.nextUse)
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
