import { unknownName } from '../errors.ts'
import type { CatalogModel } from './entries.ts'

/** Number formats. int8 KV carries a 2-byte scale for each token and head, keys and values apart. */
export const kvFormats = ['bf16', 'fp8', 'int8'] as const
/** fp8 weights compute in FP8 where the GPU can; int8 are widened to bf16 before they compute. */
export const weightFormats = ['bf16', 'fp8', 'int8'] as const
export type KvFormat = (typeof kvFormats)[number]
export type WeightFormat = (typeof weightFormats)[number]

export const parseKvFormat = (name: string): KvFormat => formatOf(kvFormats, 'KV format', '--kv', name)
export const parseWeightFormat = (name: string): WeightFormat =>
  formatOf(weightFormats, 'weight format', '--weights', name)

function formatOf<T extends string>(formats: readonly T[], kind: string, where: string, name: string): T {
  const format = formats.find((candidate) => candidate === name)
  if (format === undefined) throw unknownName(where, kind, name, formats)
  return format
}

const bytesOf: Readonly<Record<KvFormat | WeightFormat, number>> = { bf16: 2, fp8: 1, int8: 1 }
const scaleBytes: Readonly<Record<KvFormat, number>> = { bf16: 0, fp8: 0, int8: 2 }

export function weightNumberBytes(format: WeightFormat): number {
  return bytesOf[format]
}

/** Everything that must lie in HBM before any KV. */
export function weightBytesOf(model: CatalogModel, format: WeightFormat): number {
  return model.parameters * weightNumberBytes(format)
}

/** KV of a token in the layers that attend to everything: what grows with the context. */
export function kvBytesPerTokenOf(model: CatalogModel, format: KvFormat): number {
  return (model.layers - (model.window?.layers ?? 0)) * layerKvBytes(model, format)
}

/** KV of a token in the layers with a window; of a sequence at most `window.tokens` of them are kept. */
export function windowKvBytesPerTokenOf(model: CatalogModel, format: KvFormat): number {
  return (model.window?.layers ?? 0) * layerKvBytes(model, format)
}

/** KV of a sequence of so many tokens. */
export function sequenceKvBytes(model: CatalogModel, format: KvFormat, tokens: number): number {
  const windowTokens = Math.min(tokens, model.window?.tokens ?? 0)
  return tokens * kvBytesPerTokenOf(model, format) + windowTokens * windowKvBytesPerTokenOf(model, format)
}

/** KV heads as tensor parallelism splits them: MLA has one that all GPUs need. */
export function kvHeadsOf(model: CatalogModel): number {
  return model.latentAttention === undefined ? model.kvHeads! : 1
}

function layerKvBytes({ latentAttention, kvHeads, headDim }: CatalogModel, format: KvFormat): number {
  const bytes = bytesOf[format]
  const scale = scaleBytes[format]
  if (latentAttention !== undefined) return (latentAttention.latent + latentAttention.rope) * bytes + scale
  return 2 * kvHeads! * (headDim! * bytes + scale)
}
