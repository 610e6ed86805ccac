import { Sequence } from '../../src/plan/engine/sequence.ts'
import type { RecordedPlan } from '../../src/plan/plan.ts'

/** A recorded plan as text: every operation with its slots and times, and what became of every request. */
export function serialize(plan: RecordedPlan): string {
  const ops = JSON.stringify(plan, (_, value: unknown) => {
    if (value instanceof Sequence) return value.id
    return ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value
  })
  const requests = plan.requests.map((request) => [
    request.id,
    request.session.seat,
    request.session.ordinal,
    request.turnIndex,
    request.replica,
    request.afterRequest,
    request.delayMs,
    request.arrivalMs,
    request.admittedMs,
    request.firstTokenMs,
    request.endMs,
    request.hbmHitTokens,
    request.dramHitTokens,
    request.warehouseHitTokens,
    request.ceilingTokens,
  ])
  return ops + JSON.stringify(requests)
}
