import type { Sequence } from '../plan/engine/sequence.ts'
import type { AdmitOp, FetchOp, PlannedOp, RecordedPlan, StepOp, StoreOp } from '../plan/plan.ts'
import { tokensOf } from './tokens.ts'

/** Operation codes of a program's words. */
export const opcode = { fetch: 1, store: 2, step: 3 } as const

/**
 * A replica's operations as words in shared memory, written once and run by any thread as often as needed.
 *
 *     fetch:  1, n, n × (lower slot, HBM slot, generation expected)
 *     store:  2, n, n × (HBM slot, lower slot)
 *     step:   3, prefills, decodes, completed,
 *             prefills × (sample, start, n, n tokens, m, m slots), decodes × (token, position, m, m slots), completed × slot
 */
export interface Program {
  readonly words: SharedArrayBuffer
  /** First word of operation i of the plan's list; one more entry for the end. An admission without a fetch has no words. */
  readonly offsets: Int32Array
}

/** Encodes every replica's operations. Generations follow from the order of all operations of the plan. */
export function encodePrograms(plan: RecordedPlan, blockTokens: number, vocabulary: number): Program[] {
  const generations = plan.warmLower.map((blocks) => new Map(blocks.map(({ slot }) => [slot, 1])))
  const generationOf = (replica: number): Map<number, number> =>
    generations[plan.lowerShared ? 0 : replica] ?? new Map()
  const words: number[][] = plan.ops.map(() => [])
  const offsets: number[][] = plan.ops.map(() => [])
  const tokens = new Map<Sequence, Int32Array>()
  const tokensFor = (request: Sequence): Int32Array => {
    const known = tokens.get(request) ?? tokensOf(request, blockTokens, vocabulary)
    tokens.set(request, known)
    return known
  }
  for (const op of inOrder(plan)) {
    const out = words[op.replica]!
    offsets[op.replica]!.push(out.length)
    if (op.kind === 'admit') {
      if (op.fetch) encodeFetch(out, op.fetch, generationOf(op.replica))
    } else {
      encodeStep(out, op, tokensFor)
      if (op.store) encodeStore(out, op.store, generationOf(op.replica))
    }
  }
  return words.map((list, replica) => ({
    words: shared(list),
    offsets: Int32Array.from([...offsets[replica]!, list.length]),
  }))
}

/** All operations of all replicas in the plan's order. */
export function inOrder(plan: RecordedPlan): PlannedOp[] {
  return plan.ops.flat().sort((a: AdmitOp | StepOp, b: AdmitOp | StepOp) => a.order - b.order)
}

function encodeFetch(out: number[], fetch: FetchOp, generations: Map<number, number>): void {
  out.push(opcode.fetch, fetch.fromSlots.length)
  fetch.fromSlots.forEach((from, i) => {
    out.push(from, fetch.toSlots[i]!, generations.get(from) ?? 0)
  })
}

function encodeStore(out: number[], store: StoreOp, generations: Map<number, number>): void {
  out.push(opcode.store, store.fromSlots.length)
  store.fromSlots.forEach((from, i) => {
    const to = store.toSlots[i]!
    out.push(from, to)
    generations.set(to, (generations.get(to) ?? 0) + 1)
  })
}

function encodeStep(out: number[], step: StepOp, tokensFor: (request: Sequence) => Int32Array): void {
  out.push(opcode.step, step.prefills.length, step.decodes.length, step.completed.length)
  for (const { request, from, to, blockTable, sample } of step.prefills) {
    out.push(sample ? 1 : 0, from, to - from)
    pushAll(out, tokensFor(request).subarray(from, to))
    out.push(blockTable.length)
    pushAll(out, blockTable)
  }
  for (const { request, position, blockTable } of step.decodes) {
    out.push(tokensFor(request)[position]!, position, blockTable.length)
    pushAll(out, blockTable)
  }
  for (const { slot } of step.completed) out.push(slot)
}

function pushAll(out: number[], values: Int32Array): void {
  for (const value of values) out.push(value)
}

function shared(list: readonly number[]): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(Math.max(4, list.length * 4))
  new Int32Array(buffer).set(list)
  return buffer
}
