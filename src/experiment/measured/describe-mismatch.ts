import type { Mismatch } from '../../gpu/answers.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import { locateDifference } from '../../gpu/locate-difference.ts'
import type { Machine } from '../../gpu/machine.ts'
import { createGpuMemory, kvBlock } from '../../gpu/memory.ts'
import { requestKey } from '../../gpu/tokens.ts'
import { computePrefix } from '../../gpu/warm-kv.ts'
import { initialise } from '../../gpu/weights.ts'

/**
 * Says where a computation differs: arm, request, and for a block the layer and position at which its KV leaves what a
 * computation from nothing gives. The block is read where it lies now; when it was overwritten since, only its place in
 * the sequence is known.
 */
export async function describeMismatch(
  mismatch: Mismatch,
  machine: Machine,
  backend: string,
  weightsSeed: number,
  runTask: RunTask,
): Promise<string> {
  const { kind, arm, firstArm, request, index, replica, slot, chosen, expected: before } = mismatch
  const name = ` of request ${requestKey(request)}`
  if (kind === 'logits') {
    return `${arm}: logits of output ${index}${name} differ from those of ${firstArm} (token ${chosen} chosen, ${before} before)`
  }
  const { layout } = machine.gpus[replica]!
  const weights = createGpuMemory(layout)
  initialise(weights, weightsSeed)
  const expected = await computePrefix(request, index + 1, backend, layout, weights, runTask)
  const difference =
    slot < 0 ? undefined : locateDifference(layout, expected.bytes(index), kvBlock(machine.gpus[replica]!, slot))
  const first = index * layout.blockTokens
  const where =
    difference === undefined
      ? `positions ${first} to ${first + layout.blockTokens - 1}`
      : `layer ${difference.layer}, KV head ${difference.kvHead}, ${difference.part}, position ${first + difference.offset}`
  const from = kind === 'transfer' ? 'what was stored' : `that of ${firstArm}`
  return `${arm}: block ${index}${name} differs from ${from}: ${where}`
}
