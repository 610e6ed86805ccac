import { type PlannedOp, plannedMs, type RecordedPlan } from '../plan/plan.ts'
import { inOrder } from './program.ts'

/** A stretch of one replica's operations that may run once others have reached given points. */
export interface Segment {
  readonly replica: number
  /** Operations from..to of the replica's list. */
  readonly from: number
  readonly to: number
  /** Per other replica that matters: how many of its operations must have ended. */
  readonly after: readonly { readonly replica: number; readonly ops: number }[]
}

/** A slice of a plan: about equal predicted work in each. */
export interface Slice {
  readonly segments: readonly Segment[]
}

/**
 * Cuts a plan into slices of equal predicted compute time, and each slice into segments that end where a replica must wait
 * for another: a reader of a lower slot comes after its writer, an overwrite after all readers of what was there.
 */
export function cutSlices(plan: RecordedPlan, count: number): Slice[] {
  const order = inOrder(plan)
  const waits = crossWaits(plan, order)
  const totalMs = order.reduce((sum, op) => sum + plannedMs(op), 0)
  const done = plan.ops.map(() => 0)
  const slices: Slice[] = []
  let spentMs = 0
  let at = 0
  for (let slice = 1; slice <= count; slice++) {
    const from = [...done]
    while (at < order.length && (slice === count || spentMs < (totalMs * slice) / count)) {
      spentMs += plannedMs(order[at]!)
      done[order[at]!.replica]!++
      at++
    }
    slices.push({
      segments: from.flatMap((start, replica) => segmentsOf(replica, start, done[replica]!, waits[replica]!, from)),
    })
  }
  return slices
}

/** Everything before an operation of the plan, one stretch after the other: no two replicas at once. */
export function slicesBefore(plan: RecordedPlan, order: number): Slice[] {
  const done = plan.ops.map(() => 0)
  const segments: { replica: number; from: number; to: number; after: [] }[] = []
  for (const { replica } of inOrder(plan).filter((op) => op.order < order)) {
    const at = done[replica]!++
    const last = segments.at(-1)
    if (last?.replica === replica) last.to++
    else segments.push({ replica, from: at, to: at + 1, after: [] })
  }
  return segments.map((segment) => ({ segments: [segment] }))
}

type Waits = Map<number, Map<number, number>>

/** Per replica and operation: how far other replicas must have come. */
function crossWaits(plan: RecordedPlan, order: readonly PlannedOp[]): Waits[] {
  const waits: Waits[] = plan.ops.map(() => new Map())
  if (!plan.lowerShared) return waits
  const position = plan.ops.map(() => 0)
  const lastWriter = new Map<number, readonly [replica: number, op: number]>()
  const readers = new Map<number, (readonly [replica: number, op: number])[]>()
  const wait = (replica: number, op: number, on: readonly [number, number] | undefined): void => {
    if (on === undefined || on[0] === replica) return
    const known = waits[replica]!.get(op) ?? new Map<number, number>()
    known.set(on[0], Math.max(known.get(on[0]) ?? 0, on[1] + 1))
    waits[replica]!.set(op, known)
  }
  for (const op of order) {
    const me = [op.replica, position[op.replica]!++] as const
    if (op.kind === 'admit') {
      for (const slot of op.fetch?.fromSlots ?? []) {
        wait(me[0], me[1], lastWriter.get(slot))
        const known = readers.get(slot)
        if (known) known.push(me)
        else readers.set(slot, [me])
      }
    } else {
      for (const slot of op.store?.toSlots ?? []) {
        wait(me[0], me[1], lastWriter.get(slot))
        for (const reader of readers.get(slot) ?? []) wait(me[0], me[1], reader)
        lastWriter.set(slot, me)
        readers.delete(slot)
      }
    }
  }
  return waits
}

function segmentsOf(
  replica: number,
  start: number,
  end: number,
  waits: Waits,
  doneBefore: readonly number[],
): Segment[] {
  const segments: Segment[] = []
  let from = start
  let after: Segment['after'] = []
  for (let op = start; op < end; op++) {
    const needed = [...(waits.get(op) ?? [])]
      .filter(([other, ops]) => ops > doneBefore[other]!)
      .map(([other, ops]) => ({ replica: other, ops }))
    if (needed.length === 0) continue
    if (op > from) segments.push({ replica, from, to: op, after })
    from = op
    after = needed
  }
  if (end > from) segments.push({ replica, from, to: end, after })
  return segments
}
