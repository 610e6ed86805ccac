import { expect, test } from 'vitest'
import { Collector } from '../../../src/account/collector.ts'
import { lru } from '../../../src/cache/policies/lru.ts'
import { besideWindow, drawSeeds, settleRequestsOf } from '../../../src/experiment/draws/window.ts'
import { fcfs } from '../../../src/plan/admission/fcfs.ts'
import { planTimeline } from '../../../src/plan/plan-arm.ts'
import type { Load, PlanInput } from '../../../src/plan/plan-input.ts'
import { roundRobin } from '../../../src/plan/router/round-robin.ts'
import type { RequestFacts } from '../../../src/plan/timeline.ts'
import { hash53, type Random, seededRandom } from '../../../src/random.ts'
import { type ConversationPool, compilePool } from '../../../src/workload/pool.ts'
import type { Conversation } from '../../../src/workload/workload.ts'
import { testCost } from '../../plan/random-plan.ts'

const blockTokens = 32
const seats = 16
const load: Load = { kind: 'closed', seats, start: 'warm', timeScale: 1, thinkCapMs: 1e9 }

/** A few percent of the outputs and of the think times are ten times as long as most. */
function heavyTailed(random: Random, median: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return median * Math.exp(1.3 * normal)
}

/** Conversations of one to fifteen turns whose prompts grow by a block a turn. */
function poolOf(seed: number): ConversationPool {
  const random = seededRandom(seed)
  const conversations = Array.from({ length: 60 }, (_, id): Conversation => {
    const turns = Array.from({ length: 1 + random.integer(15) }, (_, turn) => {
      const promptTokens = 8 * (2 + turn)
      const blockHashes = Float64Array.from({ length: Math.ceil(promptTokens / blockTokens) }, (_, i) => hash53(id, i))
      const outputTokens = Math.min(1000, Math.ceil(heavyTailed(random, 30)))
      const thinkMs = heavyTailed(random, 2)
      return { blockHashes, sharedBlocks: 0, promptTokens, outputTokens, keptOutputTokens: 0, thinkMs, agent: '' }
    })
    return { id: String(id), tenant: '', turns }
  })
  return compilePool(conversations, blockTokens)
}

interface Means {
  readonly output: number
  readonly prompt: number
  readonly age: number
}

function meansOf(requests: readonly Pick<RequestFacts, 'turn' | 'promptTokens' | 'outputTokens'>[]): Means {
  const mean = (of: (request: (typeof requests)[number]) => number): number =>
    requests.reduce((sum, request) => sum + of(request), 0) / requests.length
  return {
    output: mean(({ outputTokens }) => outputTokens),
    prompt: mean(({ promptTokens }) => promptTokens),
    age: mean(({ turn }) => turn + 1),
  }
}

/** Requests that end in the window of a plan. */
function endedInWindow(pool: ConversationPool, seed: number, settleRequests: number | undefined): RequestFacts[] {
  const ended: RequestFacts[] = []
  let isOpen = false
  class Watcher extends Collector {
    override windowOpens(atMs: number): void {
      super.windowOpens(atMs)
      isOpen = true
    }
    override ended(request: RequestFacts, atMs: number): void {
      super.ended(request, atMs)
      if (isOpen) ended.push(request)
    }
  }
  const input: PlanInput = {
    pool,
    load,
    replicas: 1,
    poolBlocks: 2000,
    maxRunning: 256,
    maxBatchedTokens: 500,
    requestOverheadMs: 0,
    router: roundRobin,
    admission: fcfs,
    hbmPolicy: lru,
    lowers: [],
    peerReads: false,
    fetch: 'never',
    fetchMode: 'async',
    fetchPart: 'whole',
    cost: testCost,
    settleRequests,
    requests: besideWindow(seats),
    overrunRequests: 0,
    seed,
  }
  planTimeline(input, new Watcher())
  return ended
}

/** So many of each pool that the error of a mean is half a percent. */
const drawsPerPool = 70
const pools = [1, 2, 3, 4].map(poolOf)

/** Means over the windows of many draws ÷ means over all turns of their pool, which in the long run are asked alike often; less 1. */
function offBy(settleRequests: number | undefined): Means {
  const shares = pools.flatMap((pool, number) => {
    const all = pool.conversations.flatMap(({ turns }) => turns.map((turn, index) => ({ ...turn, turn: index })))
    const longRun = meansOf(all)
    return drawSeeds(number, drawsPerPool).map((seed) => {
      const window = meansOf(endedInWindow(pool, seed, settleRequests))
      return {
        output: window.output / longRun.output,
        prompt: window.prompt / longRun.prompt,
        age: window.age / longRun.age,
      }
    })
  })
  const mean = (key: keyof Means): number => shares.reduce((sum, share) => sum + share[key], 0) / shares.length - 1
  return { output: mean('output'), prompt: mean('prompt'), age: mean('age') }
}

test('windows as a run plans them hold what the workload holds in the long run, within 2 %', () => {
  const settled = offBy(settleRequestsOf(load))
  expect(Math.abs(settled.output)).toBeLessThan(0.02)
  expect(Math.abs(settled.prompt)).toBeLessThan(0.02)
  expect(Math.abs(settled.age)).toBeLessThan(0.02)
})

test('after one request a seat only, long outputs are still under way: the outputs of a window are too short', () => {
  expect(offBy(undefined).output).toBeLessThan(-0.04)
})
