import { type RequestFacts, runMs, type StepSegment, stepsToReach, type TimelineSink } from '../plan/timeline.ts'
import { emptyTotals, sumOfTotals, type WindowTotals } from './window-totals.ts'

/**
 * Keeps the books of a window: tokens count when they are produced, hits for requests first admitted in it, TTFT for
 * first tokens in it, TPOT and E2E for ends in it. Steps and idle stretches that cross its edges are clipped.
 */
export class Collector implements TimelineSink {
  #openMs = Number.NaN
  #closeMs = Number.NaN
  readonly #replicas: WindowTotals[] = []
  #window: 'before' | 'open' | 'closed' = 'before'

  windowOpens(atMs: number): void {
    this.#window = 'open'
    this.#openMs = atMs
    this.#replicas.forEach((totals) => {
      totals.openMs = atMs
    })
  }

  windowCloses(atMs: number): void {
    this.#window = 'closed'
    this.#closeMs = atMs
    this.#replicas.forEach((totals) => {
      totals.closeMs = atMs
    })
  }

  step(segment: StepSegment): void {
    const inside = this.#inside(segment.startMs, segment.endMs)
    if (inside === undefined) return
    const totals = this.#of(segment.replica)
    const durationMs = segment.endMs - segment.startMs
    const share = durationMs > 0 ? (inside.toMs - inside.fromMs) / durationMs : 1
    const stepsInside = stepsEnded(segment, inside.toMs) - stepsEndedBy(segment, this.#openMs)
    totals.outputTokens += stepsInside * segment.outputTokensPerStep
    totals.usefulPrefillMs += segment.usefulPrefillMs * share
    totals.redundantPrefillMs += segment.redundantPrefillMs * share
    totals.decodeMs += (durationMs - segment.usefulPrefillMs - segment.redundantPrefillMs) * share
  }

  idle(replica: number, fromMs: number, toMs: number, kind: 'stalled' | 'starved'): void {
    const inside = this.#inside(fromMs, toMs)
    if (inside === undefined) return
    const totals = this.#of(replica)
    if (kind === 'stalled') totals.stalledMs += inside.toMs - inside.fromMs
    else totals.starvedMs += inside.toMs - inside.fromMs
  }

  admitted(request: RequestFacts): void {
    if (this.#window !== 'open') return
    const totals = this.#of(request.replica)
    totals.requestsAdmitted++
    totals.promptTokens += request.promptTokens
    totals.hbmHitTokens += request.hbmHitTokens
    totals.dramHitTokens += request.dramHitTokens
    totals.warehouseHitTokens += request.warehouseHitTokens
    totals.ceilingTokens += request.ceilingTokens
  }

  recomputed(replica: number, tokens: number): void {
    if (this.#window === 'open') this.#of(replica).recomputedAfterPreemptionTokens += tokens
  }

  firstToken(request: RequestFacts): void {
    if (this.#window === 'open') this.#of(request.replica).ttftMs.push(request.firstTokenMs - request.arrivalMs)
  }

  ended(request: RequestFacts, atMs: number): void {
    if (this.#window !== 'open') return
    const totals = this.#of(request.replica)
    totals.requestsEnded++
    totals.e2eMs.push(atMs - request.arrivalMs)
    if (request.outputTokens > 1) {
      totals.tpotMs.push((atMs - request.firstTokenMs) / (request.outputTokens - 1))
    }
  }

  /** The totals of all replicas. */
  get totals(): WindowTotals {
    return sumOfTotals(this.replicas, this.#openMs, this.#closeMs)
  }

  /** The totals of each replica that did anything, by its number. */
  get replicas(): readonly WindowTotals[] {
    return Array.from(this.#replicas, (totals) => totals ?? emptyTotals(this.#openMs, this.#closeMs))
  }

  #of(replica: number): WindowTotals {
    const known = this.#replicas[replica]
    if (known !== undefined) return known
    const totals = emptyTotals(this.#openMs, this.#closeMs)
    this.#replicas[replica] = totals
    return totals
  }

  #inside(fromMs: number, toMs: number): { fromMs: number; toMs: number } | undefined {
    if (this.#window === 'before') return undefined
    const from = Math.max(fromMs, this.#openMs)
    const to = this.#window === 'closed' ? Math.min(toMs, this.#closeMs) : toMs
    return to >= from && toMs > this.#openMs ? { fromMs: from, toMs: to } : undefined
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
