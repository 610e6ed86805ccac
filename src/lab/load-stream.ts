import { assert, badInput } from '../errors.ts'
import { eachRecord } from '../workload/open-trace.ts'
import type { TraceReader } from '../workload/reader.ts'
import { turnsOfSessions, wholeConversations } from './stream/closed-loop.ts'
import type { Collector, LoadedStream, StreamOptions } from './stream/collector.ts'
import { singleReferences, syntheticRequests, timedRequests } from './stream/open-loop.ts'

/** Reads a trace file as a stream of block references. The rules for what it does not say are in docs/workloads.md. */
export async function loadStream(path: string, options: StreamOptions = {}): Promise<LoadedStream> {
  let format = ''
  let collector: Collector | undefined
  const skipped = await eachRecord(path, options, (reader) => {
    format = reader.name
    refuseOptions(reader, path, options)
    collector = collectorOf(reader, options)
    return collector.add
  })
  assert(collector !== undefined, 'a trace without records is refused')
  return { format, skipped, ...collector.collected() }
}

function refuseOptions({ name, kind }: TraceReader, path: string, { sessions, sharePrefix }: StreamOptions): void {
  if (sessions !== undefined && kind !== 'conversations' && kind !== 'turns') {
    const what = `${path} has no conversations that could be interleaved (format ${name})`
    throw badInput('--sessions', what, 'Leave it out: the trace has an order of its own.')
  }
  if (sharePrefix && kind !== 'conversations') {
    const what = `${path} declares no tools and system prompts (format ${name})`
    throw badInput('--share-prefix', what, 'Leave it out: what prompts share is in the ids.')
  }
}

function collectorOf(reader: TraceReader, options: StreamOptions): Collector {
  switch (reader.kind) {
    case 'timed':
      return timedRequests(reader, options)
    case 'lengths':
      return syntheticRequests(reader, options)
    case 'turns':
      return turnsOfSessions(reader, options)
    case 'conversations':
      return wholeConversations(reader, options)
    case 'references':
      return singleReferences(reader)
  }
}
