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

export const multiplier = z.strictObject({
  value: z.number(),
  low: z.number().nullable().describe('95 % interval of timing; null without measurement'),
  high: z.number().nullable(),
  bound,
  minimaRatio: z.number().nullable().describe('cross-check: ratio of per-step minima, biased by about 1 %'),
})
