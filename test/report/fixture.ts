import type { KneePoint, Report, ReportArm } from '../../src/report/report.ts'
import { target } from './sections-fixture.ts'

/** A change to a finished report: the part that a test is about. */
export type Change = (report: Report) => void

/** What decides an arm of the fixture; the rest follows. */
interface ArmFigures {
  readonly tokensPerGpuSecond: number
  readonly hitRate: number
  /** Share of the prompt hit in HBM; the rest of the hits was fetched. */
  readonly hbmShare: number
  readonly tier: 'dram' | 'warehouse'
  readonly redundantTimeShare: number
  readonly ttftP50Ms: number
  readonly tpotP50Ms: number
}

const ceiling = 0.966
const promptTokens = 2_000_000

const arms: Readonly<Record<string, ArmFigures>> = {
  'hbm-only': {
    tokensPerGpuSecond: 17.97,
    hitRate: 0.09,
    hbmShare: 0.09,
    tier: 'dram',
    redundantTimeShare: 0.66,
    ttftP50Ms: 4100,
    tpotP50Ms: 61,
  },
  'local-dram': {
    tokensPerGpuSecond: 52.5,
    hitRate: 0.92,
    hbmShare: 0.14,
    tier: 'dram',
    redundantTimeShare: 0.05,
    ttftP50Ms: 520,
    tpotP50Ms: 38,
  },
  warehouse: {
    tokensPerGpuSecond: 59.8,
    hitRate: ceiling,
    hbmShare: 0.13,
    tier: 'warehouse',
    redundantTimeShare: 0,
    ttftP50Ms: 410,
    tpotP50Ms: 35,
  },
  'infinite-cache': {
    tokensPerGpuSecond: 61.4,
    hitRate: ceiling,
    hbmShare: 0.13,
    tier: 'warehouse',
    redundantTimeShare: 0,
    ttftP50Ms: 300,
    tpotP50Ms: 34,
  },
}

/** Multiplier of the warehouse over conversations a GPU, as the planner gives it. */
const kneeMultiplier: Readonly<Record<number, number>> = { 1: 1, 2: 1.01, 4: 1.02, 8: 3.3, 16: 3.6, 32: 3.62 }
const baselineRate: Readonly<Record<number, number>> = { 1: 11, 2: 20.8, 4: 34.2, 8: 18.1, 16: 16.9, 32: 16.8 }
const armShare: Readonly<Record<string, number>> = { 'local-dram': 0.88, warehouse: 1, 'infinite-cache': 1.03 }

/** A measured run in which the warehouse wins, with whatever a test changes. */
export function reportFixture(...changes: readonly Change[]): Report {
  const report: Report = {
    schemaVersion: 2,
    trust: 'tensors',
    inputsHash: 'b3d1f0c2a97e',
    partial: false,
    createdAt: '2026-11-25T08:00:00.000Z',
    target: { ...target },
    setup: {
      workload: 'agentic-coding',
      backend: 'wasm',
      variant: 'f32, relaxed SIMD',
      router: 'session-affine',
      load: 'closed',
      replicas: 4,
      sessionsPerReplica: 8,
      inFlightPerReplica: null,
      repeats: 2,
      gpu: 'H100 SXM',
      model: 'Llama 3.1 70B fp8',
      link: 'weka-amg',
      contextTokens: 100_000,
      fabricUnlimited: true,
    },
    environment: { memwall: '0.1.0', node: '20.20.2', cpu: 'AMD EPYC 7B13', cores: '2', system: 'linux 6.1' },
    parameters: {
      workload: 'agentic-coding',
      gpus: 4,
      seed: 1,
      thinkCap: '300 s',
      warehouseCapacity: null,
      sharePrefix: false,
    },
    arms: Object.fromEntries(Object.entries(arms).map(([name, figures]) => [name, armFixture(figures)])),
    multiplier: Object.fromEntries(
      Object.entries(arms)
        .filter(([name]) => name !== 'hbm-only')
        .map(([name, { tokensPerGpuSecond }]) => [name, multiplierFixture(tokensPerGpuSecond / 17.97)]),
    ),
    measuredDraws: measuredDrawsFixture(),
    seeds: seedsFixture(),
    window: { requests: 1204, seconds: 38.2, start: 'warm' },
    plannedWindow: { draws: 20, requests: 2000, settleRequests: 256, seats: 32 },
    cut: {
      conversationsCut: 12,
      conversationsDropped: 3,
      requests: 148,
      promptTokens: 18_400_000,
      keptPromptTokens: 440_000_000,
    },
    workload: { promptMeanTokens: 67_500, promptP90Tokens: 121_000, outputMeanTokens: 910 },
    knee: kneeFixture(),
    kneeRuns: { seeds: 5, requests: 300 },
    bestAgainstBest: { mock: bestFixture(1.81), target: bestFixture(1.72) },
    equalService: [],
    alternatives: [],
    verification: {
      answersCompared: 4816,
      blocksCompared: 53_210,
      mismatches: 0,
      mutantDetected: true,
      requestsCompared: 1204,
      requests: 1204,
      prefixesRecomputed: 2,
      copies: 9120,
      copiesSlowerThanLink: 0,
    },
    costModel: { hash: '7f3a9c', fitErrorRelative: 0.031, planErrorRelative: 0.042 },
    scaleModel: scaleFixture(),
    controls: controlsFixture(),
    planSeconds: 1.4,
  }
  for (const change of changes) change(report)
  return report
}

function multiplierFixture(value: number, interval = 0.03): Report['multiplier'][string] {
  return {
    value,
    low: value * (1 - interval),
    high: value * (1 + interval),
    bound: 'exact',
    minimaRatio: value * 1.01,
    timingNoise: 0.012,
    draws: { planned: 20, measured: 5, spreadLow: value * 0.8, spreadHigh: value * 1.2 },
    correction: { value: 1.04, low: 1.01, high: 1.07 },
  }
}

/** Five draws of the workload, measured about 4 % above what was planned for them. */
function measuredDrawsFixture(): Report['measuredDraws'] {
  return [0.9, 0.97, 1, 1.03, 1.1].map((share, draw) => {
    const ratios = (factor: number) =>
      Object.fromEntries(Object.keys(armShare).map((name) => [name, 3.2 * share * factor * armShare[name]!]))
    return { seed: 1 + draw * 1_000_003, measured: ratios(1.04), planned: ratios(1) }
  })
}

function armFixture(figures: ArmFigures): ReportArm {
  const { tokensPerGpuSecond, hitRate, hbmShare, tier, redundantTimeShare, ttftP50Ms, tpotP50Ms } = figures
  const fetched = (hitRate - hbmShare) * promptTokens
  const stalled = tier === 'warehouse' ? 0.03 : 0.01
  const starved = 0.02
  const useful = 0.2
  const decode = 1 - stalled - starved - useful - redundantTimeShare
  const ttftEcdfMs = ecdfFixture(ttftP50Ms, 0.9)
  const tpotEcdfMs = ecdfFixture(tpotP50Ms, 0.3)
  return {
    gpus: 4,
    tokensPerSecond: tokensPerGpuSecond * 4,
    replicas: [0.98, 1.02, 1, 1].map((share) => replicaFixture(figures, share)),
    tokensPerGpuSecond,
    totalTokensPerGpuSecond: tokensPerGpuSecond * 70,
    promptTokens,
    outputTokens: 30_000,
    hbmHitTokens: hbmShare * promptTokens,
    dramHitTokens: tier === 'dram' ? fetched : 0,
    warehouseHitTokens: tier === 'warehouse' ? fetched : 0,
    firstTimeTokens: (1 - ceiling) * promptTokens,
    redundantTokens: (ceiling - hitRate) * promptTokens,
    recomputedAfterPreemptionTokens: 0,
    hitRate,
    ceilingHitRate: ceiling,
    redundantPrefillOverhead: redundantTimeShare / (1 - stalled - starved - redundantTimeShare),
    busyShare: 1 - stalled - starved,
    stalledShare: stalled,
    starvedShare: starved,
    gpuTimeShare: { usefulPrefill: useful, redundantPrefill: redundantTimeShare, decode, stalled, starved },
    ttftMs: percentilesFixture(ttftEcdfMs),
    tpotMs: percentilesFixture(tpotEcdfMs),
    e2eMs: percentilesFixture(ecdfFixture(ttftP50Ms * 3, 0.6)),
    window: { requests: 1204, seconds: 38.2 },
    ttftEcdfMs,
    tpotEcdfMs,
    traffic: {
      fetches: 2280,
      fetchedBytes: 3.1e10,
      storedBytes: 1.2e9,
      droppedStoreBlocks: 0,
      evictions: 41_000,
      preemptions: 3,
    },
  }
}

function replicaFixture(
  { tokensPerGpuSecond, hitRate, ttftP50Ms }: ArmFigures,
  share: number,
): ReportArm['replicas'][number] {
  return {
    tokensPerGpuSecond: tokensPerGpuSecond * share,
    hitRate: Math.min(ceiling, hitRate * share),
    ceilingHitRate: ceiling,
    busyShare: 0.95,
    stalledShare: 0.03,
    starvedShare: 0.02,
    ttftP50Ms: ttftP50Ms / share,
    ttftP95Ms: (ttftP50Ms * 4.9) / share,
    requests: 301,
  }
}

/** Quantiles of a log-logistic distribution, cut at its ends. */
function ecdfFixture(p50Ms: number, spread: number): number[] {
  return Array.from({ length: 101 }, (_, i) => {
    const share = Math.min(0.995, Math.max(0.005, i / 100))
    return p50Ms * Math.exp(spread * 0.6 * Math.log(share / (1 - share)))
  })
}

function percentilesFixture(ecdf: readonly number[]): ReportArm['ttftMs'] {
  return { p50: ecdf[50]!, p90: ecdf[90]!, p95: ecdf[95]!, p99: ecdf[99]! }
}

function kneeFixture(): KneePoint[] {
  return (['mock', 'target'] as const).flatMap((scale) =>
    ['session-affine', 'round-robin'].flatMap((router) =>
      Object.keys(kneeMultiplier).map((sessions) => kneePoint(scale, router, Number(sessions))),
    ),
  )
}

function kneePoint(scale: 'mock' | 'target', router: string, sessionsPerReplica: number): KneePoint {
  const gain = (scale === 'mock' ? 1 : 0.94) * (router === 'round-robin' && sessionsPerReplica > 4 ? 1.24 : 1)
  const rate = baselineRate[sessionsPerReplica]! * (scale === 'mock' ? 1 : 14) * (router === 'round-robin' ? 0.8 : 1)
  const bound = sessionsPerReplica <= 2 ? 'loadLimited' : sessionsPerReplica === 4 ? 'lower' : 'exact'
  const of = (arm: string): number => Math.max(1, kneeMultiplier[sessionsPerReplica]! * gain * armShare[arm]!)
  const names = Object.keys(armShare)
  const hbmHitRate = sessionsPerReplica > 4 ? 0.09 : 0.9
  const pointArm = (rate: number, hitRate: number): KneePoint['arms'][string] => ({
    tokensPerGpuSecond: rate,
    hitRate,
    ceilingHitRate: ceiling,
    redundantPrefillOverhead: (ceiling - hitRate) * 2.4,
    busyShare: Math.min(0.96, 0.3 + 0.1 * sessionsPerReplica),
    stalledShare: 0.02,
    starvedShare: Math.max(0.02, 0.68 - 0.1 * sessionsPerReplica),
    ttftP50Ms: 400,
    ttftP95Ms: 900 * sessionsPerReplica,
    tpotP50Ms: 30,
    tpotP95Ms: 40 + sessionsPerReplica,
  })
  return {
    scale,
    router,
    sessionsPerReplica,
    arms: {
      'hbm-only': pointArm(rate, hbmHitRate),
      ...Object.fromEntries(names.map((arm) => [arm, pointArm(rate * of(arm), arm === 'local-dram' ? 0.92 : ceiling)])),
    },
    multiplier: Object.fromEntries(
      names.map((arm) => [
        arm,
        { mean: of(arm), low: of(arm) * 0.95, high: of(arm) * 1.05, min: of(arm) * 0.93, max: of(arm) * 1.06, bound },
      ]),
    ),
  }
}

function bestFixture(value: number): Report['bestAgainstBest'][string] {
  const of = (share: number) => ({ value: value * share, sessionsPerReplica: 32, baselineSessionsPerReplica: 4 })
  return { 'hbm-only': { ...of(1), value: 1 }, 'local-dram': of(0.88), warehouse: of(1), 'infinite-cache': of(1.03) }
}

function seedsFixture(): Report['seeds'] {
  const of = (median: number) => ({
    median,
    min: median * 0.9,
    max: median * 1.12,
    values: [median * 0.9, median, median * 1.12],
  })
  return { count: 20, multiplier: { 'local-dram': of(2.9), warehouse: of(3.3), 'infinite-cache': of(3.4) } }
}

function scaleFixture(): Report['scaleModel'] {
  const of = (ratio: string, target: number, mock: number) => {
    const mismatch = mock / target - 1
    const met = Math.abs(mismatch) <= 0.1
    return { ratio, target, mock, mismatch, met, reason: met ? '' : 'a CPU cannot' }
  }
  return [
    of('recompute ÷ fetch of a context', 21.4, 21.4),
    of('latency ÷ fetch of a context', 0.0042, 0.0042),
    of('HBM pool ÷ context', 3.83, 3.81),
    of('attention’s share of prefill time', 0.31, 0.44),
    of('weight bytes ÷ KV bytes of a sequence in a decode step', 4.4, 0.9),
    of('request overhead ÷ full-prompt prefill', 0.0031, 0.0031),
  ]
}

function controlsFixture(): Report['controls'] {
  const of = (name: string, measured: number, low = 0.98, high = 1.02) => ({
    name,
    measured,
    low,
    high,
    passed: measured >= low && measured <= high,
  })
  return [
    of('no reuse: a warehouse gives nothing', 1.0003),
    of('the working set fits: a warehouse gives nothing', 1),
    of('a link with next to no bandwidth, break-even: no fetch, nothing gained', 1),
    of('closed form: one request at a time, a fetch at a twentieth of recompute', 1.004),
    of('closed form: one request at a time, a fetch at twice recompute', 0.997),
    of('a warehouse without latency and limits equals infinite-cache', 1.001),
    of('more bandwidth never costs throughput, one request at a time', 1.02, 0.995, 1000),
  ]
}
