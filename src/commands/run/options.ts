import { z } from 'zod'
import { parseBytes, parseCount, parseMs } from '../../units.ts'

const text = z.union([z.string(), z.number()])
const name = z.string().min(1, 'must not be empty')
const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    (typeof value === 'string' ? value.split(',') : value).map((item) => item.trim()).filter((item) => item !== ''),
  )

/** A whole number from `least` to `most`; written as people write counts. */
function count(where: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  return text.transform((value, context) => {
    const parsed = parsedOr(() => parseCount(value, where), context)
    if (parsed === undefined) return z.NEVER
    if (Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed
    const bound = parsed > most ? `at most ${most.toLocaleString('en-US')}` : `at least ${least}`
    context.addIssue({ code: 'custom', message: `is ${value}; it must be a whole number, ${bound}` })
    return z.NEVER
  })
}

function scale(most: number) {
  return text.transform((value, context) => {
    const parsed = Number(value)
    if (parsed > 0 && parsed <= most) return parsed
    context.addIssue({
      code: 'custom',
      message: `is ${value}; it must be above 0 and at most ${most.toLocaleString('en-US')}`,
    })
    return z.NEVER
  })
}

function bytes(where: string) {
  return text.transform((value, context) => parsedOr(() => positive(parseBytes(value, where)), context) ?? z.NEVER)
}

function duration(where: string, least: number, most: number) {
  return text.transform((value, context) => {
    const parsed = parsedOr(() => parseMs(value, where), context)
    if (parsed === undefined) return z.NEVER
    if (parsed >= least && parsed <= most) return parsed
    const bound = parsed > most ? `at most ${most / hourMs} h` : `at least ${least / 1000} s`
    context.addIssue({ code: 'custom', message: `is ${value}; it must be ${bound}` })
    return z.NEVER
  })
}

const hourMs = 3_600_000

/** Beyond these a run ends on no machine that one would wait for. */
export const limits = {
  requests: 10_000_000,
  seeds: 1000,
  repeats: 1000,
  conversations: 1_000_000,
  /** Conversations, or requests of a backlog, that a plan holds at once. */
  seats: 100_000,
  budgetMs: 24 * hourMs,
  maxContextTokens: 16_000_000,
  timeScale: 1_000_000,
  thinkCapMs: 24 * hourMs,
} as const

/** What can be said of a run, on the command line and in an experiment file under the same names. */
export const experimentSchema = z.strictObject({
  workload: name.optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  trace: name.optional(),
  backend: name.optional(),
  gpu: name.optional(),
  gpus: count('gpus', 1).optional(),
  tp: count('tp', 1).optional(),
  model: name.optional(),
  weights: name.optional(),
  kv: name.optional(),
  context: count('context', 1).optional(),
  link: name.optional(),
  catalog: name.optional(),
  points: name.optional(),
  arms: list.optional(),
  router: name.optional(),
  admission: name.optional(),
  policy: name.optional(),
  sessionsPerReplica: count('sessions-per-replica', 1).optional(),
  inFlightPerReplica: count('in-flight-per-replica', 1).optional(),
  requests: count('requests', 1, limits.requests).optional(),
  budget: duration('budget', 1000, limits.budgetMs).optional(),
  draws: count('draws', 1, limits.seeds).optional(),
  repeats: count('repeats', 1, limits.repeats).optional(),
  seed: count('seed', 0).optional(),
  seeds: count('seeds', 1, limits.seeds).optional(),
  slo: name.optional(),
  sweep: name.optional(),
  limit: count('limit', 1).optional(),
  timeScale: scale(limits.timeScale).optional(),
  tokenScale: scale(1).optional(),
  thinkCap: duration('think-cap', 0, limits.thinkCapMs).optional(),
  sharePrefix: z.boolean().optional(),
  cold: z.boolean().optional(),
  fetch: z.enum(['always', 'break-even', 'never']).optional(),
  fetchMode: z.enum(['async', 'blocking', 'layerwise']).optional(),
  fetchPart: z.enum(['whole', 'beyond-break-even']).optional(),
  blockTokens: count('block-tokens', 1).optional(),
  maxContext: count('max-context', 128, limits.maxContextTokens).optional(),
  dram: bytes('dram').optional(),
  warehouseCapacity: bytes('warehouse-capacity').optional(),
  costModel: name.optional(),
  poolLog: name.optional(),
  out: name.optional(),
})

/** Options as given; what is absent takes its default in `settings.ts`. */
export type ExperimentOptions = z.output<typeof experimentSchema>

function parsedOr(parse: () => number, context: z.RefinementCtx): number | undefined {
  try {
    return parse()
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof Error ? error.message.replace(/^[\w-]+: /, '') : 'is wrong',
    })
    return undefined
  }
}

function positive(value: number): number {
  if (value > 0) return value
  throw new Error('must be more than nothing')
}
