import type { PlanInput } from '../../plan/plan-input.ts'
import type { MemoryGauge, StepSegment, TimelineSink } from '../../plan/timeline.ts'
import { type FetchSpan, FetchSpans } from './fetch-spans.ts'
import { GaugeBins } from './gauge-bins.ts'
import { Lane, type LaneSegment } from './lane.ts'

/** What one replica did in the window. Times are from its opening. */
export interface RecordedLane {
  /** They follow each other from 0 to the window's end. */
  readonly segments: readonly LaneSegment[]
  readonly fetches: readonly FetchSpan[]
  /** Blocks evicted from its HBM in each bin. */
  readonly evictions: readonly number[]
}

/** A memory at the end of each bin, in bytes, all replicas together. */
export interface RecordedMemory {
  readonly name: 'hbm' | 'dram' | 'warehouse'
  readonly heldBytes: readonly number[]
  /** Of these, what somebody holds; only of HBM. */
  readonly pinnedBytes: readonly number[] | undefined
  /** Infinity where nothing is ever evicted. */
  readonly capacityBytes: number
}

/** What happened in the window of one arm. */
export interface RecordedTimeline {
  readonly windowMs: number
  readonly replicas: number
  /** The first replicas. */
  readonly lanes: readonly RecordedLane[]
  readonly binMs: number
  readonly memories: readonly RecordedMemory[]
  readonly blockBytes: number
  /** Blocks evicted from the HBM of all replicas in each bin. */
  readonly evictions: readonly number[]
}

/** Replicas whose steps are kept. */
const mostLanes = 4
const mostSegments = 500
const mostSpans = 400
const mostBins = 200

type Row = readonly (MemoryGauge | undefined)[]

type WatchedInput = Pick<PlanInput, 'replicas' | 'poolBlocks' | 'lowers'> & {
  readonly pool: Pick<PlanInput['pool'], 'blockTokens'>
  readonly cost: Pick<PlanInput['cost'], 'kvBytesPerToken'>
}

/** Writes down what happens in the window, of bounded size: what the GPUs do, what they fetch, and what the memories hold. */
export class TimelineRecorder implements TimelineSink {
  readonly #input: WatchedInput
  readonly #lanes: readonly Lane[]
  readonly #fetches: readonly FetchSpans[]
  /** Of each replica, and of whichever spoke last: what all share is seen by everyone. */
  readonly #gauges: GaugeBins
  #openMs = Number.POSITIVE_INFINITY
  #closeMs = Number.POSITIVE_INFINITY

  constructor(input: WatchedInput) {
    this.#input = input
    const lanes = Math.min(mostLanes, input.replicas)
    this.#lanes = Array.from({ length: lanes }, () => new Lane(mostSegments))
    this.#fetches = Array.from({ length: lanes }, () => new FetchSpans(mostSpans))
    this.#gauges = new GaugeBins(input.replicas + 1, mostBins)
  }

  windowOpens(atMs: number): void {
    this.#openMs = atMs
  }

  windowCloses(atMs: number): void {
    this.#closeMs = atMs
  }

  step(segment: StepSegment): void {
    const { replica, startMs, endMs, usefulPrefillMs, redundantPrefillMs, steps } = segment
    const inside = this.#inside(startMs, endMs)
    if (inside === undefined) return
    const share = (inside.endMs - inside.startMs) / (endMs - startMs)
    const useful = usefulPrefillMs * share
    const redundant = redundantPrefillMs * share
    const isDecode = usefulPrefillMs === 0 && redundantPrefillMs === 0
    const length = inside.endMs - inside.startMs
    this.#lanes[replica]?.add({
      ...none,
      ...inside,
      usefulPrefillMs: useful,
      redundantPrefillMs: redundant,
      decodeMs: isDecode ? length : Math.max(0, length - useful - redundant),
      steps,
    })
  }

  idle(replica: number, fromMs: number, toMs: number, kind: 'stalled' | 'starved'): void {
    const inside = this.#inside(fromMs, toMs)
    if (inside === undefined) return
    const length = inside.endMs - inside.startMs
    const part = kind === 'stalled' ? { stalledMs: length } : { starvedMs: length }
    this.#lanes[replica]?.add({ ...none, ...inside, ...part })
  }

  /** What moves in no time is no transfer. */
  fetched(replica: number, startMs: number, endMs: number, bytes: number): void {
    const inside = this.#inside(startMs, endMs)
    if (inside !== undefined) this.#fetches[replica]?.add({ ...inside, fetches: 1, bytes })
  }

  gauge(replica: number, atMs: number, gauge: MemoryGauge): void {
    for (const row of [replica, this.#input.replicas]) {
      if (atMs <= this.#openMs) this.#gauges.before(row, gauge)
      else if (atMs <= this.#closeMs) this.#gauges.add(row, atMs - this.#openMs, gauge)
    }
  }

  admitted(): void {}
  firstToken(): void {}
  ended(): void {}
  recomputed(): void {}

  get timeline(): RecordedTimeline {
    const { replicas } = this.#input
    const windowMs = this.#closeMs - this.#openMs
    const { binMs, rows } = this.#gauges.filled(windowMs)
    const gauges = rows.slice(0, replicas)
    const evictions = gauges.map((list, replica) => risesOf(list, this.#gauges.start(replica)))
    return {
      windowMs,
      replicas,
      lanes: this.#lanes.map((lane, i) => ({
        segments: lane.segments(),
        fetches: this.#fetches[i]!.spans(),
        evictions: evictions[i]!,
      })),
      binMs,
      blockBytes: this.#blockBytes,
      memories: this.#memories(gauges, rows[replicas]!),
      evictions: gauges[0]!.map((_, bin) => evictions.reduce((sum, list) => sum + list[bin]!, 0)),
    }
  }

  #memories(gauges: readonly Row[], latest: Row): RecordedMemory[] {
    const { replicas, poolBlocks, lowers } = this.#input
    const blockBytes = this.#blockBytes
    const bytes = (of: readonly Row[], blocks: (gauge: MemoryGauge) => number): number[] =>
      of[0]!.map((_, bin) => blockBytes * of.reduce((sum, list) => sum + (list[bin] ? blocks(list[bin]) : 0), 0))
    const hbm: RecordedMemory = {
      name: 'hbm',
      heldBytes: bytes(gauges, ({ hbmBlocks }) => hbmBlocks),
      pinnedBytes: bytes(gauges, ({ pinnedBlocks }) => pinnedBlocks),
      capacityBytes: poolBlocks * replicas * blockBytes,
    }
    const below = lowers.map(({ name, shared, capacityBlocks }, tier): RecordedMemory => {
      const of = shared ? [latest] : gauges
      return {
        name,
        heldBytes: bytes(of, ({ lowerBlocks }) => lowerBlocks[tier]!),
        pinnedBytes: undefined,
        capacityBytes: capacityBlocks * (shared ? 1 : replicas) * blockBytes,
      }
    })
    return [hbm, ...below]
  }

  get #blockBytes(): number {
    return this.#input.pool.blockTokens * this.#input.cost.kvBytesPerToken
  }

  /** The part of a stretch that lies in the window, from its opening; undefined where none does. */
  #inside(fromMs: number, toMs: number): { startMs: number; endMs: number } | undefined {
    const startMs = Math.max(fromMs, this.#openMs) - this.#openMs
    const endMs = Math.min(toMs, this.#closeMs) - this.#openMs
    return endMs > startMs ? { startMs, endMs } : undefined
  }
}

const none = {
  usefulPrefillMs: 0,
  redundantPrefillMs: 0,
  decodeMs: 0,
  stalledMs: 0,
  starvedMs: 0,
  steps: 0,
}

function risesOf(gauges: Row, start: MemoryGauge | undefined): number[] {
  let before = start?.evictions ?? 0
  return gauges.map((gauge) => {
    const rise = (gauge?.evictions ?? before) - before
    before += rise
    return rise
  })
}
