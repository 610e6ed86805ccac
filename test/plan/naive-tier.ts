import type { LowerTierSpec } from '../../src/warehouse/lower-tier.ts'
import { NaiveLink } from './naive-link.ts'
import { NaiveMemory, type NaiveSlot } from './naive-memory.ts'

/** A memory below HBM, with a link for each way; no link moves blocks in no time. */
export class NaiveTier {
  readonly name: LowerTierSpec['name']
  readonly memory: NaiveMemory
  readonly reads: NaiveLink | undefined
  readonly writes: NaiveLink | undefined
  /** HBM slots that stores under way to this tier hold. */
  storePins = 0

  constructor({ name, capacityBlocks, link, freeStores }: LowerTierSpec) {
    this.name = name
    this.memory = new NaiveMemory(capacityBlocks)
    this.reads = link && new NaiveLink(link.readBytesPerMs, link.latencyMs)
    this.writes = link && !freeStores ? new NaiveLink(link.writeBytesPerMs, link.latencyMs) : undefined
  }

  /** The slot of a block that can be fetched now. */
  ready(key: string): NaiveSlot | undefined {
    const slot = this.memory.find(key)
    return slot?.isReady === true ? slot : undefined
  }

  /** A block that is there from the start. */
  layDown(key: string): void {
    if (this.memory.find(key) !== undefined) return
    const slot = this.memory.take()!
    this.memory.name(slot, key)
    slot.isReady = true
    this.memory.letGo(slot)
  }

  /** Copies blocks from HBM; their slots here are taken at once, and ready when the copy has ended. */
  store(sources: readonly NaiveSlot[], slots: readonly NaiveSlot[], bytes: number, hbm: NaiveMemory): void {
    if (sources.length === 0) return
    for (const source of sources) source.pins++
    this.storePins += sources.length
    const ends = (): void => {
      for (let i = sources.length - 1; i >= 0; i--) {
        slots[i]!.isReady = true
        this.memory.letGo(slots[i]!)
        hbm.letGo(sources[i]!)
      }
      this.storePins -= sources.length
    }
    if (this.writes === undefined) ends()
    else this.writes.start(bytes, ends)
  }

  /** Sends blocks up; what is sent stays held until it has arrived. */
  send(sources: readonly NaiveSlot[], bytes: number, onEnd: () => void): void {
    for (const source of sources) source.pins++
    const ends = (): void => {
      for (const source of sources.toReversed()) this.memory.letGo(source)
      onEnd()
    }
    if (this.reads === undefined) ends()
    else this.reads.start(bytes, ends)
  }
}
