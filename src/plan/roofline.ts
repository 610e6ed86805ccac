import { type Assumptions, assumed, type Bound } from '../catalog/assumptions.ts'
import { type CatalogGpu, type CatalogLink, type CatalogModel, loadCatalog } from '../catalog/catalog.ts'
import {
  type KvFormat,
  kvBytesPerTokenOf,
  kvHeadsOf,
  type WeightFormat,
  weightBytesOf,
  weightNumberBytes,
  windowKvBytesPerTokenOf,
} from '../catalog/formats.ts'
import type { LinkSpec } from '../warehouse/link.ts'
import type { CostModel, ExpertCost } from './cost-model.ts'

/** How a replica serves its model. */
export interface Serving {
  /** GPUs of the replica: a tensor-parallel group. */
  readonly tensorParallel: number
  readonly weightFormat: WeightFormat
  readonly kvFormat: KvFormat
  readonly assumptions: Assumptions
  /** Which end of the assumptions' ranges. */
  readonly bound: Bound
}

/** Share of a GPU's memory that is not for weights and KV. */
export const hbmReserveRatio = 0.1
/** Activations cross the interconnect in bf16. */
const activationBytes = 2
/** Sequences whose windows have room set aside: as many as may run. */
const windowSequences = 256

/** One GPU, bf16, the catalogue's own assumptions. */
export function plainServing(): Serving {
  const { assumptions } = loadCatalog()
  return { tensorParallel: 1, weightFormat: 'bf16', kvFormat: 'bf16', assumptions, bound: 'default' }
}

/** The cost model of a group of catalogue GPUs that serves a catalogue model. */
export function rooflineCost(gpu: CatalogGpu, model: CatalogModel, serving = plainServing()): CostModel {
  const { tensorParallel: gpus, weightFormat, kvFormat, assumptions, bound } = serving
  const projection = model.vocabulary * model.dModel
  const numberBytes = weightNumberBytes(weightFormat)
  const experts = expertsOf(model, numberBytes)
  const denseLayers =
    experts === undefined
      ? model.matmulParameters - projection
      : model.parameters -
        (model.tiedEmbeddings ? 1 : 2) * projection -
        (experts.count * experts.weightBytes) / numberBytes
  const mfu = mfuOf(gpu, serving)
  const hbmBytesPerMs = gpu.hbmBandwidth * assumed(assumptions, 'hbmBandwidthShare', bound) * gpus
  return {
    layers: model.layers,
    layerFlopsPerToken: 2 * (model.matmulParameters - projection),
    projectionFlopsPerRow: 2 * projection,
    layerWeightBytes: denseLayers * numberBytes,
    projectionWeightBytes: projection * numberBytes,
    experts,
    ...attentionOf(model, kvFormat),
    kvBytesPerToken: kvBytesPerTokenOf(model, kvFormat),
    allReduceMsPerToken: allReduceMs(gpu, model, serving),
    linearFlopsPerMs: mfu.gemmPeakFlopsPerMs * mfu.gemm * gpus,
    attentionFlopsPerMs: mfu.attentionPeakFlopsPerMs * mfu.attention * gpus,
    weightBytesPerMs: hbmBytesPerMs,
    kvBytesPerMs: hbmBytesPerMs / kvCopies(model, gpus),
    stepOverheadMs: assumed(assumptions, 'stepOverheadMs', bound),
    decodeRowMs: 0,
  }
}

/** Model FLOP utilisation as users know it: the share of a GPU's dense peak that matrix products and attention reach. */
export function mfuOf(gpu: CatalogGpu, { weightFormat, assumptions, bound }: Serving) {
  const fp8 = weightFormat === 'fp8' ? gpu.fp8TflopsPerSecond : undefined
  const gemmShare = assumed(assumptions, fp8 === undefined ? 'gemmBf16Share' : 'gemmFp8Share', bound)
  return {
    /** Attainable share × what an engine keeps of it. */
    gemm: gpu.gemmAttainableShare * gemmShare,
    attention: gpu.attentionAttainableShare * assumed(assumptions, 'attentionShare', bound),
    gemmPeakFlopsPerMs: (fp8 ?? gpu.bf16TflopsPerSecond) * 1e9,
    attentionPeakFlopsPerMs: gpu.bf16TflopsPerSecond * 1e9,
  }
}

/** Copies of each KV head in a group: beyond as many GPUs as the model has KV heads, several hold the same one. */
export function kvCopies(model: CatalogModel, gpus: number): number {
  return Math.max(1, gpus / kvHeadsOf(model))
}

/** Memory × (1 − reserve) − weights − windows of all that may run, in tokens of KV; negative when weights do not fit. */
export function poolTokensOf(gpu: CatalogGpu, model: CatalogModel, serving = plainServing()): number {
  const { tensorParallel, kvFormat } = serving
  const copies = kvCopies(model, tensorParallel)
  const windowBytes = windowSequences * (model.window?.tokens ?? 0) * windowKvBytesPerTokenOf(model, kvFormat)
  const room = kvRoomBytes(gpu, model, serving) - windowBytes * copies
  return Math.floor(room / (kvBytesPerTokenOf(model, kvFormat) * copies))
}

/** Memory × (1 − reserve) − weights of a group. */
export function kvRoomBytes(gpu: CatalogGpu, model: CatalogModel, serving: Serving): number {
  return gpu.hbm * serving.tensorParallel * (1 - hbmReserveRatio) - weightBytesOf(model, serving.weightFormat)
}

/**
 * A catalogue link as a replica sees it: its GPUs' own links together, within what their hosts allow. KV that several of
 * its GPUs hold is read by each and written by one.
 */
export function linkSpecOf(link: CatalogLink, gpus = 1, copies = 1): LinkSpec {
  const host = link.host && {
    replicas: Math.max(1, Math.floor(link.host.gpus / gpus)),
    readBytesPerMs: (link.host.read * Math.max(1, gpus / link.host.gpus)) / copies,
    writeBytesPerMs: link.host.write * Math.max(1, gpus / link.host.gpus),
  }
  return {
    name: link.name,
    readBytesPerMs: Math.min((link.readPerGpu * gpus) / copies, host?.readBytesPerMs ?? Number.POSITIVE_INFINITY),
    writeBytesPerMs: Math.min((link.writePerGpu * gpus) / copies, host?.writeBytesPerMs ?? Number.POSITIVE_INFINITY),
    latencyMs: link.latency,
    host,
    fabric: link.fabric && { readBytesPerMs: link.fabric.read / copies, writeBytesPerMs: link.fabric.write },
  }
}

/** Three matrices of SwiGLU for each expert and layer. */
function expertsOf({ experts, dModel, layers }: CatalogModel, numberBytes: number): ExpertCost | undefined {
  if (experts === undefined) return undefined
  const weightBytes = 3 * dModel * experts.ffn * (experts.layers ?? layers) * numberBytes
  return { count: experts.count, perToken: experts.perToken, weightBytes }
}

function attentionOf(model: CatalogModel, kvFormat: KvFormat) {
  const { heads, layers, latentAttention, headDim, window } = model
  if (latentAttention !== undefined) {
    const { latent, rope, queryKeyDim, valueDim } = latentAttention
    return {
      attentionFlopsPerPair: 2 * heads * (queryKeyDim + valueDim) * layers,
      decodeAttentionFlopsPerPair: 2 * heads * (2 * latent + rope) * layers,
    }
  }
  const layerFlops = 4 * heads * headDim!
  const fullFlops = layerFlops * (layers - (window?.layers ?? 0))
  return {
    attentionFlopsPerPair: fullFlops,
    decodeAttentionFlopsPerPair: fullFlops,
    window: window && {
      tokens: window.tokens,
      attentionFlopsPerPair: layerFlops * window.layers,
      kvBytesPerToken: windowKvBytesPerTokenOf(model, kvFormat),
    },
  }
}

/** Two all-reduces a layer, each of which moves 2(t − 1) ÷ t of a token's activations through every GPU. */
function allReduceMs(gpu: CatalogGpu, model: CatalogModel, { tensorParallel, assumptions, bound }: Serving): number {
  const bytes = 2 * model.layers * model.dModel * activationBytes * ((2 * (tensorParallel - 1)) / tensorParallel)
  return bytes / (gpu.interconnect * assumed(assumptions, 'allReduceEfficiency', bound))
}
