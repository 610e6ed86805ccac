import { type CachePolicy, NONE } from '../cache/policy.ts'
import { type ReferenceStream, requestCount } from './reference-stream.ts'

/** In which order a request touches its blocks: `head` is file order; `tail` last to first, so that the tail is evicted first. */
export type TouchOrder = 'head' | 'tail'

/** Told of each request before its blocks are touched, and of each block before the policy is. */
export interface ReplayListener {
  request(request: number): void
  /** @param reference number of the reference, in file order */
  touch(reference: number): void
}

/** What a replay has found, request by request. */
export interface RequestHits {
  /** Blocks that were there when the request came to touch them. */
  readonly anyBlocks: Int32Array
  /** Leading blocks that were there when the request came. */
  readonly prefixBlocks: Int32Array
}

const nonePinned = (): boolean => false

/**
 * Replays a stream through one memory: a hit touches, a miss evicts where the memory is full and then inserts. Unit size,
 * cold start, nothing pinned.
 * @param slotOf of each block, NONE where it is not cached; all NONE at the start, and kept up to date for the policy's facts
 */
export function replay(
  stream: ReferenceStream,
  policy: CachePolicy,
  capacityBlocks: number,
  slotOf: Int32Array,
  order: TouchOrder,
  listener?: ReplayListener,
): RequestHits {
  const { blocks, starts } = stream
  const requests = requestCount(stream)
  const anyBlocks = new Int32Array(requests)
  const prefixBlocks = new Int32Array(requests)
  const blockOf = new Int32Array(capacityBlocks)
  const step = order === 'head' ? 1 : -1
  let used = 0
  for (let request = 0; request < requests; request++) {
    const from = starts[request]!
    const to = starts[request + 1]!
    // Before the first miss nothing is evicted, so this is also what is found touching from the head.
    let prefix = 0
    while (from + prefix < to && slotOf[blocks[from + prefix]!] !== NONE) prefix++
    prefixBlocks[request] = prefix
    listener?.request(request)
    let hits = 0
    let at = order === 'head' ? from : to - 1
    for (let left = to - from; left > 0; left--, at += step) {
      const block = blocks[at]!
      let slot = slotOf[block]!
      listener?.touch(at)
      if (slot !== NONE) {
        hits++
        policy.onHit(slot, block)
        continue
      }
      if (used < capacityBlocks) {
        slot = used++
      } else {
        slot = policy.victim(nonePinned, block)
        const evicted = blockOf[slot]!
        policy.onRemove(slot, evicted)
        slotOf[evicted] = NONE
      }
      slotOf[block] = slot
      blockOf[slot] = block
      policy.onInsert(slot, block)
    }
    anyBlocks[request] = hits
  }
  return { anyBlocks, prefixBlocks }
}
