import type { CostModel } from '../../plan/cost-model.ts'
import { chunkLoad, decodeStepMs, stepMs } from '../../plan/cost-model.ts'
import { type LinkSpec, scaledLink } from '../../warehouse/link.ts'
import {
  type Deployment,
  type Target,
  targetBlockTokens,
  targetDeployment,
  targetMaxBatchedTokens,
} from './deployment.ts'

/** Sizes of the mock that follow from the target without any measurement. */
export interface MockSizes {
  readonly contextTokens: number
  readonly poolTokens: number
  readonly maxBatchedTokens: number
  readonly maxContextTokens: number
  readonly dramBytes: number
}

export function mockSizes(
  target: Deployment,
  tokenScale: number,
  blockTokens: number,
  kvBytesPerToken: number,
): MockSizes {
  const dramTokens = (target.dramBytes / target.cost.kvBytesPerToken) * tokenScale
  return {
    contextTokens: Math.round(target.contextTokens * tokenScale),
    poolTokens: Math.floor(target.poolTokens * tokenScale),
    maxBatchedTokens: Math.max(
      blockTokens,
      Math.floor((targetMaxBatchedTokens * tokenScale) / blockTokens) * blockTokens,
    ),
    maxContextTokens: Math.floor(target.maxContextTokens * tokenScale),
    dramBytes: dramTokens * kvBytesPerToken,
  }
}

/**
 * The mock as a scale model of the target. Recompute ÷ fetch of a context, latency ÷ fetch, think ÷ service time and
 * overhead ÷ prefill are made to agree: link speed and time scale are computed from the mock's cost model. Outputs are
 * stretched until prefill ÷ decode time of a request agrees too.
 */
export function mockDeployment(target: Target, tokenScale: number, blockTokens: number, cost: CostModel): Deployment {
  const full = targetDeployment(target, targetBlockTokens)
  const sizes = mockSizes(full, tokenScale, blockTokens, cost.kvBytesPerToken)
  const { contextTokens } = sizes
  const timeScale =
    contextPrefillMs(cost, contextTokens, sizes.maxBatchedTokens) /
    contextPrefillMs(full.cost, full.contextTokens, full.maxBatchedTokens)
  const bytesRatio = (contextTokens * cost.kvBytesPerToken) / (full.contextTokens * full.cost.kvBytesPerToken)
  const scaleLink = (link: LinkSpec): LinkSpec => scaledLink(link, bytesRatio / timeScale, timeScale)
  // Batches lie between one sequence and as many as the pool holds contexts.
  const residents = (1 + residentContexts(full)) / 2
  const outputScale =
    (decodeStepMs(full.cost, residents, residents * full.contextTokens) * timeScale) /
    decodeStepMs(cost, residents, residents * contextTokens)
  return {
    scale: 'mock',
    gpusPerReplica: full.gpusPerReplica,
    cost,
    kvRatios: full.kvRatios,
    workloadScale: { blockTokens, tokenScale, outputScale },
    poolTokens: sizes.poolTokens,
    maxBatchedTokens: sizes.maxBatchedTokens,
    requestOverheadMs: full.requestOverheadMs * timeScale,
    timeScale,
    maxContextTokens: sizes.maxContextTokens,
    contextTokens,
    dramBytes: sizes.dramBytes,
    dramLink: scaleLink(full.dramLink),
    warehouseLink: scaleLink(full.warehouseLink),
  }
}

/** Time to prefill a context in chunks, with nothing else in the steps; all of it, or what follows `start`. */
export function contextPrefillMs(cost: CostModel, contextTokens: number, chunkTokens: number, start = 0): number {
  let total = 0
  for (let from = start; from < contextTokens; from += chunkTokens) {
    const to = Math.min(contextTokens, from + chunkTokens)
    total += stepMs(cost, chunkLoad(cost, from, to, to === contextTokens))
  }
  return total
}

/** Time to fetch a whole context when nothing else is on the link. */
export function contextFetchMs(deployment: Deployment, link: LinkSpec): number {
  return link.latencyMs + (deployment.contextTokens * deployment.cost.kvBytesPerToken) / link.readBytesPerMs
}

/** Contexts that the HBM pool holds, not rounded. */
export function residentContexts({
  poolTokens,
  contextTokens,
}: Pick<Deployment, 'poolTokens' | 'contextTokens'>): number {
  return poolTokens / contextTokens
}
