import type { Report } from '../../report/report.ts'
import { quantiles } from '../../statistics/quantile.ts'
import type { ConversationPool } from '../../workload/pool.ts'
import type { RunFigures } from './run-figures.ts'

/** Prompt tokens of all requests that are asked, each once. */
export function promptTokensOf({ conversations }: ConversationPool): number {
  return conversations.reduce((sum, { turns }) => sum + turns.reduce((own, turn) => own + turn.promptTokens, 0), 0)
}

/** Lengths of the workload itself, brought back to the target's scale. */
export function workloadFigures({ workload, deployment }: RunFigures): Report['workload'] {
  const turns = workload.pool.conversations.flatMap((conversation) => conversation.turns)
  const { tokenScale, outputScale } = deployment.workloadScale
  const isMock = deployment.scale === 'mock'
  const prompts = turns.map((turn) => turn.promptTokens / (isMock ? tokenScale : 1))
  const outputs = turns.reduce((sum, turn) => sum + turn.outputTokens, 0) / turns.length
  return {
    promptMeanTokens: prompts.reduce((sum, tokens) => sum + tokens, 0) / prompts.length,
    promptP90Tokens: quantiles(prompts, [0.9])[0]!,
    outputMeanTokens: outputs / (isMock ? outputScale : 1),
  }
}
