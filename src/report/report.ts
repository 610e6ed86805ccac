import { z } from 'zod'

/** Raised when a key changes its meaning or goes away; new keys do not raise it. */
export const reportSchemaVersion = 1

const share = z.number().describe('0..1')
const tokens = z.number().describe('tokens')
const percentiles = z.strictObject({
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
})
const bound = z
  .enum(['exact', 'lower', 'upper', 'loadLimited'])
  .describe('what the multiplier may be read as: exact, a lower or upper bound, or limited by the load on offer')

const arm = z.strictObject({
  tokensPerGpuSecond: z.number().describe('output tokens ÷ (GPUs × window)'),
  totalTokensPerGpuSecond: z.number().describe('output and prompt tokens ÷ (GPUs × window)'),
  promptTokens: tokens,
  outputTokens: tokens,
  hbmHitTokens: tokens,
  dramHitTokens: tokens,
  warehouseHitTokens: tokens,
  firstTimeTokens: tokens,
  redundantTokens: tokens.describe('computed again although some GPU had computed them before'),
  recomputedAfterPreemptionTokens: tokens,
  hitRate: share,
  ceilingHitRate: share.describe('hit rate if nothing computed before were ever lost'),
  redundantPrefillOverhead: z.number().describe('redundant prefill time ÷ all other busy time'),
  busyShare: share,
  stalledShare: share,
  starvedShare: share,
  gpuTimeShare: z.strictObject({
    usefulPrefill: share,
    redundantPrefill: share,
    decode: share,
    stalled: share,
    starved: share,
  }),
  ttftMs: percentiles,
  tpotMs: percentiles,
  e2eMs: percentiles,
  window: z.strictObject({ requests: z.int(), seconds: z.number() }),
  ttftEcdfMs: z.array(z.number()).describe('quantiles 0, 1/100 … 1 of TTFT; empty where there was none'),
  tpotEcdfMs: z.array(z.number()).describe('quantiles 0, 1/100 … 1 of TPOT'),
  traffic: z
    .strictObject({
      fetches: z.int(),
      fetchedBytes: z.number(),
      storedBytes: z.number(),
      droppedStoreBlocks: z.int(),
      evictions: z.int(),
      preemptions: z.int(),
    })
    .describe('of the whole plan, settling included'),
})

const multiplier = z.strictObject({
  value: z.number(),
  low: z.number().nullable().describe('95 % interval of timing; null without measurement'),
  high: z.number().nullable(),
  bound,
  minimaRatio: z.number().nullable().describe('cross-check: ratio of per-step minima, biased by about 1 %'),
})

const kneePoint = z.strictObject({
  scale: z.enum(['mock', 'target']),
  router: z.string(),
  sessionsPerReplica: z.int(),
  arms: z.record(z.string(), z.strictObject({ tokensPerGpuSecond: z.number(), hitRate: share, ceilingHitRate: share })),
  multiplier: z.record(z.string(), z.strictObject({ mean: z.number(), min: z.number(), max: z.number(), bound })),
})

/** The report of a run. `report.json` is this, and nothing else. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(reportSchemaVersion),
  trust: z.enum(['tensors', 'fitted', 'catalogue']).describe('rung of trust of `arms` and `multiplier`'),
  inputsHash: z.string(),
  partial: z.boolean().describe('interrupted: what is here was measured, but not all of it'),
  createdAt: z.string().describe('ISO 8601'),
  setup: z.strictObject({
    workload: z.string(),
    backend: z.string(),
    variant: z.string().describe('number format and instruction set of the backend'),
    router: z.string(),
    load: z.enum(['closed', 'timed', 'backlog']),
    replicas: z.int(),
    sessionsPerReplica: z.int().nullable(),
    inFlightPerReplica: z.int().nullable(),
    repeats: z.int(),
    gpu: z.string(),
    model: z.string(),
    link: z.string(),
    contextTokens: z.int().describe('context length of the target that the mock is scaled to'),
    fabricUnlimited: z.boolean().describe('no fabric total is stated for the link'),
  }),
  environment: z.record(z.string(), z.string()),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  arms: z.record(z.string(), arm),
  multiplier: z.record(z.string(), multiplier),
  seeds: z
    .strictObject({
      count: z.int(),
      multiplier: z.record(
        z.string(),
        z.strictObject({ median: z.number(), min: z.number(), max: z.number(), values: z.array(z.number()) }),
      ),
    })
    .describe('spread between workloads drawn from several seeds; another thing than the interval of timing'),
  window: z.strictObject({ requests: z.int(), seconds: z.number(), start: z.enum(['warm', 'cold']) }),
  cut: z.strictObject({
    conversationsCut: z.int(),
    conversationsDropped: z.int(),
    requests: z.int(),
    promptTokens: z.int(),
  }),
  knee: z.array(kneePoint),
  kneeRuns: z
    .exactOptional(z.strictObject({ seeds: z.int(), requests: z.int() }))
    .describe('seeds of each point of the knee, and requests in the window of each'),
  bestAgainstBest: z.record(
    z.string(),
    z.record(
      z.string(),
      z.strictObject({ value: z.number(), sessionsPerReplica: z.int(), baselineSessionsPerReplica: z.int() }),
    ),
  ),
  verification: z
    .strictObject({
      answersCompared: z.int(),
      blocksCompared: z.int(),
      mismatches: z.int(),
      mutantDetected: z.boolean().nullable().describe('null where nothing was fetched that could be damaged'),
      requestsCompared: z.int().describe('requests that at least two arms ran'),
      requests: z.int().describe('requests that at least one arm ran'),
      prefixesRecomputed: z.int().describe('requests whose KV was computed once more from nothing'),
      copies: z.int().describe('fetches over a link that moved real tensors'),
      copiesSlowerThanLink: z.int(),
    })
    .nullable()
    .describe('null where no tensors were computed'),
  costModel: z.strictObject({
    hash: z.string(),
    fitErrorRelative: z.number().nullable(),
    planErrorRelative: z.number().nullable(),
  }),
  scaleModel: z.array(
    z.strictObject({
      ratio: z.string(),
      target: z.number(),
      mock: z.number(),
      mismatch: z.number().describe('mock ÷ target − 1'),
    }),
  ),
  controls: z.array(
    z.strictObject({ name: z.string(), measured: z.number(), low: z.number(), high: z.number(), passed: z.boolean() }),
  ),
  planSeconds: z.number(),
})

export type Report = z.output<typeof reportSchema>
export type ReportArm = Report['arms'][string]
export type KneePoint = Report['knee'][number]
