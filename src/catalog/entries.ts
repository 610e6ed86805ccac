import { z } from 'zod'
import { MemwallError } from '../errors.ts'
import { parseBytes, parseBytesPerMs, parseMs } from '../units.ts'

const share = z.number().positive().max(1)
const count = z.int().positive()
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be one word of letters, digits, ".", "-" and "_"')
const bytes = quantity(parseBytes)
const bytesPerMs = quantity(parseBytesPerMs)
const ms = quantity(parseMs)
/** Where an entry comes from, and single figures of it that come from elsewhere. */
const origin = { source: z.string().min(1), sources: z.record(z.string(), z.string()).optional() }

export const gpuEntry = z.strictObject({
  name,
  bf16TflopsPerSecond: z.number().positive(),
  /** Absent where the GPU has no FP8 units. */
  fp8TflopsPerSecond: z.number().positive().optional(),
  hbm: bytes,
  hbmBandwidth: bytesPerMs,
  interconnect: bytesPerMs,
  boardPowerWatts: z.number().positive().optional(),
  gemmAttainableShare: share,
  attentionAttainableShare: share,
  ...origin,
})

const groupedAttention = { kvHeads: count, headDim: count }

export const modelEntry = z
  .strictObject({
    name,
    aliases: z.array(name).default([]),
    layers: count,
    dModel: count,
    heads: count,
    kvHeads: groupedAttention.kvHeads.optional(),
    headDim: groupedAttention.headDim.optional(),
    /** MLA: one latent and one rotary part a token and layer, in place of keys and values of heads. */
    latentAttention: z.strictObject({ latent: count, rope: count, queryKeyDim: count, valueDim: count }).optional(),
    /** Layers that attend to the last tokens only. */
    window: z.strictObject({ layers: count, tokens: count }).optional(),
    ffn: count.optional(),
    /** Routed experts with SwiGLU of `ffn`, in all layers unless said. */
    experts: z.strictObject({ count, perToken: count, ffn: count, layers: count.optional() }).optional(),
    vocabulary: count,
    tiedEmbeddings: z.boolean().default(false),
    parameters: z.number().positive(),
    activeParameters: z.number().positive().optional(),
    matmulParameters: z.number().positive().optional(),
    maxContextTokens: count,
    ...origin,
  })
  .superRefine((entry, context) => {
    const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
    const hasHeads = entry.kvHeads !== undefined && entry.headDim !== undefined
    if (entry.latentAttention === undefined && !hasHeads)
      refuse('kvHeads', 'needs kvHeads and headDim, or latentAttention')
    if (entry.latentAttention !== undefined && entry.kvHeads !== undefined)
      refuse('kvHeads', 'has no place beside latentAttention')
    if (entry.kvHeads !== undefined && entry.heads % entry.kvHeads !== 0) refuse('kvHeads', 'must divide heads')
    if (entry.window !== undefined && entry.latentAttention !== undefined)
      refuse('window', 'has no place beside latentAttention')
    if (entry.window !== undefined && entry.window.layers > entry.layers)
      refuse('window', 'has more layers than the model')
    if (entry.experts !== undefined && entry.experts.perToken > entry.experts.count)
      refuse('experts', 'a token cannot go through more experts than there are')
    if (entry.experts !== undefined && entry.activeParameters === undefined && entry.matmulParameters === undefined)
      refuse('activeParameters', 'is needed where there are experts')
    if (entry.activeParameters !== undefined && entry.activeParameters > entry.parameters)
      refuse('activeParameters', 'cannot be more than parameters')
    if (entry.matmulParameters !== undefined && entry.matmulParameters > entry.parameters)
      refuse('matmulParameters', 'cannot be more than parameters')
  })
  .transform((entry) => {
    const activeParameters = entry.activeParameters ?? entry.parameters
    const embedding = entry.tiedEmbeddings ? 0 : entry.vocabulary * entry.dModel
    return { ...entry, activeParameters, matmulParameters: entry.matmulParameters ?? activeParameters - embedding }
  })

const shared = z.strictObject({ read: bytesPerMs, write: bytesPerMs })

export const linkEntry = z.strictObject({
  name,
  readPerGpu: bytesPerMs,
  writePerGpu: bytesPerMs,
  latency: ms,
  /** What the GPUs of a host share. */
  host: z.strictObject({ gpus: count, read: bytesPerMs, write: bytesPerMs }).optional(),
  /** What all hosts share. */
  fabric: shared.optional(),
  ...origin,
})

/** A GPU of the catalogue: sizes in bytes, rates per ms. */
export type CatalogGpu = z.output<typeof gpuEntry>
export type CatalogModel = z.output<typeof modelEntry>
export type CatalogLink = z.output<typeof linkEntry>

/** A quantity with its unit; what the parser refuses becomes an issue of the entry. */
function quantity(parse: (text: string, where: string) => number) {
  return z
    .string('must be a quantity with its unit, such as "288 GB", "37.5 GB/s" or "0.5 ms"')
    .transform((text, context) => {
      try {
        return parse(text, '')
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof MemwallError ? error.message : 'is wrong' })
        return z.NEVER
      }
    })
}
