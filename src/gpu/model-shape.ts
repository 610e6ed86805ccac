/** Sizes of a decoder-only transformer with grouped-query attention and SwiGLU. */
export interface ModelShape {
  readonly layers: number
  readonly dModel: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly ffn: number
  readonly vocabulary: number
  readonly maxContextTokens: number
}

/** 2 × layers × kv heads × head dim × bytes of a number. */
export function kvBytesPerToken(shape: ModelShape, bytesPerNumber: number): number {
  return 2 * shape.layers * shape.kvHeads * shape.headDim * bytesPerNumber
}

/** Parameters of the matrix products in the layers: q, k, v, output, and the three of SwiGLU. Without tables and norms. */
export function layerParameters(shape: ModelShape): number {
  const attention = shape.dModel * shape.headDim * (2 * shape.heads + 2 * shape.kvHeads)
  return shape.layers * (attention + 3 * shape.dModel * shape.ffn)
}

/** Parameters of the output projection. */
export function projectionParameters(shape: ModelShape): number {
  return shape.vocabulary * shape.dModel
}
