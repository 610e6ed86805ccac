import { type RequestFacts, runMs, type StepSegment, stepsToReach, type TimelineSink } from '../plan/timeline.ts'

/** Sums over the window of one arm; times in ms, `…Tokens` in tokens. */
export interface WindowTotals {
  openMs: number
  closeMs: number
  outputTokens: number
  usefulPrefillMs: number
  redundantPrefillMs: number
  decodeMs: number
  stalledMs: number
  starvedMs: number
  requestsAdmitted: number
  requestsEnded: number
  promptTokens: number
  hbmHitTokens: number
  lowerHitTokens: number
  ceilingTokens: number
  recomputedAfterPreemptionTokens: number
  readonly ttftMs: number[]
  readonly tpotMs: number[]
  readonly e2eMs: number[]
}

/**
 * Keeps the books of a window: tokens count when they are produced, hits for requests first admitted in it, TTFT for
 * first tokens in it, TPOT and E2E for ends in it. Steps and idle stretches that cross its edges are clipped.
 */
export class Collector implements TimelineSink {
  readonly totals: WindowTotals = {
    openMs: Number.NaN,
    closeMs: Number.NaN,
    outputTokens: 0,
    usefulPrefillMs: 0,
    redundantPrefillMs: 0,
    decodeMs: 0,
    stalledMs: 0,
    starvedMs: 0,
    requestsAdmitted: 0,
    requestsEnded: 0,
    promptTokens: 0,
    hbmHitTokens: 0,
    lowerHitTokens: 0,
    ceilingTokens: 0,
    recomputedAfterPreemptionTokens: 0,
    ttftMs: [],
    tpotMs: [],
    e2eMs: [],
  }
  #window: 'before' | 'open' | 'closed' = 'before'

  windowOpens(atMs: number): void {
    this.#window = 'open'
    this.totals.openMs = atMs
  }

  windowCloses(atMs: number): void {
    this.#window = 'closed'
    this.totals.closeMs = atMs
  }

  step(segment: StepSegment): void {
    const inside = this.#inside(segment.startMs, segment.endMs)
    if (inside === undefined) return
    const { totals } = this
    const durationMs = segment.endMs - segment.startMs
    const share = durationMs > 0 ? (inside.toMs - inside.fromMs) / durationMs : 1
    const stepsInside = stepsEnded(segment, inside.toMs) - stepsEndedBy(segment, totals.openMs)
    totals.outputTokens += stepsInside * segment.outputTokensPerStep
    totals.usefulPrefillMs += segment.usefulPrefillMs * share
    totals.redundantPrefillMs += segment.redundantPrefillMs * share
    totals.decodeMs += (durationMs - segment.usefulPrefillMs - segment.redundantPrefillMs) * share
  }

  idle(_replica: number, fromMs: number, toMs: number, kind: 'stalled' | 'starved'): void {
    const inside = this.#inside(fromMs, toMs)
    if (inside === undefined) return
    if (kind === 'stalled') this.totals.stalledMs += inside.toMs - inside.fromMs
    else this.totals.starvedMs += inside.toMs - inside.fromMs
  }

  admitted(request: RequestFacts): void {
    if (this.#window !== 'open') return
    const { totals } = this
    totals.requestsAdmitted++
    totals.promptTokens += request.promptTokens
    totals.hbmHitTokens += request.hbmHitTokens
    totals.lowerHitTokens += request.lowerHitTokens
    totals.ceilingTokens += request.ceilingTokens
  }

  recomputed(tokens: number): void {
    if (this.#window === 'open') this.totals.recomputedAfterPreemptionTokens += tokens
  }

  firstToken(request: RequestFacts): void {
    if (this.#window === 'open') this.totals.ttftMs.push(request.firstTokenMs - request.arrivalMs)
  }

  ended(request: RequestFacts, atMs: number): void {
    if (this.#window !== 'open') return
    this.totals.requestsEnded++
    this.totals.e2eMs.push(atMs - request.arrivalMs)
    if (request.outputTokens > 1) {
      this.totals.tpotMs.push((atMs - request.firstTokenMs) / (request.outputTokens - 1))
    }
  }

  #inside(fromMs: number, toMs: number): { fromMs: number; toMs: number } | undefined {
    if (this.#window === 'before') return undefined
    const from = Math.max(fromMs, this.totals.openMs)
    const to = this.#window === 'closed' ? Math.min(toMs, this.totals.closeMs) : toMs
    return to >= from && toMs > this.totals.openMs ? { fromMs: from, toMs: to } : undefined
  }
}

/** Steps of the run that end at or before `atMs`. */
function stepsEnded(segment: StepSegment, atMs: number): number {
  if (atMs >= segment.endMs) return segment.steps
  return stepsEndedBy(segment, atMs)
}

function stepsEndedBy(segment: StepSegment, atMs: number): number {
  const elapsed = atMs - segment.startMs
  if (elapsed <= 0) return 0
  const { firstStepMs, growthMs } = segment
  const reached = stepsToReach(firstStepMs, growthMs, elapsed, segment.steps)
  return runMs(firstStepMs, growthMs, reached) <= elapsed ? reached : reached - 1
}
