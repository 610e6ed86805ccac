import { type CachePolicy, NONE } from '../../cache/policy.ts'
import { type ReferenceStream, requestCount } from '../reference-stream.ts'
import { LabMemory } from './memory.ts'

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
  /** 1 where the last block was there when the request came to touch it. */
  readonly lastBlocks: Uint8Array
}

/**
 * Replays a stream through one memory. Cold start, nothing pinned.
 * @param slotOf of each block, all NONE
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
  const hits = {
    anyBlocks: new Int32Array(requests),
    prefixBlocks: new Int32Array(requests),
    lastBlocks: new Uint8Array(requests),
  }
  const memory = new LabMemory(policy, capacityBlocks, slotOf)
  const step = order === 'head' ? 1 : -1
  for (let request = 0; request < requests; request++) {
    const from = starts[request]!
    const to = starts[request + 1]!
    // Before the first miss nothing is evicted, so this is also what is found touching from the head.
    let prefix = 0
    while (from + prefix < to && slotOf[blocks[from + prefix]!] !== NONE) prefix++
    hits.prefixBlocks[request] = prefix
    listener?.request(request)
    let found = 0
    let at = order === 'head' ? from : to - 1
    for (let left = to - from; left > 0; left--, at += step) {
      listener?.touch(at)
      if (!memory.refer(blocks[at]!)) continue
      found++
      if (at === to - 1) hits.lastBlocks[request] = 1
    }
    hits.anyBlocks[request] = found
  }
  return hits
}
