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
  /** Within 10 %, or within the limit that the ratio has. */
  readonly met: boolean
  /** Why it is not met; empty where it is. */
  readonly reason: string
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

interface RatioSpec {
  readonly name: string
  readonly of: (point: OperatingPoint) => number
  /** Why a mock may not meet it. */
  readonly reason: string
  /** On mock and target the ratio need only be as small as this. */
  readonly most?: number
}

/** A mismatch up to this is agreement. */
const tolerance = 0.1

const computed =
  'the link, the time scale and the sizes are computed from the calibration; sizes are rounded to whole blocks'
const drawn = 'the windows hold other requests: more of them bring it closer'
const batching = 'a CPU gains nothing from batching decodes; outputs are stretched for one batch size only'

const ratios: readonly RatioSpec[] = [
  {
    name: 'recompute ÷ fetch of a context',
    reason: computed,
    of: ({ deployment }) => recomputeMs(deployment) / fetchMs(deployment),
  },
  {
    name: 'latency ÷ fetch of a context',
    reason: computed,
    of: ({ deployment }) => deployment.warehouseLink.latencyMs / fetchMs(deployment),
  },
  { name: 'HBM pool ÷ context', reason: computed, of: ({ deployment }) => residentContexts(deployment) },
  {
    name: 'DRAM ÷ HBM pool',
    reason: computed,
    of: ({ deployment }) => deployment.dramBytes / (deployment.poolTokens * deployment.cost.kvBytesPerToken),
  },
  { name: 'sessions per replica', reason: computed, of: ({ sessionsPerReplica }) => sessionsPerReplica },
  { name: 'replicas', reason: computed, of: ({ replicas }) => replicas },
  {
    name: 'mean prompt ÷ context',
    reason: computed,
    of: ({ pool, deployment }) => meanPrompt(pool) / deployment.contextTokens,
  },
  { name: 'new-token share (1 − ceiling)', reason: drawn, of: ({ warehouse }) => 1 - warehouse.ceilingHitRate },
  {
    name: 'new-token prefill ÷ decode, GPU time of the warehouse arm',
    reason: batching,
    of: ({ warehouse }) => warehouse.gpuTimeShare.usefulPrefill / warehouse.gpuTimeShare.decode,
  },
  {
    name: 'prefill ÷ decode, GPU time of the baseline',
    reason: batching,
    of: ({ baseline: { gpuTimeShare } }) =>
      (gpuTimeShare.usefulPrefill + gpuTimeShare.redundantPrefill) / gpuTimeShare.decode,
  },
  {
    name: 'full-prompt prefill ÷ decode time of a request',
    reason: batching,
    of: ({ deployment, pool, warehouse }) =>
      contextPrefillMs(deployment.cost, Math.round(meanPrompt(pool)), deployment.maxBatchedTokens) /
      ((warehouse.tpotMs.p50 ?? Number.NaN) * meanOutput(pool)),
  },
  {
    name: 'attention’s share of prefill time',
    reason: 'the context that meets it is longer or shorter than a mock can afford, or another was asked for',
    of: ({ deployment }) => attentionShare(deployment),
  },
  {
    name: 'block ÷ new tokens of a turn',
    reason: 'a block of the mock has a few tokens, a turn not many more',
    most: 0.1,
    of: ({ pool, warehouse }) => pool.blockTokens / (meanPrompt(pool) * (1 - warehouse.ceilingHitRate)),
  },
  {
    name: 'weight bytes ÷ KV bytes of a sequence in a decode step',
    reason:
      'as many weights for its KV would leave a CPU no time for attention; the target is planned with the mock’s value beside it',
    of: ({ deployment: { cost, contextTokens } }) =>
      touchedWeightBytes(cost, 1, 1) / (contextTokens * cost.kvBytesPerToken),
  },
  {
    name: 'think ÷ service time, medians',
    reason: `service times are those of few requests, and ${batching}`,
    of: ({ pool, deployment, thinkCapMs, warehouse }) =>
      (medianThinkMs(pool, thinkCapMs) * deployment.timeScale) / (warehouse.e2eMs.p50 ?? Number.NaN),
  },
  {
    name: 'request overhead ÷ full-prompt prefill',
    reason: computed,
    of: ({ deployment }) => deployment.requestOverheadMs / recomputeMs(deployment),
  },
]

/** The ratios by which a mock answers for a target, as far as both sides have them. */
export function scaleRatios(target: OperatingPoint, mock: OperatingPoint): ScaleRatio[] {
  return ratios
    .map((spec) => ratioOf(spec, spec.of(target), spec.of(mock)))
    .filter(({ target: a, mock: b }) => Number.isFinite(a) && Number.isFinite(b))
}

function ratioOf({ name, reason, most }: RatioSpec, target: number, mock: number): ScaleRatio {
  const mismatch = mock / target - 1
  const met = Math.abs(mismatch) <= tolerance || (most !== undefined && target <= most && mock <= most)
  return { ratio: name, target, mock, mismatch, met, reason: met ? '' : reason }
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
