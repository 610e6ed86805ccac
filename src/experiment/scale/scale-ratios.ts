import type { ArmMetrics } from '../../account/metrics.ts'
import { type CostModel, touchedWeightBytes } from '../../plan/cost-model.ts'
import type { ConversationPool } from '../../workload/pool.ts'
import type { Deployment } from './deployment.ts'
import { attentionShare } from './mock-context.ts'
import { contextFetchMs, contextPrefillMs, residentContexts } from './scale-model.ts'

/** A ratio that decides the outcome, on the target and on the mock. */
export interface ScaleRatio {
  readonly ratio: string
  readonly target: number
  readonly mock: number
  /** mock ÷ target − 1. */
  readonly mismatch: number
}

/** One side at its operating point. */
export interface OperatingPoint {
  readonly deployment: Deployment
  readonly pool: ConversationPool
  readonly replicas: number
  readonly sessionsPerReplica: number
  readonly thinkCapMs: number
  /** Of the warehouse arm, and of the baseline where the ratio is about what it does. */
  readonly warehouse: ArmMetrics
  readonly baseline: ArmMetrics
}

const ratios: readonly { readonly name: string; readonly of: (point: OperatingPoint) => number }[] = [
  { name: 'recompute ÷ fetch of a context', of: ({ deployment }) => recomputeMs(deployment) / fetchMs(deployment) },
  {
    name: 'latency ÷ fetch of a context',
    of: ({ deployment }) => deployment.warehouseLink.latencyMs / fetchMs(deployment),
  },
  { name: 'HBM pool ÷ context', of: ({ deployment }) => residentContexts(deployment) },
  {
    name: 'DRAM ÷ HBM pool',
    of: ({ deployment }) => deployment.dramBytes / (deployment.poolTokens * deployment.cost.kvBytesPerToken),
  },
  { name: 'sessions per replica', of: ({ sessionsPerReplica }) => sessionsPerReplica },
  { name: 'replicas', of: ({ replicas }) => replicas },
  { name: 'mean prompt ÷ context', of: ({ pool, deployment }) => meanPrompt(pool) / deployment.contextTokens },
  { name: 'new-token share (1 − ceiling)', of: ({ warehouse }) => 1 - warehouse.ceilingHitRate },
  {
    name: 'new-token prefill ÷ decode, GPU time of the warehouse arm',
    of: ({ warehouse }) => warehouse.gpuTimeShare.usefulPrefill / warehouse.gpuTimeShare.decode,
  },
  {
    name: 'prefill ÷ decode, GPU time of the baseline',
    of: ({ baseline: { gpuTimeShare } }) =>
      (gpuTimeShare.usefulPrefill + gpuTimeShare.redundantPrefill) / gpuTimeShare.decode,
  },
  {
    name: 'full-prompt prefill ÷ decode time of a request',
    of: ({ deployment, pool, warehouse }) =>
      contextPrefillMs(deployment.cost, Math.round(meanPrompt(pool)), deployment.maxBatchedTokens) /
      ((warehouse.tpotMs.p50 ?? Number.NaN) * meanOutput(pool)),
  },
  { name: 'attention’s share of prefill time', of: ({ deployment }) => attentionShare(deployment) },
  {
    name: 'block ÷ new tokens of a turn',
    of: ({ pool, warehouse }) => pool.blockTokens / (meanPrompt(pool) * (1 - warehouse.ceilingHitRate)),
  },
  {
    name: 'weight bytes ÷ KV bytes of a sequence in a decode step',
    of: ({ deployment: { cost, contextTokens } }) =>
      touchedWeightBytes(cost, 1, 1) / (contextTokens * cost.kvBytesPerToken),
  },
  {
    name: 'think ÷ service time, medians',
    of: ({ pool, deployment, thinkCapMs, warehouse }) =>
      (medianThinkMs(pool, thinkCapMs) * deployment.timeScale) / (warehouse.e2eMs.p50 ?? Number.NaN),
  },
  {
    name: 'request overhead ÷ full-prompt prefill',
    of: ({ deployment }) => deployment.requestOverheadMs / recomputeMs(deployment),
  },
]

/** The ratios of design.md, "The scale model", as far as both sides have them. */
export function scaleRatios(target: OperatingPoint, mock: OperatingPoint): ScaleRatio[] {
  return ratios
    .map(({ name, of }) => ratioOf(name, of(target), of(mock)))
    .filter(({ target: a, mock: b }) => Number.isFinite(a) && Number.isFinite(b))
}

export function ratioOf(ratio: string, target: number, mock: number): ScaleRatio {
  return { ratio, target, mock, mismatch: mock / target - 1 }
}

/**
 * The target's cost model with the mock's decode curve: on a CPU a batch of decodes takes as long as its sequences one by
 * one. What reading the weights takes beyond the matrix products is charged to each sequence instead, so that a step with as
 * many sequences as the pool holds contexts costs the same. What this changes in the multiplier is what the mock cannot show.
 */
export function withUnbatchedDecode(deployment: Deployment): CostModel {
  const { cost } = deployment
  const residents = residentContexts(deployment)
  const weightsMs = touchedWeightBytes(cost, residents, 1) / cost.weightBytesPerMs
  const productsMs = (residents * (cost.layerFlopsPerToken + cost.projectionFlopsPerRow)) / cost.linearFlopsPerMs
  return {
    ...cost,
    weightBytesPerMs: Number.MAX_SAFE_INTEGER,
    decodeRowMs: cost.decodeRowMs + Math.max(0, weightsMs - productsMs) / residents,
  }
}

function recomputeMs({ cost, contextTokens, maxBatchedTokens }: Deployment): number {
  return contextPrefillMs(cost, contextTokens, maxBatchedTokens)
}

function fetchMs(deployment: Deployment): number {
  return contextFetchMs(deployment, deployment.warehouseLink)
}

function meanPrompt(pool: ConversationPool): number {
  return meanOver(pool, (turn) => turn.promptTokens)
}

function meanOutput(pool: ConversationPool): number {
  return meanOver(pool, (turn) => turn.outputTokens)
}

type PoolTurn = ConversationPool['conversations'][number]['turns'][number]

function meanOver(pool: ConversationPool, value: (turn: PoolTurn) => number): number {
  const turns = pool.conversations.flatMap((conversation) => conversation.turns)
  return turns.reduce((sum, turn) => sum + value(turn), 0) / turns.length
}

function medianThinkMs(pool: ConversationPool, capMs: number): number {
  const thinks = pool.conversations.flatMap(({ turns }) => turns.map((turn) => Math.min(turn.thinkMs, capMs)))
  return thinks.sort((a, b) => a - b)[Math.floor(thinks.length / 2)]!
}
