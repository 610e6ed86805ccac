import { z } from 'zod'
import { arm, measuredDraw, multiplier } from './schema/arm.ts'
import { scaleComparison, validation } from './schema/belief.ts'
import { equalService, kneePoint, strongestBaseline, sweep } from './schema/load.ts'
import { alternative, attribution, breakEven } from './schema/origin.ts'
import { timeline } from './schema/timeline.ts'

/** Raised when a key changes its meaning or goes away; new keys do not raise it. */
export const reportSchemaVersion = 2

const target = z
  .strictObject({
    gpu: z.string(),
    gpus: z.int(),
    tensorParallel: z.int(),
    replicas: z.int(),
    model: z.string(),
    weightFormat: z.string(),
    kvFormat: z.string(),
    warehouseLink: z.string(),
    dramLink: z.string(),
    contextTokens: z.int(),
    maxContextTokens: z.int(),
    dramBytesPerGpu: z.number(),
    poolTokensPerReplica: z.int(),
    contextsPerReplica: z.number().describe('contexts of contextTokens that the HBM pool of a replica holds'),
    prefillMfu: z.number().describe('share of the peak of the weights’ format that a whole context’s prefill reaches'),
    assumptions: z.record(z.string(), z.strictObject({ low: z.number(), value: z.number(), high: z.number() })),
  })
  .describe('the deployment that the report answers for')

/** The report of a run. `report.json` is this, and nothing else. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(reportSchemaVersion),
  trust: z.enum(['tensors', 'fitted', 'catalogue']).describe('rung of trust of `arms` and `multiplier`'),
  inputsHash: z.string(),
  partial: z.boolean().describe('interrupted: what is here was measured, but not all of it'),
  createdAt: z.string().describe('ISO 8601'),
  target,
  setup: z.strictObject({
    workload: z.string(),
    backend: z.string(),
    variant: z.string().describe('number format and instruction set of the backend'),
    router: z.string(),
    load: z.enum(['closed', 'timed', 'backlog']),
    replicas: z.int(),
    sessionsPerReplica: z.int().nullable(),
    inFlightPerReplica: z.int().nullable(),
    repeats: z.int().describe('of the first measured draw'),
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
  measuredDraws: z.array(measuredDraw).describe('empty where nothing was measured'),
  seeds: z
    .strictObject({
      count: z.int(),
      multiplier: z.record(
        z.string(),
        z.strictObject({ median: z.number(), min: z.number(), max: z.number(), values: z.array(z.number()) }),
      ),
    })
    .describe('multipliers of single planned draws; another thing than the interval of the answer'),
  window: z
    .strictObject({ requests: z.int(), seconds: z.number(), start: z.enum(['warm', 'cold']) })
    .describe('all windows behind `arms` together'),
  plannedWindow: z
    .strictObject({ draws: z.int(), requests: z.int().nullable(), settleRequests: z.int(), seats: z.int() })
    .describe(
      'of each planned draw behind the answer, of the replicas that were planned; requests null: the whole trace',
    ),
  cut: z.strictObject({
    conversationsCut: z.int(),
    conversationsDropped: z.int(),
    requests: z.int(),
    promptTokens: z.int(),
    keptPromptTokens: z.number().describe('of what was not left out'),
  }),
  workload: z
    .strictObject({ promptMeanTokens: z.number(), promptP90Tokens: z.number(), outputMeanTokens: z.number() })
    .describe('of the requests that are asked, at the target’s scale'),
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
  sweep: z.exactOptional(sweep),
  equalService: z.array(equalService),
  strongestBaseline: z.exactOptional(strongestBaseline),
  attribution: z.exactOptional(attribution),
  breakEven: z.exactOptional(breakEven),
  alternatives: z.array(alternative).describe('the same run done in other ways that are in use, planned'),
  scaleComparison: z.exactOptional(scaleComparison),
  validation: z.exactOptional(validation),
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
    fromFile: z.exactOptional(z.boolean()).describe('given with --cost-model, not fitted to this machine for this run'),
  }),
  scaleModel: z.array(
    z.strictObject({
      ratio: z.string(),
      target: z.number(),
      mock: z.number(),
      mismatch: z.number().describe('mock ÷ target − 1'),
      met: z.boolean().describe('within 10 %, or within the limit that the ratio has'),
      reason: z.string().describe('why it is not met; empty where it is'),
    }),
  ),
  controls: z.array(
    z.strictObject({ name: z.string(), measured: z.number(), low: z.number(), high: z.number(), passed: z.boolean() }),
  ),
  planSeconds: z.number(),
  timeline: z.exactOptional(timeline),
})

export type Report = z.output<typeof reportSchema>
export type ReportArm = Report['arms'][string]
export type KneePoint = Report['knee'][number]
export type PointArm = KneePoint['arms'][string]
export type Sweep = NonNullable<Report['sweep']>
export type EqualService = Report['equalService'][number]
export type Timeline = NonNullable<Report['timeline']>
export type ArmTimeline = Timeline[string]
export type Lane = ArmTimeline['lanes'][number]
export type Attribution = NonNullable<Report['attribution']>
export type BreakEven = NonNullable<Report['breakEven']>
export type Validation = NonNullable<Report['validation']>
export type ScaleComparison = NonNullable<Report['scaleComparison']>
