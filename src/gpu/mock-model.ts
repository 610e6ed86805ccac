import { kvBytesPerToken as kvBytes, layerParameters, type ModelShape, projectionParameters } from './model-shape.ts'

/** The mock's model: small enough for a CPU, with attention taking about the share of prefill time that it takes on the target. */
export const mockModel: Omit<ModelShape, 'maxContextTokens'> = {
  layers: 4,
  dModel: 192,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  ffn: 192,
  vocabulary: 512,
}

/** Tokens of a KV block of the mock. */
export const mockBlockTokens = 4

const bytesPerNumber = 4

/** The sizes that its cost model carries. */
export const mockCostSizes = {
  layers: mockModel.layers,
  layerFlopsPerToken: 2 * layerParameters({ ...mockModel, maxContextTokens: 0 }),
  projectionFlopsPerRow: 2 * projectionParameters({ ...mockModel, maxContextTokens: 0 }),
  layerWeightBytes: layerParameters({ ...mockModel, maxContextTokens: 0 }) * bytesPerNumber,
  projectionWeightBytes: projectionParameters({ ...mockModel, maxContextTokens: 0 }) * bytesPerNumber,
  attentionFlopsPerPair: 4 * mockModel.layers * mockModel.heads * mockModel.headDim,
  kvBytesPerToken: kvBytes({ ...mockModel, maxContextTokens: 0 }, bytesPerNumber),
} as const
