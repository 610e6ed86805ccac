import { Collector } from '../account/collector.ts'
import { armMetrics } from '../account/metrics.ts'
import { lru } from '../cache/policies/lru.ts'
import { fcfs } from '../plan/admission/fcfs.ts'
import { type CostModel, decodeStepMs } from '../plan/cost-model.ts'
import { planTimeline } from '../plan/plan-arm.ts'
import type { FetchDecision, PlanInput } from '../plan/plan-input.ts'
import { sessionAffine } from '../plan/router/session-affine.ts'
import { hash53 } from '../random.ts'
import type { LinkSpec } from '../warehouse/link.ts'
import type { LowerTierSpec } from '../warehouse/lower-tier.ts'
import { type ConversationPool, compilePool } from '../workload/pool.ts'
import type { Conversation, Turn } from '../workload/workload.ts'
import { contextPrefillMs } from './scale/scale-model.ts'

/** A case whose outcome is known beforehand. */
export interface Control {
  readonly name: string
  readonly measured: number
  readonly low: number
  readonly high: number
  readonly passed: boolean
}

const blockTokens = 64
const documentTokens = 20_000
const outputTokens = 100
/** Documents asked for in turn; the pool holds three, so none is there when its turn comes again. */
const documents = 5
const poolTokens = 3 * documentTokens
const chunkTokens = 8192
const fast = 1e15

interface Case {
  readonly pool: ConversationPool
  readonly replicas: number
  readonly sessionsPerReplica: number
  readonly poolTokens: number
  readonly settle: number
  readonly requests: number
  readonly fetch: FetchDecision
}

/**
 * Cases with a known answer, on the planner alone: stores free, no preemption. They run with every run's own cost model.
 */
export function runControls(cost: CostModel): Control[] {
  return [
    noReuse(cost),
    workingSetFits(cost),
    uselessLink(cost),
    closedForm(cost, 'closed form: one request at a time, a fetch at a twentieth of recompute', 1 / 20),
    closedForm(cost, 'closed form: one request at a time, a fetch at twice recompute', 2),
    boundlessWarehouse(cost),
    moreBandwidth(cost),
  ]
}

function noReuse(cost: CostModel): Control {
  const test = { ...loadedCase(), pool: growing(24, 1, 1) }
  return control('no reuse: a warehouse gives nothing', ratio(cost, test, linkOf(cost, 1 / 20)).multiplier, 0.98, 1.02)
}

function workingSetFits(cost: CostModel): Control {
  const test = { ...loadedCase(), pool: growing(4, 30, 0), sessionsPerReplica: 2, poolTokens: 40 * documentTokens }
  return control(
    'the working set fits: a warehouse gives nothing',
    ratio(cost, test, linkOf(cost, 1 / 20)).multiplier,
    0.98,
    1.02,
  )
}

function uselessLink(cost: CostModel): Control {
  const { multiplier, fetches } = ratio(cost, { ...loadedCase(), fetch: 'break-even' }, linkOf(cost, 1e6))
  // A fetch would be a wrong decision: it shows as a measured value outside the range.
  return control(
    'a link with next to no bandwidth, break-even: no fetch, nothing gained',
    multiplier + fetches,
    0.98,
    1.02,
  )
}

function closedForm(cost: CostModel, name: string, fetchShare: number): Control {
  const { multiplier } = ratio(cost, oneAtATime('always'), linkOf(cost, fetchShare))
  const hitTokens = Math.floor((documentTokens - 1) / blockTokens) * blockTokens
  const decodeMs = sumOf(outputTokens - 1, (i) => decodeStepMs(cost, 1, documentTokens + i + 1))
  const wholeMs = contextPrefillMs(cost, documentTokens, chunkTokens)
  const restMs = tailPrefillMs(cost, hitTokens)
  const fetchMs = prefillDocumentMs(cost) * fetchShare * (hitTokens / documentTokens)
  const expected = (wholeMs + decodeMs) / (fetchMs + restMs + decodeMs)
  return control(name, multiplier / expected, 0.98, 1.02)
}

function boundlessWarehouse(cost: CostModel): Control {
  // Which request is the last of the window hangs on instants here: over a short window that alone is worth over 2 %.
  const test = { ...loadedCase(), requests: 240, fetch: 'break-even' as const }
  const boundless = throughput(
    cost,
    test,
    warehouse({ name: 'boundless', readBytesPerMs: fast, writeBytesPerMs: fast, latencyMs: 0 }),
  )
  const infinite = throughput(cost, test, warehouse(undefined))
  const measured = boundless.tokensPerGpuSecond / infinite.tokensPerGpuSecond
  return control('a warehouse without latency and limits equals infinite-cache', measured, 0.98, 1.02)
}

function moreBandwidth(cost: CostModel): Control {
  const speeds = [4, 2, 1, 0.5, 0.1].map(
    (share) => throughput(cost, oneAtATime('break-even'), warehouse(linkOf(cost, share))).tokensPerGpuSecond,
  )
  const worst = Math.min(...speeds.slice(1).map((speed, i) => speed / speeds[i]!))
  return control('more bandwidth never costs throughput, one request at a time', worst, 0.995, 1000)
}

function control(name: string, measured: number, low: number, high: number): Control {
  return { name, measured, low, high, passed: measured >= low && measured <= high }
}

function ratio(cost: CostModel, test: Case, link: LinkSpec): { multiplier: number; fetches: number } {
  const arm = throughput(cost, test, warehouse(link))
  return {
    multiplier: arm.tokensPerGpuSecond / throughput(cost, test, undefined).tokensPerGpuSecond,
    fetches: arm.fetches,
  }
}

function throughput(cost: CostModel, test: Case, lower: LowerTierSpec | undefined) {
  const collector = new Collector()
  const input: PlanInput = {
    pool: test.pool,
    load: {
      kind: 'closed',
      seats: test.replicas * test.sessionsPerReplica,
      start: 'cold',
      timeScale: 1,
      thinkCapMs: 0,
    },
    replicas: test.replicas,
    poolBlocks: Math.floor(test.poolTokens / blockTokens),
    maxRunning: 256,
    maxBatchedTokens: chunkTokens,
    requestOverheadMs: 0,
    router: sessionAffine,
    admission: fcfs,
    hbmPolicy: lru,
    lowers: lower === undefined ? [] : [lower],
    peerReads: false,
    fetch: test.fetch,
    fetchMode: 'async',
    fetchPart: 'whole',
    cost,
    settleRequests: test.settle,
    requests: test.requests,
    overrunRequests: 0,
    seed: 1,
  }
  const { fetches } = planTimeline(input, collector)
  return { tokensPerGpuSecond: armMetrics(collector.totals, test.replicas, 1).tokensPerGpuSecond, fetches }
}

function warehouse(link: LinkSpec | undefined): LowerTierSpec {
  const capacityBlocks = Number.POSITIVE_INFINITY
  return { name: 'warehouse', shared: true, capacityBlocks, policy: lru, link, freeStores: true }
}

/** A link over which a document takes `share` of the time that computing it takes. */
function linkOf(cost: CostModel, share: number): LinkSpec {
  const bytesPerMs = (documentTokens * cost.kvBytesPerToken) / (prefillDocumentMs(cost) * share)
  return { name: 'control', readBytesPerMs: bytesPerMs, writeBytesPerMs: bytesPerMs, latencyMs: 0 }
}

function prefillDocumentMs(cost: CostModel): number {
  return contextPrefillMs(cost, documentTokens, chunkTokens)
}

/** One step that computes the last positions of a document whose start is there. */
function tailPrefillMs(cost: CostModel, from: number): number {
  return contextPrefillMs(cost, documentTokens, chunkTokens, from)
}

function sumOf(count: number, value: (i: number) => number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += value(i)
  return total
}

/** Several conversations on each of two GPUs, more than fit. */
function loadedCase(): Case {
  return {
    pool: growing(24, 8, 0),
    replicas: 2,
    sessionsPerReplica: 5,
    poolTokens,
    settle: 10,
    requests: 60,
    fetch: 'always',
  }
}

/** One GPU, one seat, documents in turn. */
function oneAtATime(fetch: FetchDecision): Case {
  return {
    pool: documentsInTurn(),
    replicas: 1,
    sessionsPerReplica: 1,
    poolTokens,
    settle: documents,
    requests: 3 * documents,
    fetch,
  }
}

function documentsInTurn(): ConversationPool {
  const blocks = Math.ceil(documentTokens / blockTokens)
  const hashes = Array.from({ length: documents }, (_, document) =>
    Float64Array.from({ length: blocks }, (_, block) => hash53(document + 1, block)),
  )
  const turns = Array.from({ length: documents * 5 }, (_, i) => turnOf(hashes[i % documents]!, documentTokens))
  return compilePool([{ id: 'documents', tenant: '', turns }], blockTokens)
}

/** Conversations that grow by 500 tokens a turn, or, with `fresh`, single prompts that share nothing. */
function growing(conversations: number, turnCount: number, fresh: 0 | 1): ConversationPool {
  const firstTokens = fresh === 1 ? documentTokens : documentTokens / 2
  const make = (id: number): Conversation => {
    const lastTokens = firstTokens + (turnCount - 1) * 500
    const hashes = Float64Array.from({ length: Math.ceil(lastTokens / blockTokens) }, (_, block) =>
      hash53(id + 1, block),
    )
    const turns = Array.from({ length: turnCount }, (_, turn) => {
      const promptTokens = firstTokens + turn * 500
      return turnOf(hashes.subarray(0, Math.ceil(promptTokens / blockTokens)), promptTokens)
    })
    return { id: String(id), tenant: '', turns }
  }
  return compilePool(
    Array.from({ length: conversations }, (_, id) => make(id)),
    blockTokens,
  )
}

function turnOf(blockHashes: Float64Array, promptTokens: number): Turn {
  return { blockHashes, sharedBlocks: 0, promptTokens, outputTokens, keptOutputTokens: 0, thinkMs: 0, agent: '' }
}
