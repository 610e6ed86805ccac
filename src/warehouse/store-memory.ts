/** Words of a slot's header: generation, then the checksum's high and low half. */
const headerWords = 3
/** A segment stays below what one SharedArrayBuffer may hold everywhere. */
const segmentBytes = 256 * 1024 * 1024

/**
 * The memory of one store of a lower tier: fixed block slots in SharedArrayBuffer segments that every thread can read and
 * write, each with a checksum and a generation. Plain data: it may be sent to another thread.
 */
export interface StoreMemory {
  readonly blockBytes: number
  readonly slotsPerSegment: number
  readonly segments: readonly SharedArrayBuffer[]
  readonly headers: SharedArrayBuffer
}

export function createStoreMemory(slots: number, blockBytes: number): StoreMemory {
  const slotsPerSegment = Math.max(1, Math.floor(segmentBytes / blockBytes))
  const segments: SharedArrayBuffer[] = []
  for (let left = slots; left > 0; left -= slotsPerSegment) {
    segments.push(new SharedArrayBuffer(Math.min(left, slotsPerSegment) * blockBytes))
  }
  return { blockBytes, slotsPerSegment, segments, headers: new SharedArrayBuffer(slots * headerWords * 4) }
}

/** The bytes of a slot. */
export function storeSlot(store: StoreMemory, slot: number): Uint8Array {
  const segment = store.segments[Math.floor(slot / store.slotsPerSegment)]!
  return new Uint8Array(segment, (slot % store.slotsPerSegment) * store.blockBytes, store.blockBytes)
}

/** Marks a slot as written: one generation more, with the checksum (16 hex digits) of what lies in it. */
export function writeHeader(store: StoreMemory, slot: number, checksum: string): void {
  const header = new Int32Array(store.headers, slot * headerWords * 4, headerWords)
  header[1] = Number.parseInt(checksum.slice(0, 8), 16)
  header[2] = Number.parseInt(checksum.slice(8), 16)
  Atomics.add(header, 0, 1)
}

export function readHeader(store: StoreMemory, slot: number): { generation: number; checksum: string } {
  const header = new Int32Array(store.headers, slot * headerWords * 4, headerWords)
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
  return { generation: Atomics.load(header, 0), checksum: hex(header[1]!) + hex(header[2]!) }
}
