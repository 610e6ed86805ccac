import { definePolicy, NONE } from '../policy.ts'
import { ReturnTimes } from '../return-times.ts'
import { SlotList } from '../slot-list.ts'

/** Uses from here on are all the same. */
const mostUses = 16
/** Positions by powers of 2. */
const places = 10
const classes = mostUses * places
const sampleOne = 4
const leastRing = 16_384
const rememberedPerSlot = 5

/**
 * Evicts what is least likely to come back. Blocks are classed by how often they were used and how deep they stand in their
 * prompt, since a conversation that has gone on once is likelier to go on again, and what its system prompt shares is
 * likelier still. Each class is a list in order of last use; of the oldest of each list that one goes whose chance of still
 * coming back is least: the share of its class that came back × how many returns take longer than it was away, by Bayes.
 * Shares and times are learned as the trace goes by, no number is taken from one (src/cache/return-times.ts). Ties go by
 * last use, so that it is LRU until it has learned. How often a block was used is remembered beyond its eviction, for a few
 * times as many blocks as there are slots.
 */
export const survival = definePolicy({
  name: 'survival',
  summary: 'least likely to come back, by uses and position, with chances learned online',
  source: 'memwall; docs/policies.md#survival',
  cost: 'O(160)',
  parameters: {},
  knows: ['position', 'time'],

  create(capacityBlocks, facts) {
    const lists = [new SlotList(capacityBlocks)]
    while (lists.length < classes) lists.push(new SlotList(lists[0]!))
    const classOf = new Uint8Array(capacityBlocks)
    const usedMs = new Float64Array(capacityBlocks)
    const returns = new ReturnTimes(mostUses, places, Math.max(leastRing, Math.ceil(capacityBlocks / 4)), sampleOne)
    const ghosts = new UseCounts(rememberedPerSlot * capacityBlocks)

    const place = (slot: number, block: number, uses: number): void => {
      const depth = Math.min(places - 1, Math.floor(Math.log2(facts.positionOf(block) + 2)) - 1)
      const ofClass = (Math.min(uses, mostUses) - 1) * places + Math.max(0, depth)
      classOf[slot] = ofClass
      usedMs[slot] = facts.nowMs
      lists[ofClass]!.pushHead(slot)
      returns.use(block, ofClass, facts.nowMs)
    }
    const usesOf = (slot: number): number => Math.floor(classOf[slot]! / places) + 1

    return {
      onInsert(slot, block) {
        place(slot, block, ghosts.of(block) + 1)
      },
      onHit(slot, block) {
        lists[classOf[slot]!]!.remove(slot)
        place(slot, block, usesOf(slot) + 1)
      },
      onRemove(slot, block) {
        lists[classOf[slot]!]!.remove(slot)
        ghosts.put(block, usesOf(slot))
      },
      victim(isPinned) {
        let least = NONE
        let leastChance = 2
        for (let ofClass = 0; ofClass < classes; ofClass++) {
          const list = lists[ofClass]!
          if (list.size === 0) continue
          const slot = list.oldestUnpinned(isPinned)
          if (slot === NONE) continue
          const chance = returns.chance(ofClass, facts.nowMs - usedMs[slot]!)
          if (chance > leastChance || (chance === leastChance && usedMs[slot]! >= usedMs[least]!)) continue
          least = slot
          leastChance = chance
        }
        return least
      },
    }
  },
})

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
