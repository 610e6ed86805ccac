/** What a GPU did between two instants: parts that sum to the time between them, and steps that ran. */
export interface LaneSegment {
  readonly startMs: number
  readonly endMs: number
  readonly usefulPrefillMs: number
  readonly redundantPrefillMs: number
  readonly decodeMs: number
  readonly stalledMs: number
  readonly starvedMs: number
  readonly steps: number
}

export const laneParts = ['usefulPrefillMs', 'redundantPrefillMs', 'decodeMs', 'stalledMs', 'starvedMs'] as const

/**
 * One replica's time as segments that follow each other, never more than `most` in the end. Neighbours of one kind are one
 * segment. Where there are too many, neighbours that are short together are merged, and what is short doubles until they
 * fit: a long prefill stays a step of its own while decode steps flow together.
 */
export class Lane {
  readonly #most: number
  #segments: LaneSegment[] = []
  #shortMs = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Segments come in the order of time. */
  add(segment: LaneSegment): void {
    if (segment.endMs <= segment.startMs) return
    const last = this.#segments.at(-1)
    if (last !== undefined && this.#areOne(last, segment))
      this.#segments[this.#segments.length - 1] = merged(last, segment)
    else this.#segments.push(segment)
    // Room to spare, so that merging is paid for once in many segments.
    if (this.#segments.length > 4 * this.#most) this.#coarsen(2 * this.#most)
  }

  segments(): readonly LaneSegment[] {
    this.#coarsen(this.#most)
    return this.#segments
  }

  #coarsen(most: number): void {
    while (this.#segments.length > most) {
      this.#shortMs = this.#shortMs === 0 ? this.#shortest() : 2 * this.#shortMs
      const kept: LaneSegment[] = []
      for (const segment of this.#segments) {
        const last = kept.at(-1)
        if (last !== undefined && this.#areOne(last, segment)) kept[kept.length - 1] = merged(last, segment)
        else kept.push(segment)
      }
      this.#segments = kept
    }
  }

  #shortest(): number {
    return this.#segments.reduce((least, { startMs, endMs }) => Math.min(least, endMs - startMs), Infinity)
  }

  #areOne(a: LaneSegment, b: LaneSegment): boolean {
    const kind = kindOf(a)
    return b.endMs - a.startMs <= this.#shortMs || (kind !== undefined && kind === kindOf(b))
  }
}

/** The part that a segment consists of; a prefill step is a step, and not merged with the next. */
function kindOf(segment: LaneSegment): string | undefined {
  const [part, another] = laneParts.filter((name) => segment[name] > 0)
  return another !== undefined || part?.includes('Prefill') ? undefined : part
}

function merged(a: LaneSegment, b: LaneSegment): LaneSegment {
  return {
    startMs: a.startMs,
    endMs: b.endMs,
    usefulPrefillMs: a.usefulPrefillMs + b.usefulPrefillMs,
    redundantPrefillMs: a.redundantPrefillMs + b.redundantPrefillMs,
    decodeMs: a.decodeMs + b.decodeMs,
    stalledMs: a.stalledMs + b.stalledMs,
    starvedMs: a.starvedMs + b.starvedMs,
    steps: a.steps + b.steps,
  }
}
