import { z } from 'zod'
import { kvFormats, weightFormats } from '../../catalog/formats.ts'
import { entryError, readYaml } from '../../catalog/read-entries.ts'
import { badInput } from '../../errors.ts'
import { rootUrl } from '../../root.ts'

const count = z.int().positive()

const setup = z.strictObject({
  engine: z.string(),
  gpu: z.string(),
  model: z.string(),
  tensorParallel: count,
  weights: z.enum(weightFormats),
  kv: z.enum(kvFormats),
  link: z.string(),
})

const base = {
  id: z.string(),
  published: z.number().positive(),
  /** Key of a source. */
  source: z.string(),
  role: z.enum(['fit', 'test', 'unexplained']),
  note: z.string().optional(),
  /** What the source leaves open. */
  assumed: z.string().optional(),
}

/** TTFT of one context in ms, or how many times faster a fetch is. A first turn is computed and stored, which nobody waits for. */
const timed = z.strictObject({
  ...base,
  kind: z.enum(['recompute', 'first-turn', 'fetch', 'speedup']),
  setup: z.string(),
  contextTokens: count,
  /** Measured without what precedes the first step. */
  withoutOverhead: z.boolean().default(false),
  /** Another setup that the source allows. */
  alternative: z.string().optional(),
})

const kvBytes = z.strictObject({
  ...base,
  kind: z.literal('kv-bytes'),
  model: z.string(),
  kv: z.enum(kvFormats),
  contextTokens: count,
})

/** Of LRU over a trace's block references, requests dealt to pools in turn. */
const hitRate = z.strictObject({
  ...base,
  kind: z.literal('hit-rate'),
  trace: z.string(),
  pools: count,
  capacityBlocks: count,
})

const schema = z.strictObject({
  setups: z.record(z.string(), setup),
  sources: z.record(z.string(), z.string()),
  rows: z.array(z.discriminatedUnion('kind', [timed, kvBytes, hitRate])),
})

export type Published = z.output<typeof schema>
export type PublishedSetup = z.output<typeof setup>
export type PublishedRow = Published['rows'][number]
export type TimedRow = z.output<typeof timed>
export type HitRateRow = z.output<typeof hitRate>

/** Published figures with their sources: catalog/validation.yaml. */
export function readPublished(): Published {
  const shown = 'catalog/validation.yaml'
  const content = readYaml({ path: new URL(shown, rootUrl), shown })
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw entryError(shown, parsed.error.issues[0]!, content)
  for (const row of parsed.data.rows) {
    const setups = 'setup' in row ? [row.setup, row.alternative ?? row.setup] : []
    const unknown = setups.find((name) => parsed.data.setups[name] === undefined)
    if (unknown !== undefined) throw badInput(`${shown} "${row.id}"`, `unknown setup "${unknown}"`, '')
    if (parsed.data.sources[row.source] === undefined)
      throw badInput(`${shown} "${row.id}"`, `unknown source "${row.source}"`, '')
  }
  return parsed.data
}
