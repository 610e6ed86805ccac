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
  /** Every format that the source allows. */
  kv: z.tuple([z.enum(kvFormats)], z.enum(kvFormats)),
  link: z.string(),
})

/** What a row is worth: `derived` and `unexplained` rows are shown with their reason and counted nowhere. */
const role = z.enum(['fit', 'test', 'derived', 'unexplained'])

const base = {
  id: z.string(),
  published: z.number().positive(),
  /** Key of a source. */
  source: z.string(),
  role,
  /** Key of a reason, where the row does not count. */
  reason: z.string().optional(),
  note: z.string().optional(),
  /** What the source leaves open, as it is taken. */
  assumed: z.string().optional(),
}

/** TTFT of one context in ms, or how many times faster a fetch is. A first turn is computed and stored, which nobody waits for. */
const timed = z.strictObject({
  ...base,
  kind: z.enum(['recompute', 'first-turn', 'fetch', 'speedup']),
  setup: z.string(),
  contextTokens: count,
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
  reasons: z.record(z.string(), z.string()),
  rows: z.array(z.discriminatedUnion('kind', [timed, kvBytes, hitRate])),
})

export type Published = z.output<typeof schema>
export type PublishedSetup = z.output<typeof setup>
export type PublishedRow = Published['rows'][number]
export type Role = z.output<typeof role>
export type TimedRow = z.output<typeof timed>
export type HitRateRow = z.output<typeof hitRate>

const shown = 'catalog/validation.yaml'

/** Published figures with their sources: catalog/validation.yaml. */
export function readPublished(): Published {
  return publishedOf(readYaml({ path: new URL(shown, rootUrl), shown }))
}

export function publishedOf(content: unknown): Published {
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw entryError(shown, parsed.error.issues[0]!, content)
  for (const row of parsed.data.rows) {
    const problem = problemOf(row, parsed.data)
    if (problem !== undefined) throw badInput(`${shown} "${row.id}"`, problem, '')
  }
  return parsed.data
}

function problemOf(row: PublishedRow, { setups, sources, reasons }: Published): string | undefined {
  const { role, reason, source } = row
  if ('setup' in row && setups[row.setup] === undefined) return `unknown setup "${row.setup}"`
  if (sources[source] === undefined) return `unknown source "${source}"`
  if (reason !== undefined && reasons[reason] === undefined) return `unknown reason "${reason}"`
  const counts = role === 'fit' || role === 'test'
  if (counts && reason !== undefined) return 'counts, so it has no reason not to'
  return counts || reason !== undefined ? undefined : `is ${role} and gives no reason`
}
