import type { LoadedWorkload } from './workload-source.ts'

/** Mean prompt of a workload's requests: the context that a live conversation has, on average over its turns. */
export function meanPromptTokens({ pool }: Pick<LoadedWorkload, 'pool'>): number {
  let tokens = 0
  let turns = 0
  for (const conversation of pool.conversations) {
    for (const turn of conversation.turns) tokens += turn.promptTokens
    turns += conversation.turns.length
  }
  return tokens / turns
}
