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

const replica = z
  .strictObject({
    tokensPerGpuSecond: z.number(),
    hitRate: share,
    ceilingHitRate: share,
    busyShare: share,
    stalledShare: share,
    starvedShare: share,
    ttftP50Ms: z.number().nullable(),
    ttftP95Ms: z.number().nullable(),
    requests: z.int().describe('ended in the window'),
  })
  .describe('one replica: an average can hide one that starves its users')

const arm = z.strictObject({
  gpus: z.int().describe('GPUs of all replicas'),
  tokensPerSecond: z.number().describe('output tokens of all GPUs ÷ window'),
  replicas: z.array(replica),
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

const pointArm = z.strictObject({
  tokensPerGpuSecond: z.number(),
  hitRate: share,
  ceilingHitRate: share,
  redundantPrefillOverhead: z.number(),
  busyShare: share,
  stalledShare: share,
  starvedShare: share,
  ttftP95Ms: z.number().nullable(),
  tpotP95Ms: z.number().nullable(),
})

const pointMultiplier = z.strictObject({ mean: z.number(), min: z.number(), max: z.number(), bound })

const kneePoint = z.strictObject({
  scale: z.enum(['mock', 'target']),
  router: z.string(),
  sessionsPerReplica: z.int(),
  arms: z.record(z.string(), pointArm),
  multiplier: z.record(z.string(), pointMultiplier),
})

const sweep = z
  .strictObject({
    parameter: z.string().describe('the option that was varied'),
    seeds: z.int(),
    requests: z.int().nullable().describe('in the window of each point; null: the whole trace'),
    points: z.array(
      z.strictObject({
        value: z.string().describe('as it was given'),
        arms: z.record(z.string(), pointArm),
        multiplier: z.record(z.string(), pointMultiplier),
      }),
    ),
  })
  .describe('another parameter than the load, planned at the target’s own sizes')

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

const equalService = z.strictObject({
  slo: z.strictObject({ text: z.string(), ttftMs: z.number(), tpotMs: z.number() }),
  seeds: z.int(),
  requests: z.int().nullable().describe('in the window of each plan; null: the whole trace'),
  arms: z.record(
    z.string(),
    z.strictObject({
      tokensPerGpuSecond: z.number().nullable().describe('null: no load on the grid keeps the SLO'),
      sessionsPerReplica: z.number().nullable(),
      isHighestTried: z.boolean().describe('it keeps the SLO at the highest load of the grid: a lower bound'),
      brokenBelow: z.array(z.int()).describe('lower loads of the grid at which the SLO is not kept'),
    }),
  ),
  multiplier: z.record(z.string(), z.number().nullable()),
  gpuEquivalents: z
    .record(z.string(), z.number().nullable())
    .describe('baseline GPUs that reach what the run’s GPUs reach with the arm'),
})

const strongestBaseline = z.strictObject({
  name: z.string().describe('what it is, in words'),
  arm: z.string(),
  router: z.string(),
  admission: z.string(),
  policy: z.string(),
  sessionsPerReplica: z.int().nullable().describe('limit on the load; null where the load is as the run has it'),
  tokensPerGpuSecond: z.number(),
  multiplier: z.number().describe('of the headline arm against it'),
  multipliers: z.record(z.string(), z.number()).describe('of every arm against it'),
  tried: z.int().describe('combinations that were planned'),
  seeds: z.int(),
})

const attribution = z
  .strictObject({
    arm: z.string(),
    router: z.string(),
    sessionsPerReplica: z.int().nullable(),
    capacityBytes: z.number().nullable().describe('C of all replicas together; null: everything fits'),
    seeds: z.int(),
    requests: z.int().nullable().describe('in the window of each plan; null: the whole trace'),
    tokensPerGpuSecond: z.strictObject({
      none: z.number(),
      capacity: z.number(),
      sharing: z.number(),
      both: z.number(),
      real: z.number(),
    }),
    gain: z
      .strictObject({ capacity: z.number(), sharing: z.number() })
      .describe('factors; their product is both ÷ none (Shapley values on the logarithm)'),
    loss: z
      .strictObject({ latencyAndBandwidth: z.number(), queueing: z.number(), stores: z.number() })
      .describe('factors; their product is real ÷ both'),
  })
  .describe('where the multiplier comes from, planned')

const breakEvenLength = z.union([z.number(), z.enum(['always', 'never'])])
const breakEven = z.strictObject({
  link: z.string(),
  contextTokens: breakEvenLength.describe('from here on a fetch takes no longer than a recompute'),
  atContextTokens: z.int(),
  bandwidthBytesPerMs: breakEvenLength.describe('of the replica, for a context of atContextTokens'),
  linearMfu: breakEvenLength.describe('of the matrix products, for a context of atContextTokens'),
  curve: z.array(z.strictObject({ contextTokens: z.number(), fetchMs: z.number(), recomputeMs: z.number() })),
})

const scaleComparison = z
  .strictObject({
    arms: z.record(z.string(), z.strictObject({ mock: z.number(), target: z.number(), difference: z.number() })),
    agrees: z.boolean().describe('every arm within 15 %'),
    reasons: z.array(
      z.strictObject({
        ratio: z.string(),
        target: z.number().describe('multiplier of the warehouse on the target as it is'),
        withMocks: z.number().describe('the same with the mock’s value of the ratio'),
      }),
    ),
  })
  .describe('multipliers measured on the mock beside those planned for the target at the same load and seed')

const alternative = z.strictObject({
  name: z.string(),
  summary: z.string(),
  multiplier: z.record(z.string(), z.number()),
  isOwn: z.boolean().describe('it is how the run itself was done'),
})

const validation = z
  .strictObject({
    medianRelativeError: z.number(),
    worstRelativeError: z.number(),
    rows: z.array(
      z.strictObject({
        id: z.string(),
        metric: z.string(),
        unit: z.string(),
        published: z.number(),
        predicted: z.number(),
        relativeError: z.number(),
        source: z.string(),
        role: z.enum(['fit', 'test', 'unexplained']),
      }),
    ),
  })
  .describe('the catalogue’s cost model against published measurements')

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
export type PointArm = KneePoint['arms'][string]
export type Sweep = NonNullable<Report['sweep']>
export type EqualService = Report['equalService'][number]
export type StrongestBaseline = NonNullable<Report['strongestBaseline']>
export type Attribution = NonNullable<Report['attribution']>
export type BreakEven = NonNullable<Report['breakEven']>
export type Validation = NonNullable<Report['validation']>
export type ScaleComparison = NonNullable<Report['scaleComparison']>
