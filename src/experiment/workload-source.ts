import { badInput } from '../errors.ts'
import { seededRandom } from '../random.ts'
import { cutConversations, cutTimed } from '../workload/cut.ts'
import { type ConversationPool, compilePool, compileTimed } from '../workload/pool.ts'
import { readTrace } from '../workload/trace.ts'
import type { Conversation, ConversationWorkload, WorkloadScale } from '../workload/workload.ts'
import type { Deployment } from './scale/deployment.ts'

/** Where requests come from. Plain data: it may be sent to another thread. */
export type WorkloadSource =
  | { readonly kind: 'workload'; readonly name: string; readonly params: Record<string, unknown> }
  | {
      readonly kind: 'trace'
      readonly path: string
      readonly limit: number | undefined
      readonly sharePrefix: boolean
      /** The trace's own blocks are kept. */
      readonly ownBlocks: boolean
    }

/** What is left out of a workload because it fits no GPU: by the model's context, and by the pool. */
export interface CutLimits {
  /** Limit of the model, at this scale. */
  readonly maxContextTokens: number
  readonly poolTokens: number
}

export function cutLimits({ maxContextTokens, poolTokens }: Deployment): CutLimits {
  return { maxContextTokens, poolTokens }
}

/** Whole blocks of the pool, in tokens. */
function usableTokens({ poolTokens }: CutLimits, blockTokens: number): number {
  return Math.floor(poolTokens / blockTokens) * blockTokens
}

export interface Cut {
  readonly conversationsCut: number
  readonly conversationsDropped: number
  readonly requests: number
  readonly promptTokens: number
}

/** A workload ready for the planner. */
export interface LoadedWorkload {
  readonly pool: ConversationPool
  /** Arrival times of a trace without sessions. */
  readonly arrivalsMs: Float64Array | undefined
  readonly cut: Cut
}

/** Reads or generates a workload at a scale, cuts what fits nowhere, and numbers its blocks. */
export async function loadWorkload(
  source: WorkloadSource,
  workloads: readonly ConversationWorkload[],
  scale: WorkloadScale,
  limits: CutLimits,
  seed: number,
): Promise<LoadedWorkload> {
  if (source.kind === 'workload') {
    const workload = workloads.find(({ name }) => name === source.name)!
    const params = workload.params.parse(source.params)
    const random = seededRandom(seed).fork('workload', source.name)
    return compiled([...workload.conversations(params, random, scale)], scale, scale.blockTokens, limits, source.name)
  }
  const trace = await readTrace(source.path, {
    scale: { ...scale, blockTokens: source.ownBlocks ? undefined : scale.blockTokens },
    limit: source.limit,
    sharePrefix: source.sharePrefix,
  })
  if (trace.kind === 'conversations')
    return compiled(trace.conversations, scale, trace.blockTokens, limits, source.path)
  const byContext = cutTimed(trace.requests, limits.maxContextTokens, outputWeight(scale))
  const byPool = cutTimed(byContext.requests, usableTokens(limits, trace.blockTokens))
  if (byPool.requests.length === 0) throw nothingLeft(source.path, limits)
  const { arrivalsMs, ...pool } = compileTimed(byPool.requests, trace.blockTokens)
  return {
    pool,
    arrivalsMs,
    cut: {
      conversationsCut: 0,
      conversationsDropped: 0,
      requests: byContext.cut.requests + byPool.cut.requests,
      promptTokens: byContext.cut.promptTokens + byPool.cut.promptTokens,
    },
  }
}

function compiled(
  conversations: readonly Conversation[],
  scale: WorkloadScale,
  blockTokens: number,
  limits: CutLimits,
  where: string,
): LoadedWorkload {
  const byContext = cutConversations(conversations, limits.maxContextTokens, outputWeight(scale))
  const byPool = cutConversations(byContext.conversations, usableTokens(limits, blockTokens))
  if (byPool.conversations.length === 0) throw nothingLeft(where, limits)
  return {
    pool: compilePool(byPool.conversations, blockTokens),
    arrivalsMs: undefined,
    cut: {
      conversationsCut: byContext.cut.conversationsCut + byPool.cut.conversationsCut,
      conversationsDropped: byContext.cut.conversationsDropped + byPool.cut.conversationsDropped,
      requests: byContext.cut.requests + byPool.cut.requests,
      promptTokens: byContext.cut.promptTokens + byPool.cut.promptTokens,
    },
  }
}

/** Stretched outputs count at the scale of prompts, so that mock and target cut the same conversations. */
function outputWeight({ tokenScale, outputScale }: WorkloadScale): number {
  return Math.min(1, tokenScale / outputScale)
}

function nothingLeft(where: string, { maxContextTokens }: CutLimits): Error {
  return badInput(
    where,
    `no request fits a context of ${maxContextTokens} tokens and the HBM pool`,
    'Raise --max-context, or use a smaller --token-scale.',
  )
}
