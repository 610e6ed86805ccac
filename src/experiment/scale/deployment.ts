import { type Assumptions, assumed, type Bound } from '../../catalog/assumptions.ts'
import { type CatalogGpu, type CatalogLink, type CatalogModel, loadCatalog } from '../../catalog/catalog.ts'
import {
  type KvFormat,
  kvBytesPerTokenOf,
  kvFormats,
  kvHeadsOf,
  type WeightFormat,
  weightBytesOf,
} from '../../catalog/formats.ts'
import { badInput } from '../../errors.ts'
import type { CostModel } from '../../plan/cost-model.ts'
import {
  kvCopies,
  kvRoomBytes,
  linkSpecOf,
  mfuOf,
  poolTokensOf,
  rooflineCost,
  type Serving,
} from '../../plan/roofline.ts'
import { formatBytes } from '../../units.ts'
import type { LinkSpec } from '../../warehouse/link.ts'
import type { WorkloadScale } from '../../workload/workload.ts'

/** What a mock answers for: GPUs, a model, links, and the context length that sets the scale. */
export interface Target {
  readonly gpu: CatalogGpu
  readonly model: CatalogModel
  /** GPUs of a replica. */
  readonly tensorParallel: number
  readonly weightFormat: WeightFormat
  readonly kvFormat: KvFormat
  readonly warehouseLink: CatalogLink
  readonly dramLink: CatalogLink
  readonly contextTokens: number
  /** The model's limit, or what the user puts in its place. */
  readonly maxContextTokens: number
  /** Of each GPU. */
  readonly dramBytes: number
  readonly assumptions: Assumptions
}

/** GPUs as the planner sees them, at the target's own sizes or at the mock's. */
export interface Deployment {
  readonly scale: 'mock' | 'target'
  readonly gpusPerReplica: number
  readonly cost: CostModel
  /** KV bytes of a token in each format for one of the format in use. */
  readonly kvRatios: Readonly<Record<KvFormat, number>>
  /** The share of the GPU's dense peak that its matrix products reach, where it is known. */
  readonly gemmMfu?: number | undefined
  readonly workloadScale: WorkloadScale
  /** HBM pool of a replica, in tokens of KV. */
  readonly poolTokens: number
  readonly maxBatchedTokens: number
  readonly requestOverheadMs: number
  /** Factor on think and arrival times. */
  readonly timeScale: number
  readonly maxContextTokens: number
  readonly contextTokens: number
  /** Of a replica. */
  readonly dramBytes: number
  readonly dramLink: LinkSpec
  readonly warehouseLink: LinkSpec
}

/** Tokens of a KV block at full scale, where no trace sets it. */
export const targetBlockTokens = 64
export const targetMaxBatchedTokens = 8192
export const maxRunning = 256
export const mostTensorParallel = 16

/** One GPU, bf16, the catalogue's assumptions: what a target is where nothing else is said. */
export function targetDefaults(): Pick<Target, 'tensorParallel' | 'weightFormat' | 'kvFormat' | 'assumptions'> {
  return { tensorParallel: 1, weightFormat: 'bf16', kvFormat: 'bf16', assumptions: loadCatalog().assumptions }
}

/**
 * The target at its own sizes.
 * @param tokenScale factor on the workload's lengths
 * @param bound which end of the assumptions' ranges
 */
export function targetDeployment(
  target: Target,
  blockTokens: number,
  tokenScale = 1,
  bound: Bound = 'default',
): Deployment {
  const { gpu, model, tensorParallel } = target
  const serving: Serving = { ...target, bound }
  refuseSplit(model, tensorParallel)
  const poolTokens = poolTokensOf(gpu, model, serving)
  if (poolTokens < blockTokens) throw doesNotFit(gpu, model, serving)
  const copies = kvCopies(model, tensorParallel)
  return {
    scale: 'target',
    kvRatios: kvRatiosOf(target),
    gpusPerReplica: tensorParallel,
    cost: rooflineCost(gpu, model, serving),
    gemmMfu: mfuOf(gpu, serving).gemm,
    workloadScale: { blockTokens, tokenScale, outputScale: tokenScale },
    poolTokens,
    maxBatchedTokens: targetMaxBatchedTokens,
    requestOverheadMs: assumed(target.assumptions, 'requestOverheadMs', bound),
    timeScale: 1,
    maxContextTokens: target.maxContextTokens,
    contextTokens: target.contextTokens,
    dramBytes: target.dramBytes * tensorParallel,
    dramLink: linkSpecOf(target.dramLink, tensorParallel, copies),
    warehouseLink: linkSpecOf(target.warehouseLink, tensorParallel, copies),
  }
}

function kvRatiosOf({ model, kvFormat }: Target): Deployment['kvRatios'] {
  const ratio = (format: KvFormat): number => kvBytesPerTokenOf(model, format) / kvBytesPerTokenOf(model, kvFormat)
  return Object.fromEntries(kvFormats.map((format) => [format, ratio(format)])) as Record<KvFormat, number>
}

/** Numbers of GPUs that a model's heads can be split over, ascending. */
export function splitsOf(model: CatalogModel): number[] {
  const all = Array.from({ length: mostTensorParallel }, (_, i) => i + 1)
  return all.filter((gpus) => splits(model, gpus))
}

/** The fewest GPUs that hold the weights and some KV; undefined when none within `mostTensorParallel` do. */
export function leastTensorParallel(gpu: CatalogGpu, model: CatalogModel, serving: Serving): number | undefined {
  return splitsOf(model).find(
    (tensorParallel) => poolTokensOf(gpu, model, { ...serving, tensorParallel }) >= targetBlockTokens,
  )
}

/** Every GPU takes as many heads as the next; KV heads are split as far as they go, then each is held by several. */
function splits(model: CatalogModel, gpus: number): boolean {
  const kvHeads = kvHeadsOf(model)
  return model.heads % gpus === 0 && (kvHeads % gpus === 0 || gpus % kvHeads === 0)
}

/** Refuses a group of GPUs over which the heads of a model cannot be split. */
export function refuseSplit(model: CatalogModel, gpus: number): void {
  if (Number.isInteger(gpus) && gpus >= 1 && gpus <= mostTensorParallel && splits(model, gpus)) return
  throw badInput(
    '--tp',
    `${model.name} cannot be split over ${gpus} GPUs`,
    `Give one of ${splitsOf(model).join(', ')}.`,
  )
}

function doesNotFit(gpu: CatalogGpu, model: CatalogModel, serving: Serving): Error {
  const { tensorParallel, weightFormat } = serving
  const weights = formatBytes(weightBytesOf(model, weightFormat))
  const room = formatBytes(kvRoomBytes(gpu, model, serving) + weightBytesOf(model, weightFormat))
  const gpus = tensorParallel === 1 ? `one ${gpu.name} has` : `${tensorParallel} × ${gpu.name} have`
  const least = leastTensorParallel(gpu, model, serving)
  const fp8 = weightFormat === 'bf16' ? leastTensorParallel(gpu, model, { ...serving, weightFormat: 'fp8' }) : undefined
  const fix = [
    least === undefined ? undefined : `--tp ${least}`,
    fp8 === undefined ? undefined : `--weights fp8 with --tp ${fp8}`,
    'a larger GPU',
  ].filter((cure) => cure !== undefined)
  return badInput(
    '--gpu',
    `${model.name} in ${weightFormat} takes ${weights} of weights, ${gpus} ${room} for them and KV`,
    `Give ${fix.length === 1 ? fix[0] : `${fix.slice(0, -1).join(', ')} or ${fix.at(-1)}`}.`,
  )
}
