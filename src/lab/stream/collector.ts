import { type Random, seededRandom } from '../../random.ts'
import type { RecordOptions, SkippedRows } from '../../workload/open-trace.ts'
import type { SourceRequest } from '../../workload/reader.ts'
import type { JsonRecord } from '../../workload/records/record-format.ts'
import type { ReferenceStream } from '../reference-stream.ts'
import type { BlockNumbers } from './block-numbers.ts'
import type { StreamBuilder } from './stream-builder.ts'

export interface StreamOptions extends RecordOptions {
  /** Seats that play the conversations of a closed loop at the same time; by default one after the other, in file order. */
  readonly sessions?: number | undefined
  /** Declares the tools and system prompt at the head of every conversation to be the same in all of them. */
  readonly sharePrefix?: boolean | undefined
  /** Of what is made up. Default 1. */
  readonly seed?: number | undefined
  /** As for `readTrace`, but `trace` by default. */
  readonly partialTails?: 'trace' | 'own' | undefined
}

export interface LoadedStream {
  readonly format: string
  readonly stream: ReferenceStream
  /** Think time before each request but the first of a session, where the trace has think times. */
  readonly thinkMs: Float64Array | undefined
  readonly skipped: SkippedRows
}

/** What a trace comes to, besides what all have in common. */
export type Collected = Omit<LoadedStream, 'format' | 'skipped'>

/** Takes a trace record by record. */
export interface Collector {
  add(record: JsonRecord, where: string): void
  collected(): Collected
}

/** Adds the blocks of a request from `from` on. */
export function addBlocks(
  builder: StreamBuilder,
  numbers: BlockNumbers,
  { blockIds, promptTokens }: SourceRequest,
  blockTokens: number,
  { partialTails = 'trace' }: StreamOptions,
  from = 0,
): void {
  const known = Math.min(blockIds.length, Math.ceil(promptTokens / blockTokens))
  const named = partialTails === 'trace' ? known : Math.min(known, Math.floor(promptTokens / blockTokens))
  for (let block = from; block < named; block++) builder.block(numbers.of(blockIds[block]!))
  for (let block = named; block < known; block++) builder.block(numbers.fresh())
}

export const unchainedNote = 'Block ids are not prefix-chained: some stand behind different ones.'

/** Whether every block stands behind the same one wherever it stands. */
export function chained({
  blocks,
  starts,
  distinctBlocks,
}: Pick<ReferenceStream, 'blocks' | 'starts' | 'distinctBlocks'>): boolean {
  const [first, unknown] = [-1, -2]
  const parents = new Int32Array(distinctBlocks).fill(unknown)
  for (let request = 0; request + 1 < starts.length; request++) {
    let parent = first
    for (let at = starts[request]!; at < starts[request + 1]!; at++) {
      const block = blocks[at]!
      if (parents[block] === unknown) parents[block] = parent
      else if (parents[block] !== parent) return false
      parent = block
    }
  }
  return true
}

export function randomOf({ seed = 1 }: StreamOptions): Random {
  return seededRandom(seed).fork('trace')
}
