/**
 * The block references of a trace in flat arrays: what the lab replays. Ids are dense, and their arrays lie in shared
 * memory, so that threads read the same ones. Per request where nothing else is said.
 */
export interface ReferenceStream {
  readonly blockTokens: number
  /** Dense ids of all requests one behind the other, each request's from its first block to its last. */
  readonly blocks: Int32Array
  /** Where each request's blocks begin, and at the end where the last one's stop. */
  readonly starts: Int32Array
  readonly distinctBlocks: number
  readonly promptTokens: Int32Array
  readonly outputTokens: Int32Array
  readonly arrivalMs: Float64Array
  /** Dense number of the conversation. */
  readonly sessions: Int32Array
  /** Place in its conversation, from 0. */
  readonly turns: Int32Array
  readonly tenants: Int32Array
  readonly categories: Int32Array
  /** What the trace itself does not say, and how it was made up for; a sentence each. */
  readonly notes: readonly string[]
  /** Whether ids are prefix-chained: the same id means the same prefix, and so one parent and one position. */
  readonly isChained: boolean
  /** Whether `arrivalMs` are times of the trace; else they are ordinals of requests. */
  readonly isTimed: boolean
  /** Whether sessions are the trace's own, found from prefixes, or not to be had. */
  readonly sessionsFrom: 'trace' | 'prefixes' | 'none'
}

export function requestCount(stream: ReferenceStream): number {
  return stream.starts.length - 1
}
