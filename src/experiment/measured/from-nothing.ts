import type { AnswerBook } from '../../gpu/answers.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import type { GpuLayout, GpuMemory } from '../../gpu/memory.ts'
import { contentKey } from '../../gpu/tokens.ts'
import { computePrefix } from '../../gpu/warm-kv.ts'
import type { RecordedPlan } from '../../plan/plan.ts'

/** Requests that are computed once more in every run. */
const most = 2

/**
 * Computes the KV of a few requests once more from nothing, on a GPU apart and without any cache, and compares every block
 * with what the arms had: a block that all arms took for another would agree between them, but not with this.
 * Requests that ended last are taken, since their context was put together from the most pieces.
 */
export async function recomputeFromNothing(
  plan: RecordedPlan,
  book: AnswerBook,
  backend: string,
  layout: GpuLayout,
  weights: GpuMemory,
  runTask: RunTask,
): Promise<number> {
  const chosen = plan.requests
    .filter(
      (request) => request.endMs >= 0 && request.hbmHitTokens + request.dramHitTokens + request.warehouseHitTokens > 0,
    )
    .sort((a, b) => b.endMs - a.endMs || a.id - b.id)
    .slice(0, most)
  for (const request of chosen) {
    const tokens = request.turn.promptTokens + request.turn.outputTokens - 1
    const blocks = Math.floor(tokens / layout.blockTokens)
    const prefix = await computePrefix(request, blocks, backend, layout, weights, runTask)
    for (let block = 0; block < blocks; block++) {
      book.checkRecomputed(request, block, contentKey(request, block, layout.blockTokens), prefix.checksum(block))
    }
  }
  return chosen.length
}
