import {
  addChunk,
  type CostModel,
  decodeGrowthMs,
  decodeStepMs,
  emptyLoad,
  prefillMs,
  type StepLoad,
  stepMs,
} from '../cost-model.ts'
import type { PlanInput } from '../plan-input.ts'
import { runMs } from '../timeline.ts'
import type { PrefillChunk, Replica, RunningStep } from './replica.ts'
import type { Sequence } from './sequence.ts'

/**
 * Forms the next step of a replica: every running sequence decodes one token, the rest of the token budget goes to
 * prefills in order of admission, cut into chunks. Undefined when nothing can run.
 * @param preempt puts the sequence admitted last back at the head of the queue; false when there is none to put back
 * @param longestRun decode steps that may be advanced at once; 1 makes each step its own
 */
export function formStep(
  replica: Replica,
  input: PlanInput,
  nowMs: number,
  preempt: (replica: Replica) => Sequence | undefined,
  longestRun: number,
): RunningStep | undefined {
  const { blockTokens } = input.pool
  const decoding: Sequence[] = []
  let runLimit = longestRun
  for (let i = 0; i < replica.running.length && decoding.length < input.maxBatchedTokens; i++) {
    const sequence = replica.running[i]!
    if (sequence.state !== 'decoding') continue
    let hasSlot = replica.ensureSlot(sequence, blockTokens)
    while (!hasSlot) {
      const victim = preempt(replica)
      // What was put back may find room again as soon as the next step.
      runLimit = 1
      if (victim === undefined || victim === sequence) break
      hasSlot = replica.ensureSlot(sequence, blockTokens)
    }
    if (hasSlot) decoding.push(sequence)
  }
  const prefills = choosePrefills(replica, input.maxBatchedTokens - decoding.length)
  if (decoding.length === 0 && prefills.length === 0) return undefined

  const windowTokens = input.cost.window?.tokens
  const load = loadOf(decoding, prefills, windowTokens)
  const firstStepMs = stepMs(input.cost, load)
  const growthMs = prefills.length === 0 ? decodeGrowthMs(input.cost, decoding.length, load.growingWindows) : 0
  const steps = prefills.length === 0 ? Math.min(runLimit, runLength(decoding, blockTokens, windowTokens)) : 1
  const { usefulPrefillMs, redundantPrefillMs } = splitPrefill(input.cost, load, prefills, firstStepMs)
  const endMs = nowMs + runMs(firstStepMs, growthMs, steps)
  return {
    startMs: nowMs,
    firstStepMs,
    growthMs,
    steps,
    endMs,
    decoding,
    prefills,
    usefulPrefillMs,
    redundantPrefillMs,
    load,
    heldBy: prefills.filter(isHeld).length,
    isOverdue: false,
    stalledMs: 0,
  }
}

/** Computes behind positions that are still being fetched: layer by layer, as they come. */
function isHeld({ sequence, from }: PrefillChunk): boolean {
  return sequence.fetchPending && from >= sequence.gapTo
}

function choosePrefills(replica: Replica, budgetTokens: number): RunningStep['prefills'] {
  const prefills: PrefillChunk[] = []
  let left = budgetTokens
  for (const sequence of replica.running) {
    if (left === 0) break
    if (sequence.state !== 'prefilling') continue
    const from = sequence.computedTokens
    const to = Math.min(sequence.prefillLimit, from + left)
    prefills.push({ sequence, from, to })
    left -= to - from
  }
  return prefills
}

function loadOf(
  decoding: readonly Sequence[],
  prefills: RunningStep['prefills'],
  windowTokens: number | undefined,
): StepLoad {
  const load = emptyLoad()
  load.decodes = decoding.length
  load.sampledRows = decoding.length
  for (const { computedTokens } of decoding) {
    const contextTokens = computedTokens + 1
    load.decodeContextTokens += contextTokens
    if (windowTokens === undefined) continue
    load.decodeWindowTokens += Math.min(contextTokens, windowTokens)
    if (contextTokens < windowTokens) load.growingWindows++
  }
  for (const { sequence, from, to } of prefills) {
    addChunk(load, from, to, windowTokens)
    if (to === sequence.prefillTarget) load.sampledRows++
  }
  return load
}

/** Steps until the first of these ends, completes a block, or fills its window: what can be advanced in closed form. */
function runLength(decoding: readonly Sequence[], blockTokens: number, windowTokens = 0): number {
  let steps = Infinity
  for (const sequence of decoding) {
    const toEnd = sequence.turn.outputTokens - sequence.generatedTokens
    const toBlock = blockTokens - (sequence.computedTokens % blockTokens)
    steps = Math.min(steps, toEnd, toBlock)
    if (sequence.computedTokens + 1 < windowTokens) steps = Math.min(steps, windowTokens - sequence.computedTokens)
  }
  return steps
}

/** A step's prefill time is what it takes beyond its decodes alone; it is redundant in proportion to its redundant positions' cost. */
function splitPrefill(
  cost: CostModel,
  load: StepLoad,
  prefills: RunningStep['prefills'],
  durationMs: number,
): { usefulPrefillMs: number; redundantPrefillMs: number } {
  if (prefills.length === 0) return { usefulPrefillMs: 0, redundantPrefillMs: 0 }
  const decodeMs =
    load.decodes === 0 ? 0 : decodeStepMs(cost, load.decodes, load.decodeContextTokens, load.decodeWindowTokens)
  let all = 0
  let redundant = 0
  for (const { sequence, from, to } of prefills) {
    const split = Math.min(to, Math.max(from, sequence.redundantUntil))
    redundant += prefillMs(cost, from, split)
    all += prefillMs(cost, from, to)
  }
  const prefillPartMs = Math.max(0, durationMs - decodeMs)
  const redundantPrefillMs = (prefillPartMs * redundant) / all
  return { usefulPrefillMs: prefillPartMs - redundantPrefillMs, redundantPrefillMs }
}
