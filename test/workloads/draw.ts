import { seededRandom } from '../../src/random.ts'
import type { Conversation, ConversationWorkload, WorkloadScale } from '../../src/workload/workload.ts'

/** Blocks of one token at a twentieth of the lengths: hits can be counted to the token, and quickly. */
export const tokenByToken: WorkloadScale = { blockTokens: 1, tokenScale: 0.05, outputScale: 0.05 }

export const fullScale: WorkloadScale = { blockTokens: 64, tokenScale: 1, outputScale: 1 }

/** The conversations that `memwall run` draws. */
export function drawConversations(
  workload: ConversationWorkload,
  params: object,
  scale: WorkloadScale,
  seed = 1,
): Conversation[] {
  const random = seededRandom(seed).fork('workload', workload.name)
  return [...workload.conversations(workload.params.parse(params), random, scale)]
}

export function commonBlocks(a: Float64Array, b: Float64Array): number {
  let blocks = 0
  while (blocks < a.length && blocks < b.length && a[blocks] === b[blocks]) blocks++
  return blocks
}
