import type {
  BuyerCard,
  ClaimCurve,
  ClaimPair,
  ClaimPoint,
  ClaimResult,
  ClaimsReport,
  Range,
  Threshold,
} from '../../../src/claims/result.ts'

export const range = (value: number, low = value, high = value): Range => ({ value, low, high })

const source = 'https://example.org/agents-at-scale; VentureBeat AI Impact, January 2026'

/** A claim with nothing but what every claim has. */
export function plainClaim(changes: Partial<ClaimResult> = {}): ClaimResult {
  return {
    id: 'plain',
    who: 'WEKA',
    where: 'VentureBeat AI Impact',
    when: 'January 2026',
    source,
    statement: 'A shared store of KV blocks does something.',
    conditions: { stated: [], leftOut: [] },
    require: false,
    metric: 'multiplier.warehouse.value >= 2',
    tolerance: 0.02,
    verdict: 'holds',
    holdsWhen: null,
    summary: 'It holds: 2.40× over the whole stated range',
    claimed: { text: '2×', value: 2, unit: '×' },
    measured: range(2.4, 2.2, 2.6),
    baseline: 'HBM only, session affinity',
    againstStrongest: null,
    trust: 'catalogue',
    curves: [],
    mustBeTrue: [],
    map: null,
    tornado: [],
    screen: [],
    there: null,
    missing: [],
    notes: [],
    figures: [],
    ...changes,
  }
}

const loads = [1, 2, 4, 6, 8, 12, 16, 24, 32]

function curveOf(
  variant: string,
  reading: ClaimCurve['reading'],
  baseline: string,
  value: (load: number) => number,
): ClaimCurve {
  const points = loads.map((load): ClaimPoint => {
    if (load === 1) return { at: '1', decided: 'false', measured: range(1, 0.99, 1.01), note: 'load-limited' }
    const mid = value(load)
    if (load === 32 && reading === 'equalService')
      return { at: '32', decided: 'undecided', measured: null, note: 'no arm keeps the SLO' }
    if (load === 2 && mid < 4.2)
      return { at: '2', decided: 'undecided', measured: range(mid, mid * 0.95, mid * 1.05), note: 'a lower bound' }
    if (load === 24 && mid > 3.6 && mid < 4.4)
      return { at: '24', decided: 'undecided', measured: range(mid, mid * 0.9, mid * 1.1), note: '' }
    return {
      at: String(load),
      decided: mid >= 4.2 ? 'true' : 'false',
      measured: range(mid, mid * 0.93, mid * 1.06),
      note: '',
    }
  })
  return { variant, reading, baseline, axis: 'sessions-per-replica', points }
}

const knee = (most: number, at: number) => (load: number) => 1 + (most - 1) / (1 + Math.exp((at - load) / 2))

function thresholdOf(
  parameter: string,
  unit: string,
  [from, to]: readonly [number, number],
  changes: Partial<Threshold>,
): Threshold {
  const steps = [0, 0.25, 0.5, 0.75, 1]
  return {
    parameter,
    unit,
    direction: 'atLeast',
    value: null,
    upper: null,
    outcome: 'threshold',
    from,
    to,
    curve: steps.map((share) => ({
      at: from + (to - from) * share,
      measured: range(1 + 4 * share, 0.9 + 3.9 * share, 1.1 + 4.2 * share),
    })),
    ...changes,
  }
}

const contexts = [8192, 16384, 32768, 65536, 98304, 131072]
const bandwidths = [5e9, 10e9, 20e9, 37.5e9, 75e9, 150e9]

/** The claim that has everything. */
export const multiplier = plainClaim({
  id: 'weka-4.2x',
  where: 'VentureBeat AI Impact, and its blog "Agents at scale"',
  statement:
    'With a token warehouse GPUs produce up to 4.2 times as many tokens for agents with long contexts, so that 100 GPUs act as 420.',
  conditions: {
    stated: ['long contexts', 'tests on CoreWeave', 'the gain appears once the capacity of the DRAM cache is exceeded'],
    leftOut: [
      'conversations a replica',
      'whether the baseline has session affinity',
      'size of host DRAM',
      'length of the output',
      'MFU of prefill before',
    ],
  },
  require: true,
  metric: 'multiplier.warehouse.value >= 4.2',
  tolerance: 0.05,
  verdict: 'holdsWhen',
  holdsWhen:
    'a replica has 12 to 32 conversations of 65,536 tokens or more and the baseline has no host DRAM; best against best and against the strongest free baseline it holds nowhere',
  summary:
    '4.2× holds at 12 conversations a replica and more against HBM only; at the stated conditions 3.31× is found',
  claimed: { text: 'up to 4.2×', value: 4.2, unit: '×' },
  measured: range(3.31, 2.95, 3.6),
  baseline: 'HBM only, round-robin',
  againstStrongest: { value: 1.58, baseline: 'session affinity, host DRAM of 256 GB, at most 8 conversations' },
  curves: [
    curveOf('as stated', 'sameLoad', 'HBM only', knee(6.4, 12)),
    curveOf('context limit lifted', 'sameLoad', 'HBM only', knee(8.1, 9)),
    curveOf('host DRAM as baseline', 'sameLoad', 'local DRAM of 256 GB', knee(2.2, 14)),
    curveOf('slow prefill', 'sameLoad', 'HBM only', knee(4.4, 18)),
    curveOf('as stated', 'bestAgainstBest', 'HBM only', knee(2.1, 8)),
    curveOf('as stated', 'equalService', 'HBM only', knee(4.9, 10)),
  ],
  mustBeTrue: [
    thresholdOf('conversations a replica', '', [1, 32], { value: 11.4 }),
    thresholdOf('ceiling hit rate', 'share', [0.3, 0.99], { value: 0.91 }),
    thresholdOf('HBM a GPU', 'B', [80e9, 576e9], { direction: 'atMost', value: 192e9 }),
    thresholdOf('context', 'tokens', [8192, 131072], { value: 61000 }),
    thresholdOf('link', 'B/s', [1e9, 300e9], { value: 14e9 }),
    thresholdOf('output', 'tokens', [64, 4096], { direction: 'between', value: 120, upper: 900 }),
    thresholdOf('latency of a fetch', 'ms', [0.01, 50], { outcome: 'always', direction: 'atMost' }),
    thresholdOf('host DRAM of the baseline', 'B', [64e9, 2e12], { outcome: 'never', direction: 'atMost' }),
  ],
  map: {
    x: { parameter: 'context', unit: 'tokens', values: contexts },
    y: { parameter: 'link a GPU', unit: 'B/s', values: bandwidths },
    values: bandwidths.map((bandwidth) =>
      contexts.map((context) => 1 + (5.4 * context) / (context + 40_000) / (1 + 12e9 / bandwidth)),
    ),
    line: 4.2,
    point: { x: 48_000, y: 25e9, label: 'your deployment' },
  },
  tornado: [
    {
      assumption: 'share of attainable GEMM',
      unit: 'share',
      low: { input: 0.35, output: 4.92 },
      high: { input: 0.9, output: 2.31 },
    },
    { assumption: 'think time', unit: '×', low: { input: 0.5, output: 3.9 }, high: { input: 2, output: 2.6 } },
    { assumption: 'length of outputs', unit: '×', low: { input: 0.5, output: 3.6 }, high: { input: 2, output: 2.9 } },
    {
      assumption: 'share of HBM bandwidth',
      unit: 'share',
      low: { input: 0.6, output: 3.2 },
      high: { input: 0.85, output: 3.4 },
    },
    {
      assumption: 'latency of the link',
      unit: 'ms',
      low: { input: 0.1, output: 3.33 },
      high: { input: 2, output: 3.28 },
    },
  ],
  screen: [
    { assumption: 'share of attainable GEMM', muStar: 1.9, sigma: 1.3 },
    { assumption: 'conversations a replica', muStar: 2.6, sigma: 1.1 },
    { assumption: 'latency of the link', muStar: 0, sigma: 0 },
  ],
  there: {
    holds: false,
    reason: '38.2 contexts fit into HBM and DRAM, 10 are live: nothing is evicted',
    measured: range(2.1, 1.9, 2.4),
    against: 'local DRAM of 256 GB, session affinity',
    usdPerDay: range(5200, 4300, 6600),
    assumed: ['link weka-amg', 'H100 at 2.5 USD an hour'],
  },
  notes: [
    'The ceiling of the vendor’s own trace is 96.3 % before any cut: conversations under 60 % were left out of it.',
    'No total of the fabric is stated: unlimited is an assumption in the vendor’s favour.',
  ],
  figures: [
    { name: 'ceiling hit rate', value: 0.9625, unit: 'share' },
    { name: 'prefill share of a request', value: 0.71, unit: 'share' },
    { name: 'written into the warehouse a day', value: 4.1e15, unit: 'B' },
  ],
})

export const hitRate = plainClaim({
  id: 'weka-hit-rate',
  statement: 'The KV cache hit rate is 96 to 99 % on agentic workloads.',
  conditions: {
    stated: ['agentic workloads'],
    leftOut: ['the ceiling of the workload', 'which conversations were left out'],
  },
  metric: 'arms.warehouse.hitRate >= 0.96',
  verdict: 'holds',
  summary: 'Holds: 96.2 % with the warehouse, but HBM with session affinity reaches 95.9 %, and the ceiling is 96.3 %',
  claimed: { text: '96–99 %', value: 0.96, unit: 'share' },
  measured: range(0.962, 0.958, 0.964),
  figures: [
    { name: 'ceiling hit rate', value: 0.963, unit: 'share' },
    { name: 'hit rate of HBM with session affinity', value: 0.959, unit: 'share' },
  ],
  there: { holds: true, reason: '', measured: range(0.961), against: 'HBM only', usdPerDay: null, assumed: [] },
})

export const latency = plainClaim({
  id: 'weka-no-latency',
  statement: 'The warehouse adds no inference latency.',
  conditions: { stated: [], leftOut: ['the load'] },
  metric: 'arms.warehouse.ttft.p50 <= 1.05 * arms["hbm-only"].ttft.p50',
  tolerance: 0,
  verdict: 'doesNotHold',
  summary: 'Does not hold: a fetched prefix takes 214 ms to its first token where one in HBM takes 61 ms',
  claimed: { text: 'no added latency', value: 1.05, unit: '×' },
  measured: range(3.5, 3.2, 3.9),
  curves: [
    {
      variant: 'as stated',
      reading: 'sameLoad',
      baseline: 'HBM hit',
      axis: 'link',
      points: ['pcie5-x16', 'weka-amg', 'tcp-100g'].map((at, i) => ({
        at,
        decided: 'false' as const,
        measured: range(2 + i * 2, 1.8 + i * 2, 2.3 + i * 2),
        note: '',
      })),
    },
  ],
})

export const redundant = plainClaim({
  id: 'weka-redundant-prefill',
  statement: 'Redundant prefill alone costs nearly 40 % overhead.',
  metric: 'redundant >= 0.4',
  verdict: 'holds',
  summary: 'Holds: redundant prefill is 61.0 % of all other busy GPU time at the load that was tried',
  claimed: { text: 'nearly 40 %', value: 0.4, unit: 'share' },
  measured: range(0.61, 0.48, 0.77),
  trust: 'fitted',
})

export const footprint = plainClaim({
  id: 'weka-kv-footprint',
  statement: 'A sequence of 100,000 tokens needs about 40 GB; three or four exhaust a GPU.',
  conditions: { stated: ['100,000 tokens'], leftOut: ['which model'] },
  metric: 'kvBytes >= 40 GB',
  verdict: 'holdsWhen',
  holdsWhen: 'the model has at least 400,000 bytes of KV a token, as llama-3.1-405b (516,096)',
  summary: '40 GB a sequence of 100,000 tokens holds for llama-3.1-405b (51.6 GB), not for llama-3.1-70b (32.8 GB)',
  claimed: { text: 'about 40 GB', value: 40e9, unit: 'B' },
  measured: range(32.8e9),
  baseline: '',
  trust: 'arithmetic',
  mustBeTrue: [thresholdOf('KV a token', 'B', [70e3, 516e3], { value: 400e3, curve: [] })],
})

export const savings = plainClaim({
  id: 'weka-millions-per-day',
  statement: 'Large providers save millions of dollars a day.',
  metric: 'savings >= 1e6 USD/day',
  verdict: 'holdsWhen',
  holdsWhen: 'a fleet has 25,000 GPUs or more',
  summary: 'A million a day is reached with 25,000 GPUs at 2.5 USD an hour and 3.31×',
  claimed: { text: 'millions a day', value: 1e6, unit: 'USD/day' },
  measured: range(4.19e5, 3.9e5, 4.4e5),
  trust: 'arithmetic',
  figures: [{ name: 'fleet for a million a day', value: 25_000, unit: 'GPUs' }],
  there: {
    holds: null,
    reason: '',
    measured: null,
    against: 'HBM only',
    usdPerDay: range(120, -300, 800),
    assumed: ['H100 at 2.5 USD an hour'],
  },
})

export const moreGpus = plainClaim({
  id: 'weka-more-gpus',
  statement: 'Adding GPUs does not solve it.',
  metric: 'solves == 0',
  verdict: 'doesNotHold',
  summary: 'Does not hold: twice the GPUs do 3.9 times the work, since sessions then fit',
  claimed: { text: 'does not solve it', value: null, unit: '×' },
  measured: range(3.9, 3.7, 4.2),
  trust: 'tensors',
})

export const prefill = plainClaim({
  id: 'weka-41x',
  statement: 'Prefill of 105,000 tokens is 41 times as fast.',
  metric: 'speedup >= 41',
  verdict: 'notTestable',
  summary: 'Cannot be tested: the engine and the number format of the baseline of 24 s are not stated',
  claimed: { text: '41×', value: 41, unit: '×' },
  measured: null,
  baseline: '',
  missing: ['engine of the baseline', 'number format'],
})

export const pairs: readonly ClaimPair[] = [
  {
    claims: ['weka-4.2x', 'weka-redundant-prefill'],
    question: 'Can 4.2× come from an overhead of 40 %?',
    verdict: 'incompatible',
    summary: 'An overhead of 40 % caps the gain near 1.40×: both cannot be true at one load',
  },
  {
    claims: ['weka-4.2x', 'weka-no-latency'],
    question: 'Is there a load at which both hold?',
    verdict: 'compatibleWhen',
    summary: '4.2× holds from 12 conversations a replica, no added latency up to 2',
  },
  {
    claims: ['weka-hit-rate', 'weka-4.2x'],
    question: 'Does the hit rate explain the multiplier?',
    verdict: 'compatible',
    summary: 'The baseline has the hit rate, too, so it proves nothing',
  },
]

const claims = [multiplier, hitRate, latency, redundant, footprint, savings, moreGpus, prefill]

/** A report with every verdict and every optional part. */
export function claimsFixture(changes: Partial<ClaimsReport> = {}): ClaimsReport {
  return {
    schemaVersion: 2,
    createdAt: '2026-03-01T12:00:00.000Z',
    claims,
    pairs,
    deployment: {
      text: '64 × h100-sxm, llama-3.1-70b in fp8, TP 8, 10 conversations a replica, context 48,000 tokens',
      assumed: ['link weka-amg', 'H100 at 2.5 USD an hour'],
    },
    card: null,
    seconds: 141.3,
    quick: false,
    ...changes,
  }
}

export const hostileText =
  '<script>alert("&")</script>\u001b[31m\u0000 | `x` ]]> \ud800 "quoted" \'single\' javascript:alert(1)'

/** Every text of a claim is hostile. */
export function hostileClaim(): ClaimResult {
  const text = hostileText
  return {
    ...multiplier,
    id: text,
    who: text,
    where: text,
    when: text,
    source: `${text} https://example.org/"onclick="x`,
    statement: text,
    conditions: { stated: [text], leftOut: [text] },
    metric: `${text} >= 4.2`,
    holdsWhen: text,
    summary: text,
    claimed: { text, value: 4.2, unit: '×' },
    baseline: text,
    againstStrongest: { value: 1.5, baseline: text },
    curves: multiplier.curves.map((curve) => ({
      ...curve,
      variant: text,
      baseline: text,
      axis: text,
      points: curve.points.map((point) => ({ ...point, at: `${text}${point.at}`, note: text })),
    })),
    mustBeTrue: multiplier.mustBeTrue.map((one) => ({ ...one, parameter: text, unit: text })),
    map: { ...multiplier.map!, point: { x: 48_000, y: 25e9, label: text } },
    tornado: multiplier.tornado.map((bar) => ({ ...bar, assumption: text, unit: text })),
    screen: multiplier.screen.map((one) => ({ ...one, assumption: text })),
    there: { ...multiplier.there!, against: text, assumed: [text] },
    missing: [text],
    notes: [text],
    figures: [{ name: text, value: 1, unit: text }],
  }
}

const cardArm = (tokensPerGpuSecond: number, ttftP95Ms: number) => ({ tokensPerGpuSecond, ttftP95Ms })

/** Twelve conversations, whose contexts all fit into HBM. */
export const buyerCard: BuyerCard = {
  claim: 'weka-4.2x',
  claimed: 4.2,
  answer: 'no',
  load: 12,
  multiplier: range(1, 0.99, 1.01),
  against: 'local-dram',
  reason: '25.7 contexts fit, 12 are live: nothing is evicted',
  contexts: { meanTokens: 60_000, hbm: 25.7, dram: 104 },
  loads: [
    {
      sessionsPerReplica: 12,
      isOwn: true,
      arms: { 'hbm-only': cardArm(17.3, 1500), 'local-dram': cardArm(17.3, 1400), warehouse: cardArm(17.3, 1400) },
    },
    {
      sessionsPerReplica: 32,
      isOwn: false,
      arms: { 'hbm-only': cardArm(24.3, 36_000), 'local-dram': cardArm(43.8, 3200), warehouse: cardArm(43.8, 3300) },
    },
    {
      sessionsPerReplica: 48,
      isOwn: false,
      arms: { 'hbm-only': cardArm(11.6, 112_000), 'local-dram': cardArm(59.8, 5000), warehouse: cardArm(56.4, 11_500) },
    },
  ],
  trueFrom: 44,
  usdPerDay: null,
  link: { text: '25 GB/s a host', bytesPerSecond: 3.125e9 },
  dram: '2 TB a host',
  scaled: 'prompts scaled by 0.82 to your mean of 60,000 tokens, outputs as they are',
}
