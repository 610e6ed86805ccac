import { seededRandom } from '../../random.ts'
import { definePolicy, NONE } from '../policy.ts'
import { FrequencyOrder } from '../structures/frequency-order.ts'
import { GhostIndex } from '../structures/ghost-index.ts'
import { SlotList } from '../structures/slot-list.ts'

/**
 * LeCaR: LRU and LFU as experts; one is drawn for each eviction by weights that fall when a block it evicted comes back,
 * the sooner the more. Vietri et al., "Driving cache replacement with ML-based LeCaR", HotStorage 2018, algorithms 1 and 2.
 * Departures: the two histories hold half as many ids each as there are slots (as in the authors' code); a block that
 * comes back starts with a count of 1; time counts misses.
 */
export const lecar = definePolicy({
  name: 'lecar',
  summary: 'learns whether to evict by recency or by frequency',
  source: 'https://www.usenix.org/conference/hotstorage18/presentation/vietri',
  cost: 'O(1)',
  parameters: {
    learningRate: { default: 0.45, least: 0, most: 10, summary: 'how much a regret moves the weights' },
    discount: { default: 0.005, least: 1e-9, most: 1, summary: 'what a regret is worth after as many misses as slots' },
    seed: { default: 1, least: 0, most: 4_294_967_295, summary: 'seed of the draws' },
  },
  knows: [],

  create(capacityBlocks, _facts, { learningRate, discount, seed }) {
    const recency = new SlotList(capacityBlocks)
    const frequency = new FrequencyOrder(capacityBlocks)
    const mostGhosts = Math.max(1, Math.floor(capacityBlocks / 2))
    const ghosts = new GhostIndex(2 * mostGhosts)
    const byRecency = new SlotList(ghosts.capacity)
    const byFrequency = new SlotList(byRecency)
    const isByFrequency = new Uint8Array(ghosts.capacity)
    const evictedAt = new Uint32Array(ghosts.capacity)
    const logDiscount = Math.log(discount) / capacityBlocks
    const draws = seededRandom(seed)
    // A field and no variable: then a fraction takes no new memory.
    const weights = { recency: 0.5 }
    let misses = 0
    let leaving = NONE
    let leavesByFrequency = 0

    const forget = (entry: number): void => {
      const history = isByFrequency[entry] === 1 ? byFrequency : byRecency
      history.remove(entry)
      ghosts.delete(entry)
    }
    const remember = (block: number): void => {
      const history = leavesByFrequency === 1 ? byFrequency : byRecency
      if (history.size === mostGhosts) forget(history.tail)
      const entry = ghosts.add(block)
      isByFrequency[entry] = leavesByFrequency
      evictedAt[entry] = misses
      history.pushHead(entry)
    }
    const regret = (entry: number): void => {
      const grown = Math.exp(learningRate * Math.exp(logDiscount * (misses - evictedAt[entry]!)))
      const lru = weights.recency * (isByFrequency[entry] === 1 ? grown : 1)
      const lfu = (1 - weights.recency) * (isByFrequency[entry] === 1 ? 1 : grown)
      weights.recency = lru / (lru + lfu)
    }

    return {
      onInsert(slot, block) {
        misses++
        const entry = ghosts.find(block)
        if (entry !== NONE) {
          regret(entry)
          forget(entry)
        }
        recency.pushHead(slot)
        frequency.add(slot)
      },
      onHit(slot) {
        recency.moveToHead(slot)
        frequency.touch(slot)
      },
      onRemove(slot, block) {
        recency.remove(slot)
        frequency.remove(slot)
        if (slot === leaving) remember(block)
        leaving = NONE
      },
      victim(isPinned) {
        const recent = recency.oldestUnpinned(isPinned)
        const frequent = frequency.leastUnpinned(isPinned)
        leavesByFrequency = draws.next() < weights.recency ? 0 : 1
        const victim = leavesByFrequency === 1 ? frequent : recent
        // Where both agree, neither is to blame.
        leaving = recent === frequent ? NONE : victim
        return victim
      },
    }
  },
})
