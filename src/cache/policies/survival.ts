import { definePolicy, NONE } from '../policy.ts'
import { PrefixTree } from '../structures/prefix-tree.ts'
import { ReturnTimes } from '../structures/return-times.ts'
import { SlotList } from '../structures/slot-list.ts'

/** Uses from here on are all the same. */
const mostUses = 16
/** Positions by powers of 2. */
const places = 10
const classes = mostUses * places
const sampleOne = 4
/** A leaf's place in its list is looked for among so many. */
const stepsLooked = 16
const leastRing = 16_384
const rememberedPerSlot = 4

/**
 * Evicts the leaf of the tree of prefixes that is least likely to come back, so that what is left of a prompt can always
 * hit. Blocks are classed by how often they were used and how deep they stand in their
 * prompt, since a conversation that has gone on once is likelier to go on again, and what its system prompt shares is
 * likelier still. The leaves of each class are a list in order of last use; of the oldest of each list that one goes whose chance of still
 * coming back is least: the share of its class that came back × how many returns take longer than it was away, by Bayes.
 * Shares and times are learned as the trace goes by, no number is taken from one (src/cache/structures/return-times.ts). Ties go by
 * last use, so that it is LRU until it has learned. How often a block was used is remembered beyond its eviction, for a few
 * times as many blocks as there are slots.
 */
export const survival = definePolicy({
  name: 'survival',
  summary: 'least likely to come back, by uses and position, with chances learned online',
  source: 'memwall; docs/policies.md#survival',
  cost: 'O(160)',
  parameters: {},
  knows: ['parent', 'position', 'time'],

  create(capacityBlocks, facts) {
    const lists = [new SlotList(capacityBlocks)]
    while (lists.length < classes) lists.push(new SlotList(lists[0]!))
    const classOf = new Uint8Array(capacityBlocks)
    const usedMs = new Float64Array(capacityBlocks)
    const returns = new ReturnTimes(mostUses, places, Math.max(leastRing, Math.ceil(capacityBlocks / 4)), sampleOne)
    const counts = new UseCounts(rememberedPerSlot * capacityBlocks)

    const tree = new PrefixTree(capacityBlocks, facts, {
      becameInner: (slot) => lists[classOf[slot]!]!.remove(slot),
      becameLeaf: (slot) => enlist(slot),
    })

    /** Where its last use puts a leaf: mostly at one of the ends. */
    const enlist = (slot: number): void => {
      const list = lists[classOf[slot]!]!
      let older = list.tail
      for (let step = 0; step < stepsLooked && older !== NONE && usedMs[older]! < usedMs[slot]!; step++) {
        older = list.newer(older)
      }
      if (older === NONE || usedMs[older]! < usedMs[slot]!) list.pushHead(slot)
      else list.pushOlder(slot, older)
    }

    const classify = (slot: number, block: number, uses: number): void => {
      const depth = Math.min(places - 1, Math.floor(Math.log2(facts.positionOf(block) + 2)) - 1)
      classOf[slot] = (Math.min(uses, mostUses) - 1) * places + Math.max(0, depth)
      usedMs[slot] = facts.nowMs
      returns.use(block, classOf[slot]!, facts.nowMs)
      if (tree.isLeaf(slot)) lists[classOf[slot]!]!.pushHead(slot)
    }
    const usesOf = (slot: number): number => Math.floor(classOf[slot]! / places) + 1
    const chanceOf = (slot: number): number => returns.chance(classOf[slot]!, facts.nowMs - usedMs[slot]!)
    const isLess = (slot: number, than: number): boolean => {
      const [chance, other] = [chanceOf(slot), chanceOf(than)]
      return chance < other || (chance === other && usedMs[slot]! < usedMs[than]!)
    }

    return {
      onInsert(slot, block) {
        tree.add(slot, block)
        classify(slot, block, counts.of(block) + 1)
      },
      onHit(slot, block) {
        if (tree.isLeaf(slot)) lists[classOf[slot]!]!.remove(slot)
        classify(slot, block, usesOf(slot) + 1)
      },
      onRemove(slot, block) {
        if (tree.isLeaf(slot)) lists[classOf[slot]!]!.remove(slot)
        tree.remove(slot, block)
        counts.put(block, usesOf(slot))
      },
      victim(isPinned, incomingBlock) {
        const before = tree.slotBefore(incomingBlock)
        let least = NONE
        for (const list of lists) {
          if (list.size === 0) continue
          let slot = list.oldestUnpinned(isPinned)
          if (slot !== NONE && slot === before) slot = unpinnedAfter(list, slot, isPinned)
          if (slot !== NONE && (least === NONE || isLess(slot, least))) least = slot
        }
        if (least !== NONE) return least
        return before !== NONE && tree.isLeaf(before) && !isPinned(before)
          ? before
          : tree.leastUnpinned(isPinned, isLess)
      },
    }
  },
})

/** The next newer slot that is not pinned; NONE where there is none. */
function unpinnedAfter(list: SlotList, slot: number, isPinned: (slot: number) => boolean): number {
  let next = list.newer(slot)
  while (next !== NONE && isPinned(next)) next = list.newer(next)
  return next
}

/**
 * How often evicted blocks were used: a table of places by hash, in which the newest of those that meet stays. No chains, no
 * order, 5 bytes a block.
 */
class UseCounts {
  readonly #blocks: Int32Array
  readonly #uses: Uint8Array
  readonly #placesPerHash: number

  constructor(size: number) {
    this.#blocks = new Int32Array(size).fill(NONE)
    this.#uses = new Uint8Array(size)
    this.#placesPerHash = size / 2 ** 32
  }

  put(block: number, uses: number): void {
    const place = this.#placeOf(block)
    this.#blocks[place] = block
    this.#uses[place] = uses
  }

  /** 0 where it is not known. */
  of(block: number): number {
    const place = this.#placeOf(block)
    return this.#blocks[place] === block ? this.#uses[place]! : 0
  }

  #placeOf(block: number): number {
    return ((Math.imul(block, 0x9e3779b1) >>> 0) * this.#placesPerHash) | 0
  }
}
