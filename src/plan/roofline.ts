import type { CatalogGpu, CatalogLink, CatalogModel } from '../catalog/catalog.ts'
import type { LinkSpec } from '../warehouse/link.ts'
import type { CostModel } from './cost-model.ts'

/** What an engine keeps of what kernels attain, and other effective rates: facts.md, defaults of the cost model. */
export const engineShare = { gemm: 0.75, attention: 0.75, hbmBandwidth: 0.7 } as const
export const stepOverheadMs = 2
export const requestOverheadMs = 20
/** Share of a GPU's memory that is not for weights and KV. */
export const hbmReserveRatio = 0.1
/** bf16. */
export const bytesPerNumber = 2

/** The cost model of a catalogue GPU that serves a catalogue model alone, in bf16. */
export function rooflineCost(gpu: CatalogGpu, model: CatalogModel): CostModel {
  const peakFlopsPerMs = gpu.bf16TflopsPerSecond * 1e9
  const projection = model.vocabulary * model.dModel
  const layers = model.matmulParameters - projection
  const hbmBytesPerMs = gpu.hbmBandwidth * engineShare.hbmBandwidth
  return {
    layerFlopsPerToken: 2 * layers,
    projectionFlopsPerRow: 2 * projection,
    layerWeightBytes: layers * bytesPerNumber,
    projectionWeightBytes: projection * bytesPerNumber,
    attentionFlopsPerPair: 4 * model.layers * model.heads * model.headDim,
    kvBytesPerToken: 2 * model.layers * model.kvHeads * model.headDim * bytesPerNumber,
    linearFlopsPerMs: peakFlopsPerMs * gpu.gemmAttainableShare * engineShare.gemm,
    attentionFlopsPerMs: peakFlopsPerMs * gpu.attentionAttainableShare * engineShare.attention,
    weightBytesPerMs: hbmBytesPerMs,
    kvBytesPerMs: hbmBytesPerMs,
    stepOverheadMs,
    decodeRowMs: 0,
  }
}

/** Memory × (1 − reserve) − weights, in tokens of KV; negative when the weights do not fit. */
export function poolTokensOf(gpu: CatalogGpu, model: CatalogModel): number {
  const kvBytesPerToken = 2 * model.layers * model.kvHeads * model.headDim * bytesPerNumber
  return Math.floor((gpu.hbm * (1 - hbmReserveRatio) - model.parameters * bytesPerNumber) / kvBytesPerToken)
}

/** A catalogue link as one GPU per replica sees it. */
export function linkSpecOf(link: CatalogLink): LinkSpec {
  return {
    name: link.name,
    readBytesPerMs: link.readPerGpu,
    writeBytesPerMs: link.writePerGpu,
    latencyMs: link.latency,
    host: link.host && {
      replicas: link.host.gpus,
      readBytesPerMs: link.host.read,
      writeBytesPerMs: link.host.write,
    },
  }
}
