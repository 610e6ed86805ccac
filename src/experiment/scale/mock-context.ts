import { prefillAttentionMs } from '../../plan/cost-model.ts'
import type { Deployment } from './deployment.ts'
import { contextPrefillMs } from './scale-model.ts'

/** FLOPs of the mock's model, as far as attention's share of prefill hangs on them. */
export interface MockFlops {
  readonly layerFlopsPerToken: number
  readonly attentionFlopsPerPair: number
}

/** The mock's kernels do attention a little faster per FLOP than matrix products: docs/decisions.md, "Sizes of the mock's model". */
const attentionSpeed = 1.026
/** Contexts of the mock where that meets the target; longer ones than the most would leave few requests for the budget. */
const usual = 1600
const least = 200
const most = 4000
/** Contexts are whole multiples of it: fine enough for the shortest. */
const grain = 20
/** A ratio within this is met. */
const tolerance = 0.1

/**
 * The context length of the mock at which attention takes the share of prefill time that it takes on the target: it grows
 * with the context, everything else per token does not.
 */
export function mockContextTokens(target: Deployment, flops: MockFlops): number {
  const wanted = attentionShare(target)
  if (Math.abs(mockAttentionShare(usual, flops) / wanted - 1) <= tolerance) return usual
  const { layerFlopsPerToken, attentionFlopsPerPair } = flops
  const tokens = ((wanted / (1 - wanted)) * layerFlopsPerToken * attentionSpeed * 2) / attentionFlopsPerPair
  return Math.round(Math.min(most, Math.max(least, tokens)) / grain) * grain
}

/** Attention's share of the time of a whole context's prefill. */
export function attentionShare(deployment: Deployment): number {
  const { cost, contextTokens, maxBatchedTokens } = deployment
  return prefillAttentionMs(cost, 0, contextTokens) / contextPrefillMs(cost, contextTokens, maxBatchedTokens)
}

function mockAttentionShare(tokens: number, { layerFlopsPerToken, attentionFlopsPerPair }: MockFlops): number {
  const attention = ((tokens / 2) * attentionFlopsPerPair) / attentionSpeed
  return attention / (attention + layerFlopsPerToken)
}
