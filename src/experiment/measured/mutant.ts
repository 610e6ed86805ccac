import type { AnswerBook } from '../../gpu/answers.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import type { Machine } from '../../gpu/machine.ts'
import { type Slice, slicesBefore } from '../../gpu/slices.ts'
import type { WarmKv } from '../../gpu/warm-kv.ts'
import type { Sequence } from '../../plan/engine/sequence.ts'
import type { FetchOp } from '../../plan/plan.ts'
import { storeSlot } from '../../warehouse/store-memory.ts'

/** What the mutants showed. */
export interface MutantResult {
  /** A flipped high bit of a fetched block changed the logits of the request that read it. */
  readonly logitsNoticed: boolean
  /** A flipped low bit of another was seen by the checksum. */
  readonly checksumNoticed: boolean
}

interface Target {
  readonly replica: number
  readonly request: Sequence
  readonly fetch: FetchOp
  /** Place of its admission in the plan's order, and in its replica's list. */
  readonly order: number
  readonly at: number
  /** Operations of the replica up to the step that samples the request's next token. */
  readonly ops: number
}

const highBit = 27
const lowBit = 0

/**
 * Two extra replays of the first operations of an arm, each with one bit of a block flipped in the lower tier just before
 * it is fetched: a check that cannot fail is no check. Undefined when the plan fetches nothing.
 */
export async function runMutants(
  machine: Machine,
  warm: WarmKv,
  book: AnswerBook,
  runTask: RunTask,
): Promise<MutantResult | undefined> {
  const target = findTarget(machine)
  if (target === undefined) return undefined
  const blocks = target.fetch.fromSlots.length
  const high = await replayWithFlip(machine, warm, book, runTask, target, Math.floor(blocks / 2), highBit)
  const low = await replayWithFlip(machine, warm, book, runTask, target, blocks - 1, lowBit)
  const readBy = (request: Sequence) => high.some((found) => found.kind === 'logits' && found.request === request)
  const lowSlot = target.fetch.toSlots[blocks - 1]
  return {
    logitsNoticed: readBy(target.request),
    checksumNoticed: low.some(
      (found) => found.kind === 'transfer' && found.slot === lowSlot && found.request === target.request,
    ),
  }
}

async function replayWithFlip(
  machine: Machine,
  warm: WarmKv,
  book: AnswerBook,
  runTask: RunTask,
  { replica, fetch, order, at, ops }: Target,
  block: number,
  bit: number,
): Promise<AnswerBook['mismatches']> {
  machine.reset(warm)
  for (const slice of slicesBefore(machine.plan, order)) await machine.run(slice, runTask)
  const store = machine.stores[machine.plan.lowerShared ? 0 : replica]!
  const bytes = storeSlot(store, fetch.fromSlots[block]!)
  // A word in the middle of the block.
  const word = Math.floor(bytes.length / 8) * 4
  bytes[word + (bit >> 3)]! ^= 1 << (bit & 7)
  const slice: Slice = { segments: [{ replica, from: at, to: ops, after: [] }] }
  const checking = book.copy()
  for (const result of await machine.run(slice, runTask)) {
    checking.check('mutant', machine.plan.ops[replica]!, result, machine.gpus[replica]!.layout.blockTokens)
  }
  return checking.mismatches
}

/** The first fetch of the plan with more than one block. */
function findTarget({ plan }: Machine): Target | undefined {
  const candidates = plan.ops.flatMap((ops, replica) => {
    const at = ops.findIndex((op) => op.kind === 'admit' && (op.fetch?.fromSlots.length ?? 0) > 1)
    const op = ops[at]
    if (op?.kind !== 'admit' || op.fetch === undefined) return []
    const { request, fetch, order } = op
    const sampledAt = ops.findIndex(
      (later, i) => i > at && later.kind === 'step' && later.prefills.some((p) => p.sample && p.request === request),
    )
    return sampledAt < 0 ? [] : [{ replica, request, fetch, order, at, ops: sampledAt + 1 }]
  })
  return candidates.sort((a, b) => a.order - b.order)[0]
}
