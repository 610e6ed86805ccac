import type { LengthsReader, ReferenceReader, TimedReader } from '../../workload/reader.ts'
import { arrivalOrder } from '../../workload/trace.ts'
import type { ReferenceStream } from '../reference-stream.ts'
import { BlockNumbers } from './block-numbers.ts'
import { addBlocks, type Collector, chained, randomOf, type StreamOptions, unchainedNote } from './collector.ts'
import { prefixSessions } from './prefix-sessions.ts'
import { labelNumbers } from './request-labels.ts'
import { StreamBuilder } from './stream-builder.ts'
import { syntheticBlockTokens, syntheticNote, syntheticPrefixes } from './synthetic-prefixes.ts'

/* Traces whose requests come by the clock. */

export function timedRequests(reader: TimedReader, options: StreamOptions): Collector {
  const { blockTokens } = reader
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const labels = labelNumbers()
  const inOrder = arrivalOrder()
  const byPrefix = prefixSessions()
  let isNamed: boolean | undefined
  return {
    add(record, where) {
      const request = reader.request(record, where)
      inOrder(request.arrivalMs, where)
      addBlocks(builder, numbers, request, blockTokens, options)
      const fullBlocks = builder.open().subarray(0, Math.floor(request.promptTokens / blockTokens))
      isNamed ??= request.session !== undefined || request.link !== undefined
      const session = isNamed ? labels.session(request) : byPrefix(fullBlocks)
      builder.add({ ...request, session, ...labels.others(request) })
    },
    collected: () => {
      const arrays = fromZero(builder.arrays(numbers.distinct))
      const isChained = chained(arrays)
      const sessionsFrom = isNamed ? 'trace' : isChained ? 'prefixes' : 'none'
      if (sessionsFrom === 'none') eachAlone(arrays)
      const notes = [isChained ? '' : unchainedNote, sessionsFrom === 'trace' ? '' : unnamedNotes[sessionsFrom]].filter(
        Boolean,
      )
      const stream = { ...arrays, blockTokens, notes, isChained, isTimed: true, sessionsFrom } as const
      return { stream, thinkMs: undefined }
    },
  }
}

export function syntheticRequests(reader: LengthsReader, options: StreamOptions): Collector {
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const labels = labelNumbers()
  const inOrder = arrivalOrder()
  const prefixes = syntheticPrefixes(randomOf(options))
  let isNamed = false
  return {
    add(record, where) {
      const request = reader.request(record, where)
      inOrder(request.arrivalMs, where)
      isNamed ||= request.session !== undefined
      const { session, blockIds } = prefixes(request)
      addBlocks(builder, numbers, { ...request, blockIds }, syntheticBlockTokens, options)
      builder.add({ ...request, session, ...labels.others(request) })
    },
    collected: () => {
      const stream = {
        ...fromZero(builder.arrays(numbers.distinct)),
        blockTokens: syntheticBlockTokens,
        notes: [syntheticNote],
        isChained: true,
        isTimed: true,
        sessionsFrom: isNamed ? 'trace' : 'prefixes',
      } as const
      return { stream, thinkMs: undefined }
    },
  }
}

export function singleReferences(reader: ReferenceReader): Collector {
  const builder = new StreamBuilder()
  const numbers = new BlockNumbers()
  const inOrder = arrivalOrder()
  let isTimed = false
  return {
    add(record, where) {
      const { id, arrivalMs } = reader.reference(record, where)
      isTimed = arrivalMs !== undefined
      inOrder(arrivalMs ?? 0, where)
      const session = builder.requests
      builder.block(numbers.of(id))
      builder.add({
        promptTokens: 1,
        outputTokens: 0,
        arrivalMs: arrivalMs ?? session,
        session,
        tenant: 0,
        category: 0,
      })
    },
    collected: () => {
      const notes = ['The trace has references without prompts: each is a request of one block of one token.']
      if (!isTimed) notes.push('The trace has no times: arrivals count requests.')
      const arrays = fromZero(builder.arrays(numbers.distinct))
      const stream = { ...arrays, blockTokens: 1, notes, isChained: false, isTimed, sessionsFrom: 'none' } as const
      return { stream, thinkMs: undefined }
    },
  }
}

const unnamedNotes = {
  prefixes: 'The trace has no sessions: they are found from prefixes (docs/workloads.md, Traces).',
  none: 'The trace has no sessions, and they cannot be found from prefixes.',
}

/** Makes every request a session of its own. */
function eachAlone({ sessions, turns }: Pick<ReferenceStream, 'sessions' | 'turns'>): void {
  for (let request = 0; request < sessions.length; request++) sessions[request] = request
  turns.fill(0)
}

/** Arrivals from that of the first request on. */
function fromZero<T extends { readonly arrivalMs: Float64Array }>(arrays: T): T {
  const { arrivalMs } = arrays
  const first = arrivalMs[0] ?? 0
  for (let request = 0; request < arrivalMs.length; request++) arrivalMs[request]! -= first
  return arrays
}
