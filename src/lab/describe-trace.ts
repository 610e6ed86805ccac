import { type ReferenceStream, requestCount } from './reference-stream.ts'
import { reuseTimesMs } from './reuse.ts'
import { stackDistances } from './stack-distances.ts'
import type { LoadedStream } from './stream/collector.ts'

export interface Quantiles {
  readonly p10: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p90: number
  readonly p99: number
}

/** What was referenced in a part of the trace. */
export interface WorkingSetWindow {
  /** Undefined where the trace has no times; windows are then of equally many requests. */
  readonly fromMs: number | undefined
  readonly requests: number
  readonly blockReferences: number
  readonly distinctBlocks: number
}

export interface ReturnByTurn {
  /** From 1. */
  readonly turn: number
  /** That reach this turn. */
  readonly sessions: number
  /** Of these, the share that comes back after it. */
  readonly returnRatio: number
}

export interface SessionsDescription {
  readonly from: 'trace' | 'prefixes'
  readonly sessions: number
  readonly turns: Quantiles
  /** From one arrival to the next in a session, the answer included. */
  readonly gapMs: Quantiles | undefined
  readonly thinkMs: Quantiles | undefined
  readonly returnByTurn: readonly ReturnByTurn[]
}

export interface TraceDescription {
  readonly format: string
  readonly requests: number
  readonly promptTokens: number
  readonly outputTokens: number
  readonly promptPerOutputTokens: number | undefined
  readonly promptTokensPerRequest: Quantiles
  readonly outputTokensPerRequest: Quantiles
  readonly blockTokens: number
  readonly blockReferences: number
  readonly distinctBlocks: number
  readonly durationMs: number | undefined
  /** Of a memory that never loses a block. */
  readonly ceiling: {
    /** Share of block references whose block was there. */
    readonly anyBlockHitRate: number
    /** Share of block references in the leading run of blocks that were there when the request came. */
    readonly prefixHitRate: number
    /** Share of prompt tokens in that run. */
    readonly tokenHitRate: number
  }
  /** Other blocks referenced between two references to a block. */
  readonly reuseDistanceBlocks: Quantiles | undefined
  /** Between two references to a block. */
  readonly reuseTimeMs: Quantiles | undefined
  readonly workingSet: readonly WorkingSetWindow[]
  readonly sessions: SessionsDescription | undefined
  readonly skippedRows: number
  readonly skippedReasons: readonly string[]
  readonly notes: readonly string[]
}

const windows = 10
const mostTurns = 10

export function describeTrace({ format, stream, thinkMs, skipped }: LoadedStream): TraceDescription {
  const promptTokens = sum(stream.promptTokens)
  const outputTokens = sum(stream.outputTokens)
  const { arrivalMs, isTimed } = stream
  return {
    format,
    requests: requestCount(stream),
    promptTokens,
    outputTokens,
    promptPerOutputTokens: outputTokens === 0 ? undefined : promptTokens / outputTokens,
    promptTokensPerRequest: quantilesOf(stream.promptTokens.slice())!,
    outputTokensPerRequest: quantilesOf(stream.outputTokens.slice())!,
    blockTokens: stream.blockTokens,
    blockReferences: stream.blocks.length,
    distinctBlocks: stream.distinctBlocks,
    durationMs: isTimed ? arrivalMs.at(-1)! - arrivalMs[0]! : undefined,
    ceiling: ceilingOf(stream),
    reuseDistanceBlocks: reuseDistances(stream),
    reuseTimeMs: isTimed ? quantilesOf(reuseTimesMs(stream)) : undefined,
    workingSet: workingSetOf(stream),
    sessions: sessionsOf(stream, thinkMs),
    skippedRows: skipped.rows,
    skippedReasons: skipped.reasons,
    notes: stream.notes,
  }
}

/** Requests one after the other; a block is there once a request before has referenced it. */
function ceilingOf(stream: ReferenceStream): TraceDescription['ceiling'] {
  const { blocks, starts, promptTokens, blockTokens } = stream
  const isThere = new Uint8Array(stream.distinctBlocks)
  let prefixBlocks = 0
  let prefixTokens = 0
  for (let request = 0; request < requestCount(stream); request++) {
    const own = blocks.subarray(starts[request], starts[request + 1])
    const miss = own.findIndex((block) => isThere[block] === 0)
    const prefix = miss === -1 ? own.length : miss
    prefixBlocks += prefix
    prefixTokens += Math.min(prefix * blockTokens, promptTokens[request]!)
    for (const block of own) isThere[block] = 1
  }
  const references = Math.max(1, blocks.length)
  return {
    anyBlockHitRate: (blocks.length - stream.distinctBlocks) / references,
    prefixHitRate: prefixBlocks / references,
    tokenHitRate: prefixTokens / sum(promptTokens),
  }
}

function reuseDistances({ blocks, distinctBlocks }: ReferenceStream): Quantiles | undefined {
  const distances = stackDistances(blocks, distinctBlocks).sort()
  // First uses are −1 and come first.
  return quantilesOf(distances.subarray(distinctBlocks))
}

function workingSetOf(stream: ReferenceStream): WorkingSetWindow[] {
  const { blocks, starts, arrivalMs, isTimed } = stream
  const requests = requestCount(stream)
  const lastWindow = new Int8Array(stream.distinctBlocks).fill(-1)
  const firstMs = arrivalMs[0]!
  const windowMs = (arrivalMs[requests - 1]! - firstMs) / windows
  const found = Array.from({ length: windows }, (_, window) => ({
    fromMs: isTimed ? firstMs + window * windowMs : undefined,
    requests: 0,
    blockReferences: 0,
    distinctBlocks: 0,
  }))
  for (let request = 0; request < requests; request++) {
    const place = isTimed && windowMs > 0 ? (arrivalMs[request]! - firstMs) / windowMs : (request / requests) * windows
    const window = Math.min(windows - 1, Math.floor(place))
    const own = found[window]!
    own.requests++
    own.blockReferences += starts[request + 1]! - starts[request]!
    for (let at = starts[request]!; at < starts[request + 1]!; at++) {
      if (lastWindow[blocks[at]!] === window) continue
      lastWindow[blocks[at]!] = window
      own.distinctBlocks++
    }
  }
  return found
}

function sessionsOf(stream: ReferenceStream, thinkMs: Float64Array | undefined): SessionsDescription | undefined {
  const { sessions, turns, arrivalMs, isTimed, sessionsFrom } = stream
  if (sessionsFrom === 'none') return undefined
  const lastMs = new Map<number, number>()
  const turnsOf = new Map<number, number>()
  const gaps: number[] = []
  for (let request = 0; request < sessions.length; request++) {
    const session = sessions[request]!
    const before = lastMs.get(session)
    if (before !== undefined) gaps.push(arrivalMs[request]! - before)
    lastMs.set(session, arrivalMs[request]!)
    turnsOf.set(session, turns[request]! + 1)
  }
  const counts = Int32Array.from(turnsOf.values())
  return {
    from: sessionsFrom,
    sessions: counts.length,
    turns: quantilesOf(counts.slice())!,
    gapMs: isTimed ? quantilesOf(Float64Array.from(gaps)) : undefined,
    thinkMs: thinkMs && quantilesOf(thinkMs.filter((_, request) => turns[request]! > 0)),
    returnByTurn: returnsOf(counts),
  }
}

function returnsOf(turnCounts: Int32Array): ReturnByTurn[] {
  const reaching = (turn: number): number => turnCounts.reduce((count, turns) => count + (turns >= turn ? 1 : 0), 0)
  return Array.from({ length: mostTurns }, (_, index) => index + 1)
    .map((turn) => ({ turn, sessions: reaching(turn), returning: reaching(turn + 1) }))
    .filter(({ sessions }) => sessions > 0)
    .map(({ turn, sessions, returning }) => ({ turn, sessions, returnRatio: returning / sessions }))
}

/** Nearest rank. Sorts the values in place: there may be millions. */
function quantilesOf(values: Int32Array | Float64Array): Quantiles | undefined {
  if (values.length === 0) return undefined
  const sorted = values.sort()
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)]!
  return { p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9), p99: at(0.99) }
}

function sum(values: Int32Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
