/** A step, or a run of decode steps of the same sequences, each `growthMs` longer than the one before. */
export interface StepSegment {
  readonly replica: number
  readonly startMs: number
  readonly endMs: number
  readonly steps: number
  readonly firstStepMs: number
  readonly growthMs: number
  /** Output tokens at the end of each step. */
  readonly outputTokensPerStep: number
  /** Parts of the duration; with the rest, decode, they sum to it. */
  readonly usefulPrefillMs: number
  readonly redundantPrefillMs: number
}

/** What the accounting reads of a request. */
export interface RequestFacts {
  readonly replica: number
  /** Of its conversation, counted from 0. */
  readonly turn: number
  readonly promptTokens: number
  readonly outputTokens: number
  readonly hbmHitTokens: number
  readonly dramHitTokens: number
  readonly warehouseHitTokens: number
  readonly ceilingTokens: number
  readonly arrivalMs: number
  readonly firstTokenMs: number
}

/** What memories hold at one instant, in blocks that are found or in use; evictions are counted from the start. */
export interface MemoryGauge {
  readonly hbmBlocks: number
  /** Of these, blocks that a sequence, a fetch or a store holds. */
  readonly pinnedBlocks: number
  readonly evictions: number
  /** Of the store of each lower tier that serves the replica. */
  readonly lowerBlocks: readonly number[]
}

/** Told what happens, in the order of time; the plan and the replay of measured durations speak to the same one. */
export interface TimelineSink {
  windowOpens(atMs: number): void
  windowCloses(atMs: number): void
  step(segment: StepSegment): void
  idle(replica: number, fromMs: number, toMs: number, kind: 'stalled' | 'starved'): void
  admitted(request: RequestFacts): void
  firstToken(request: RequestFacts): void
  ended(request: RequestFacts, atMs: number): void
  /** Prompt positions computed again because their sequence had been preempted. */
  recomputed(replica: number, tokens: number): void
  /** A fetch has ended. */
  fetched?(replica: number, startMs: number, endMs: number, bytes: number): void
  /** What the memories hold at the end of a step, before the requests that end with it let go. Taken only where it is asked for. */
  gauge?(replica: number, atMs: number, gauge: MemoryGauge): void
}

/** Duration of the first `steps` steps of a run. */
export function runMs(firstStepMs: number, growthMs: number, steps: number): number {
  return steps * firstStepMs + (growthMs * steps * (steps - 1)) / 2
}

/** The fewest steps of a run whose duration reaches `elapsedMs`; at least 1, at most `limit`. */
export function stepsToReach(firstStepMs: number, growthMs: number, elapsedMs: number, limit: number): number {
  const linear = firstStepMs - growthMs / 2
  const root =
    growthMs === 0
      ? elapsedMs / firstStepMs
      : (-linear + Math.sqrt(linear * linear + 2 * growthMs * elapsedMs)) / growthMs
  let steps = Math.min(limit, Math.max(1, Math.floor(root)))
  while (steps > 1 && runMs(firstStepMs, growthMs, steps - 1) >= elapsedMs) steps--
  while (steps < limit && runMs(firstStepMs, growthMs, steps) < elapsedMs) steps++
  return steps
}
