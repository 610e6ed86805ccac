/**
 * First in, first out, but what was used again gets one more round. A policy of one's own is a file like this one:
 *   memwall policies --trace trace.jsonl.gz --policies ./examples/own-policy/mine.js,lru
 *   memwall run --backend model --policy hbm=./examples/own-policy/mine.js:rounds=2
 */
export const mine = {
  name: 'mine',
  summary: 'FIFO with rounds for what was used again',
  source: 'examples/own-policy',
  cost: 'O(1)',
  parameters: { rounds: { default: 1, least: 0, most: 8, summary: 'rounds that a used block gets' } },
  knows: [],

  create(capacityBlocks, _facts, { rounds }) {
    const queue = []
    const left = new Uint8Array(capacityBlocks)
    return {
      onInsert(slot) {
        left[slot] = 0
        queue.push(slot)
      },
      onHit(slot) {
        left[slot] = rounds
      },
      onRemove(slot) {
        queue.splice(queue.indexOf(slot), 1)
      },
      // A pinned slot is never evicted; it gets an onHit when it is let go. −1 says that there is nothing to evict.
      victim(isPinned) {
        for (let looks = queue.length * (rounds + 1); looks > 0; looks--) {
          const slot = queue[0]
          if (!isPinned(slot) && left[slot] === 0) return slot
          if (left[slot] > 0) left[slot]--
          queue.push(queue.shift())
        }
        return -1
      },
    }
  },
}
