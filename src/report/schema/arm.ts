import { z } from 'zod'
import { bound, percentiles, share, tokens } from './measure.ts'

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

export const arm = z.strictObject({
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

export const multiplier = z
  .strictObject({
    value: z.number(),
    low: z
      .number()
      .nullable()
      .describe('95 % interval of the value: draws of the workload and the correction; null from a single draw'),
    high: z.number().nullable(),
    bound,
    minimaRatio: z
      .number()
      .nullable()
      .describe('cross-check: the same from per-step minima, biased by about 1 %; null where nothing was measured'),
    timingNoise: z
      .number()
      .nullable()
      .describe('95 % half-width of timing in one measured draw, as a share: from repeats, else an upper bound'),
    draws: z.strictObject({
      planned: z.int(),
      measured: z.int(),
      spreadLow: z.number().nullable().describe('with 95 % probability one further window of this length gives more'),
      spreadHigh: z.number().nullable(),
    }),
    correction: z
      .strictObject({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
      .nullable()
      .describe('measured ÷ planned on the same draws, geometric mean; null where nothing was measured'),
  })
  .describe('what the workload is worth: planned over many draws, corrected by what was measured on a few of them')

export const measuredDraw = z
  .strictObject({
    seed: z.int(),
    measured: z.record(z.string(), z.number()).describe('multiplier of each arm, with real tensors'),
    planned: z.record(z.string(), z.number()).describe('the same planned, over the very same requests'),
  })
  .describe('one draw of the workload in a short window')
