import { definePolicy, NONE } from '../policy.ts'
import { SlotList } from '../structures/slot-list.ts'

/** Ages in powers of √2 from 0.1 s on. */
const buckets = 48
const categories = 16
const firstMs = 100

/**
 * Holds what a request leaves for a time to live, across the tool call that comes next; what is held beyond it goes before
 * what is still held, each by last use. The time of a category of requests is the one with the most returns per time held,
 * from the gaps that its conversations have shown so far. Li et al., "Continuum", 2025: a time to live per tool,
 * from the tool's past durations. Departures: the category of the request stands for the tool; where all is held, the least
 * recently used goes, where Continuum lets requests wait. With one category it is LRU.
 */
export const ttlPin = definePolicy({
  name: 'ttl-pin',
  summary: 'holds blocks across tool calls for a learned time, then by last use',
  source: 'https://arxiv.org/abs/2511.02230',
  cost: 'O(1)',
  parameters: {
    learnRequests: { default: 64, least: 1, most: 1e9, summary: 'returns seen before a time to live is trusted' },
  },
  knows: ['session', 'time'],

  create(capacityBlocks, facts, { learnRequests }) {
    const expired = new SlotList(capacityBlocks)
    const held = Array.from({ length: categories }, () => new SlotList(expired))
    const links = { touchedMs: new Float64Array(capacityBlocks), list: new Int8Array(capacityBlocks).fill(NONE) }
    const gaps = Array.from({ length: categories }, () => new Float64Array(buckets))
    const requests = new Float64Array(categories)
    const ttlMs = new Float64Array(categories).fill(Number.POSITIVE_INFINITY)
    const lastSeen = new Map<number, { readonly atMs: number; readonly category: number }>()
    let current = NONE
    let currentMs = NONE

    const listOf = (slot: number): SlotList => (links.list[slot] === categories ? expired : held[links.list[slot]!]!)

    /** Once a request: how long its conversation was away. */
    const learn = (): void => {
      const { session, nowMs } = facts
      if (session === current && nowMs === currentMs) return
      current = session
      currentMs = nowMs
      const before = lastSeen.get(session)
      const category = Math.max(0, facts.category) % categories
      lastSeen.delete(session)
      lastSeen.set(session, { atMs: nowMs, category })
      if (lastSeen.size > capacityBlocks) lastSeen.delete(lastSeen.keys().next().value!)
      requests[category]!++
      if (before === undefined) return
      gaps[before.category]![bucketOf(nowMs - before.atMs)]!++
      const returns = gaps[before.category]!.reduce((sum, count) => sum + count, 0)
      if (returns >= learnRequests && returns % 16 === 0)
        ttlMs[before.category] = bestTtl(gaps[before.category]!, requests[before.category]!)
    }

    const hold = (slot: number): void => {
      learn()
      const category = Math.max(0, facts.category) % categories
      links.list[slot] = category
      links.touchedMs[slot] = facts.nowMs
      held[category]!.pushHead(slot)
    }

    const expire = (): void => {
      for (let category = 0; category < categories; category++) {
        const list = held[category]!
        while (list.tail !== NONE && facts.nowMs - links.touchedMs[list.tail]! > ttlMs[category]!) {
          const slot = list.tail
          list.remove(slot)
          links.list[slot] = categories
          expired.pushHead(slot)
        }
      }
    }

    return {
      onInsert: hold,
      onHit(slot) {
        listOf(slot).remove(slot)
        hold(slot)
      },
      onRemove(slot) {
        listOf(slot).remove(slot)
        links.list[slot] = NONE
      },
      victim(isPinned) {
        expire()
        const done = expired.oldestUnpinned(isPinned)
        if (done !== NONE) return done
        let oldest = NONE
        for (const list of held) {
          const slot = list.oldestUnpinned(isPinned)
          if (slot !== NONE && (oldest === NONE || links.touchedMs[slot]! < links.touchedMs[oldest]!)) oldest = slot
        }
        return oldest
      },
    }
  },
})

function bucketOf(ms: number): number {
  return ms <= firstMs ? 0 : Math.min(buckets - 1, 1 + Math.floor(2 * Math.log2(ms / firstMs)))
}

/** The age up to which returns per time held are most. */
function bestTtl(gaps: Float64Array, requests: number): number {
  let best = 0
  let bestMs = Number.POSITIVE_INFINITY
  let returns = 0
  let heldMs = 0
  let fromMs = 0
  for (let bucket = 0; bucket < buckets; bucket++) {
    const toMs = firstMs * 2 ** (bucket / 2)
    heldMs += (requests - returns) * (toMs - fromMs)
    returns += gaps[bucket]!
    if (returns / heldMs > best) {
      best = returns / heldMs
      bestMs = toMs
    }
    fromMs = toMs
  }
  return bestMs
}
