import { definePolicy, NONE } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * Least recently used, and of one request the tail goes before the head, in whichever order it is touched: a block that is
 * touched right after the one before it in its prompt takes its place behind that one. Kwon et al., "vLLM", SOSP 2023, and
 * the free queue of vLLM v1 (`kv_cache_manager.py`, `free`), which lets a finished request go from its tail on.
 */
export const tailFirstLru = definePolicy({
  name: 'tail-first-lru',
  summary: 'least recently used; of one prompt the tail goes before the head',
  source: 'https://docs.vllm.ai/en/latest/design/prefix_caching.html',
  cost: 'O(1)',
  parameters: {},
  knows: ['parent'],

  create(capacityBlocks, facts) {
    const order = new SlotList(capacityBlocks)
    /** What was touched last, while it is in the list. */
    let last = NONE
    const place = (slot: number, block: number): void => {
      const parent = facts.parentOf(block)
      if (last !== NONE && parent !== NONE && facts.slotOf(parent) === last) order.pushOlder(slot, last)
      else order.pushHead(slot)
      last = slot
    }
    return {
      onInsert: place,
      onHit(slot, block) {
        if (last === slot) last = NONE
        order.remove(slot)
        place(slot, block)
      },
      onRemove(slot) {
        if (last === slot) last = NONE
        order.remove(slot)
      },
      victim(isPinned) {
        return order.oldestUnpinned(isPinned)
      },
    }
  },
})
