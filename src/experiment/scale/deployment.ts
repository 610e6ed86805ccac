import type { CatalogGpu, CatalogLink, CatalogModel } from '../../catalog/catalog.ts'
import type { KvFormat } from '../../catalog/formats.ts'
import { badInput } from '../../errors.ts'
import type { CostModel } from '../../plan/cost-model.ts'
import { linkSpecOf, poolTokensOf, requestOverheadMs, rooflineCost } from '../../plan/roofline.ts'
import type { LinkSpec } from '../../warehouse/link.ts'
import type { WorkloadScale } from '../../workload/workload.ts'

/** What a mock answers for: a GPU, a model, links, and the context length that sets the scale. */
export interface Target {
  readonly gpu: CatalogGpu
  readonly model: CatalogModel
  readonly warehouseLink: CatalogLink
  readonly dramLink: CatalogLink
  readonly contextTokens: number
  /** The model's limit, or what the user puts in its place. */
  readonly maxContextTokens: number
  readonly dramBytes: number
}

/** GPUs as the planner sees them, at the target's own sizes or at the mock's. */
export interface Deployment {
  readonly scale: 'mock' | 'target'
  readonly cost: CostModel
  /** GPUs of a tensor-parallel group. */
  readonly gpusPerReplica: number
  /** KV bytes of a token in each format for one of the format in use. */
  readonly kvRatios: Readonly<Record<KvFormat, number>>
  readonly workloadScale: WorkloadScale
  /** HBM pool of a replica, in tokens of KV. */
  readonly poolTokens: number
  readonly maxBatchedTokens: number
  readonly requestOverheadMs: number
  /** Factor on think and arrival times. */
  readonly timeScale: number
  readonly maxContextTokens: number
  readonly contextTokens: number
  readonly dramBytes: number
  readonly dramLink: LinkSpec
  readonly warehouseLink: LinkSpec
}

/** Tokens of a KV block at full scale, where no trace sets it. */
export const targetBlockTokens = 64
export const targetMaxBatchedTokens = 8192
export const maxRunning = 256

/** The target at its own sizes. @param tokenScale factor on the workload's lengths */
export function targetDeployment(target: Target, blockTokens: number, tokenScale = 1): Deployment {
  const { gpu, model } = target
  const poolTokens = poolTokensOf(gpu, model)
  if (poolTokens < blockTokens) {
    throw badInput(
      gpu.name,
      `its HBM cannot hold the weights of ${model.name}`,
      'Choose a larger GPU or a smaller model.',
    )
  }
  return {
    scale: 'target',
    cost: rooflineCost(gpu, model),
    gpusPerReplica: 1,
    kvRatios: { bf16: 1, fp8: 0.5, int8: 0.5 + 1 / model.headDim },
    workloadScale: { blockTokens, tokenScale, outputScale: tokenScale },
    poolTokens,
    maxBatchedTokens: targetMaxBatchedTokens,
    requestOverheadMs,
    timeScale: 1,
    maxContextTokens: target.maxContextTokens,
    contextTokens: target.contextTokens,
    dramBytes: target.dramBytes,
    dramLink: linkSpecOf(target.dramLink),
    warehouseLink: linkSpecOf(target.warehouseLink),
  }
}
