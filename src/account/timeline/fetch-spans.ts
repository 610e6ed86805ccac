/** A stretch of time in which fetches were on their way. */
export interface FetchSpan {
  readonly startMs: number
  readonly endMs: number
  readonly fetches: number
  readonly bytes: number
}

/**
 * The fetches of one replica as stretches that do not overlap, never more than `most` in the end: where there are too
 * many, those with a short gap between them are merged, and what is short doubles until they fit.
 */
export class FetchSpans {
  readonly #most: number
  #spans: FetchSpan[] = []
  #gapMs = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Fetches come as they end. */
  add(span: FetchSpan): void {
    this.#spans.push(span)
    if (this.#spans.length > 4 * this.#most) this.#coarsen(2 * this.#most)
  }

  spans(): readonly FetchSpan[] {
    this.#coarsen(this.#most)
    return this.#spans
  }

  #coarsen(most: number): void {
    this.#spans = joined(this.#spans, this.#gapMs)
    while (this.#spans.length > most) {
      this.#gapMs = this.#gapMs === 0 ? this.#smallestGap() : 2 * this.#gapMs
      this.#spans = joined(this.#spans, this.#gapMs)
    }
  }

  #smallestGap(): number {
    const spans = this.#spans
    return spans.slice(1).reduce((least, { startMs }, i) => Math.min(least, startMs - spans[i]!.endMs), Infinity)
  }
}

function joined(spans: readonly FetchSpan[], gapMs: number): FetchSpan[] {
  const result: FetchSpan[] = []
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = result.at(-1)
    if (last === undefined || span.startMs - last.endMs > gapMs) result.push(span)
    else {
      result[result.length - 1] = {
        startMs: last.startMs,
        endMs: Math.max(last.endMs, span.endMs),
        fetches: last.fetches + span.fetches,
        bytes: last.bytes + span.bytes,
      }
    }
  }
  return result
}
