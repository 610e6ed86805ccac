import type { Report } from '../../src/report/report.ts'

/** The parts of a report that a long run adds: target, equal service, attribution and the like. */
export const target: Report['target'] = {
  gpu: 'H100 SXM',
  gpus: 4,
  tensorParallel: 1,
  replicas: 4,
  model: 'Llama 3.1 70B',
  weightFormat: 'fp8',
  kvFormat: 'bf16',
  warehouseLink: 'weka-amg',
  dramLink: 'pcie5-x16',
  contextTokens: 100_000,
  maxContextTokens: 131_072,
  dramBytesPerGpu: 256e9,
  poolTokensPerReplica: 383_000,
  contextsPerReplica: 3.83,
  prefillMfu: 0.52,
  assumptions: { mfu: { low: 0.4, value: 0.5, high: 0.6 } },
}

export function sweepFixture(): NonNullable<Report['sweep']> {
  const pointArm = (rate: number, hitRate: number) => ({
    tokensPerGpuSecond: rate,
    hitRate,
    ceilingHitRate: 0.966,
    redundantPrefillOverhead: (0.966 - hitRate) * 2,
    busyShare: 0.95,
    stalledShare: 0.03,
    starvedShare: 0.02,
    ttftP50Ms: null,
    ttftP95Ms: 4000,
    tpotP50Ms: null,
    tpotP95Ms: 60,
  })
  return {
    parameter: 'link',
    seeds: 3,
    requests: 400,
    points: [1, 2, 3.2, 3.4].map((mean, i) => ({
      value: ['2GB/s', '10GB/s', '40GB/s', '160GB/s'][i]!,
      arms: { 'hbm-only': pointArm(250, 0.09), warehouse: pointArm(250 * mean, 0.2 + 0.22 * mean) },
      multiplier: {
        warehouse: {
          mean,
          low: mean * 0.96,
          high: mean * 1.04,
          min: mean * 0.94,
          max: mean * 1.05,
          bound: i === 0 ? ('lower' as const) : ('exact' as const),
        },
      },
    })),
  }
}

export function equalServiceFixture(): Report['equalService'] {
  const arm = (tokensPerGpuSecond: number | null, sessionsPerReplica: number | null, more = {}) => ({
    tokensPerGpuSecond,
    sessionsPerReplica,
    isHighestTried: false,
    brokenBelow: [],
    ...more,
  })
  return [
    {
      slo: { text: 'ttft=15s,tpot=100ms', ttftMs: 15_000, tpotMs: 100 },
      seeds: 3,
      requests: 400,
      arms: {
        'hbm-only': arm(30.2, 3.6),
        'local-dram': arm(52.1, 9.4, { brokenBelow: [6] }),
        warehouse: arm(63.4, 12.2),
        'infinite-cache': arm(70.1, 32, { isHighestTried: true }),
      },
      multiplier: { 'local-dram': 1.73, warehouse: 2.1, 'infinite-cache': 2.32 },
      gpuEquivalents: { 'local-dram': 6.9, warehouse: 8.4, 'infinite-cache': 9.28 },
    },
    {
      slo: { text: 'ttft=30s,tpot=100ms', ttftMs: 30_000, tpotMs: 100 },
      seeds: 3,
      requests: 400,
      arms: {
        'hbm-only': arm(34.2, 4.1),
        'local-dram': arm(null, null),
        warehouse: arm(63.4, 12.2),
        'infinite-cache': arm(70.1, 32, { isHighestTried: true }),
      },
      multiplier: { 'local-dram': null, warehouse: 1.85, 'infinite-cache': 2.05 },
      gpuEquivalents: { 'local-dram': null, warehouse: 7.4, 'infinite-cache': 8.2 },
    },
  ]
}

export const strongestBaseline: NonNullable<Report['strongestBaseline']> = {
  name: 'session-affine, longest-prefix-first, host DRAM',
  arm: 'local-dram',
  router: 'session-affine',
  admission: 'longest-prefix-first',
  policy: 'hbm=lru,dram=lru,warehouse=lru',
  sessionsPerReplica: null,
  tokensPerGpuSecond: 37.9,
  multiplier: 1.58,
  multipliers: { 'hbm-only': 0.474, 'local-dram': 1.39, warehouse: 1.58, 'infinite-cache': 1.62 },
  bounds: { 'hbm-only': 'exact', 'local-dram': 'exact', warehouse: 'exact', 'infinite-cache': 'exact' },
  tried: 24,
  seeds: 3,
}

export function attributionFixture(): NonNullable<Report['attribution']> {
  const none = 18
  const gain = { capacity: 2.4, sharing: 1.5 }
  const loss = { latencyAndBandwidth: 0.96, queueing: 0.98, stores: 0.985 }
  const both = none * gain.capacity * gain.sharing
  const real = both * loss.latencyAndBandwidth * loss.queueing * loss.stores
  return {
    arm: 'warehouse',
    router: 'session-affine',
    sessionsPerReplica: 8,
    capacityBytes: 40e12,
    seeds: 3,
    requests: 400,
    tokensPerGpuSecond: { none, capacity: 44, sharing: 28, both, real },
    gain,
    loss,
  }
}

export function breakEvenFixture(): NonNullable<Report['breakEven']> {
  const lengths = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000]
  return {
    link: 'weka-amg',
    contextTokens: 6210,
    atContextTokens: 100_000,
    bandwidthBytesPerMs: 2.2e6,
    linearMfu: 'never',
    curve: lengths.map((n) => ({ contextTokens: n, fetchMs: 500 + 0.01 * n, recomputeMs: 0.09 * n + 3e-7 * n * n })),
  }
}

export const alternatives: Report['alternatives'] = [
  {
    name: 'by think time',
    summary: 'a turn arrives a think time after the one before it ended; warm start',
    multiplier: { 'local-dram': 2.92, warehouse: 3.33 },
    isOwn: true,
  },
  {
    name: 'by timestamps',
    summary: 'requests arrive when the trace says, whatever the system does',
    multiplier: { 'local-dram': 1.4, warehouse: 1.6 },
    isOwn: false,
  },
  { name: 'cold start', summary: 'all tiers empty, from turn 1', multiplier: { warehouse: 2.9 }, isOwn: false },
]

export function scaleComparisonFixture(): NonNullable<Report['scaleComparison']> {
  return {
    arms: {
      'local-dram': { mock: 2.92, target: 2.8, difference: 0.043 },
      warehouse: { mock: 3.33, target: 3.1, difference: 0.074 },
    },
    agrees: true,
    reasons: [{ ratio: 'attention’s share of prefill time', target: 3.1, withMocks: 3.28 }],
  }
}

export function validationFixture(): NonNullable<Report['validation']> {
  type Row = NonNullable<Report['validation']>['rows'][number]
  const row = (id: string, published: number, predicted: number, role: Row['role'], reason?: string): Row => ({
    id,
    kind: 'recompute',
    metric: 'TTFT of 128K tokens recomputed',
    unit: 'ms',
    published,
    predicted,
    relativeError: predicted / published - 1,
    source: 'https://example.org/measured',
    role,
    ...(reason === undefined ? {} : { reason }),
  })
  return {
    medianRelativeError: 0.112,
    worstRelativeError: 0.36,
    timesMedianRelativeError: 0.112,
    timesWorstRelativeError: 0.36,
    byKind: [{ kind: 'recompute', rows: 2, medianRelativeError: 0.112, worstRelativeError: 0.36 }],
    rows: [
      row('llama-70b-h100', 18.2, 20.1, 'test'),
      row('llama-8b-l40s', 4.2, 5.7, 'test'),
      row('qwen-32b-a100', 9.1, 8.9, 'fit'),
      row('qwen-32b-a100-again', 9.2, 8.9, 'derived', 'the same prompt once more'),
      row('vendor-41x', 41, 12, 'unexplained', 'the source names no engine'),
    ],
  }
}
