import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { unknownName } from '../errors.ts'
import { rootUrl } from '../root.ts'
import { parseBytes, parseBytesPerMs, parseMs } from '../units.ts'

const bytes = z.string().transform((text) => parseBytes(text, 'catalog'))
const bytesPerMs = z.string().transform((text) => parseBytesPerMs(text, 'catalog'))
const share = z.number().positive().max(1)

const gpu = z.strictObject({
  name: z.string(),
  bf16TflopsPerSecond: z.number().positive(),
  hbm: bytes,
  hbmBandwidth: bytesPerMs,
  gemmAttainableShare: share,
  attentionAttainableShare: share,
  source: z.string(),
})

const model = z.strictObject({
  name: z.string(),
  layers: z.int().positive(),
  dModel: z.int().positive(),
  heads: z.int().positive(),
  kvHeads: z.int().positive(),
  headDim: z.int().positive(),
  ffn: z.int().positive(),
  vocabulary: z.int().positive(),
  parameters: z.number().positive(),
  matmulParameters: z.number().positive(),
  maxContextTokens: z.int().positive(),
  source: z.string(),
})

const link = z.strictObject({
  name: z.string(),
  readPerGpu: bytesPerMs,
  writePerGpu: bytesPerMs,
  latency: z.string().transform((text) => parseMs(text, 'catalog')),
  host: z.strictObject({ gpus: z.int().positive(), read: bytesPerMs, write: bytesPerMs }).optional(),
  source: z.string(),
})

/** A GPU of the catalogue: sizes in bytes, rates per ms. */
export type CatalogGpu = z.output<typeof gpu>
export type CatalogModel = z.output<typeof model>
export type CatalogLink = z.output<typeof link>

const gpus = once(() => read('gpus', gpu))
const models = once(() => read('models', model))
const links = once(() => read('links', link))

export const readGpu = (name: string): CatalogGpu => find(gpus(), 'GPU', name)
export const readModel = (name: string): CatalogModel => find(models(), 'model', name)
export const readLink = (name: string): CatalogLink => find(links(), 'link', name)

/** A file of the catalogue is read when it is first asked for, and kept. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function read<T extends z.ZodType>(file: string, schema: T): z.output<T>[] {
  return z.array(schema).parse(parse(readFileSync(new URL(`catalog/${file}.yaml`, rootUrl), 'utf8')))
}

function find<T extends { readonly name: string }>(entries: readonly T[], kind: string, name: string): T {
  const entry = entries.find((candidate) => candidate.name === name)
  if (entry === undefined)
    throw unknownName(
      'catalog',
      kind,
      name,
      entries.map((candidate) => candidate.name),
    )
  return entry
}
