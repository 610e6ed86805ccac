import { backends } from '../../backends/registry.ts'
import { lru } from '../../src/cache/policies/lru.ts'
import { parseArm } from '../../src/experiment/arms/arm.ts'
import { arms, defaultArms } from '../../src/experiment/arms/registry.ts'
import { type PlannedSteps, planWithSteps } from '../../src/experiment/measured/measured-run.ts'
import type { Deployment } from '../../src/experiment/scale/deployment.ts'
import type { OpenGpu } from '../../src/gpu/backend.ts'
import type { RunTask } from '../../src/gpu/execute-task.ts'
import { capForPool, type GpuLayout, gpuLayout } from '../../src/gpu/memory.ts'
import { kvBytesPerToken, layerParameters, projectionParameters } from '../../src/gpu/model-shape.ts'
import { runProgram } from '../../src/gpu/run-program.ts'
import { fcfs } from '../../src/plan/admission/fcfs.ts'
import type { CostModel } from '../../src/plan/cost-model.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'
import { roundRobin } from '../../src/plan/router/round-robin.ts'
import type { RouterSpec } from '../../src/plan/router/router.ts'
import { hash53 } from '../../src/random.ts'
import type { LinkSpec } from '../../src/warehouse/link.ts'
import { type ConversationPool, compilePool } from '../../src/workload/pool.ts'
import type { Conversation } from '../../src/workload/workload.ts'

export const blockTokens = 4

const shape = {
  layers: 2,
  dModel: 32,
  heads: 2,
  kvHeads: 1,
  headDim: 16,
  ffn: 32,
  vocabulary: 64,
  maxContextTokens: 256,
}

/** A small model's GPU whose pool holds `poolBlocks` blocks at least. */
export function smallLayout(poolBlocks: number): GpuLayout {
  return gpuLayout(shape, blockTokens, 32, capForPool(shape, blockTokens, 32, poolBlocks))
}

const cost: CostModel = {
  layers: 2,
  layerFlopsPerToken: 2 * layerParameters(shape),
  projectionFlopsPerRow: 2 * projectionParameters(shape),
  layerWeightBytes: 4 * layerParameters(shape),
  projectionWeightBytes: 4 * projectionParameters(shape),
  attentionFlopsPerPair: 4 * shape.layers * shape.heads * shape.headDim,
  kvBytesPerToken: kvBytesPerToken(shape, 4),
  linearFlopsPerMs: 1e6,
  attentionFlopsPerMs: 1e6,
  weightBytesPerMs: 1e12,
  kvBytesPerMs: 1e7,
  stepOverheadMs: 0.05,
  decodeRowMs: 0.01,
}

const link: LinkSpec = { name: 'test', readBytesPerMs: 1e5, writeBytesPerMs: 1e5, latencyMs: 0.01 }

/** Conversations that grow turn by turn behind a shared prefix, with kept output and a partial tail. */
export function smallPool(conversations = 12, turnCount = 5): ConversationPool {
  const sharedTokens = 22
  const make = (id: number): Conversation => {
    const turns = Array.from({ length: turnCount }, (_, turn) => {
      const promptTokens = 50 + 13 * turn + (id % 3)
      const keptOutputTokens = 3
      const blocks = Math.ceil((promptTokens + keptOutputTokens) / blockTokens)
      const sharedBlocks = Math.floor(sharedTokens / blockTokens)
      const blockHashes = Float64Array.from({ length: blocks }, (_, i) => hash53(i < sharedBlocks ? 1 : id + 10, i))
      return { blockHashes, sharedBlocks, promptTokens, outputTokens: 6, keptOutputTokens, thinkMs: 1, agent: '' }
    })
    return { id: String(id), tenant: '', turns }
  }
  return compilePool(
    Array.from({ length: conversations }, (_, id) => make(id)),
    blockTokens,
  )
}

/** Plans of all arms with every step, on a pool that is too small for what is asked of it. */
export function smallPlans(
  options: { replicas?: number; router?: RouterSpec; poolBlocks?: number; requests?: number; seed?: number } = {},
): PlannedSteps[] {
  const { replicas = 2, router = roundRobin, poolBlocks = 70, requests = 24, seed = 7 } = options
  const deployment = {
    cost,
    gpusPerReplica: 1,
    dramBytes: 100 * blockTokens * cost.kvBytesPerToken,
    dramLink: link,
    warehouseLink: link,
  } as Deployment
  const pool = smallPool()
  const tiers = { warehouseBytes: undefined, byteScale: 1, policies: { hbm: lru, dram: lru, warehouse: lru } }
  return defaultArms.map((name) => {
    const { lowers } = parseArm(name, 'arms', arms).shape({ deployment, tiers, blockTokens, replicas })
    const input: PlanInput = {
      pool,
      load: { kind: 'closed', seats: 3 * replicas, start: 'warm', timeScale: 1, thinkCapMs: 1e6 },
      replicas,
      poolBlocks,
      maxRunning: 256,
      maxBatchedTokens: 32,
      requestOverheadMs: 0.1,
      router,
      admission: fcfs,
      hbmPolicy: lru,
      lowers,
      peerReads: false,
      fetch: 'always',
      fetchMode: 'async',
      fetchPart: 'whole',
      cost,
      settleRequests: undefined,
      requests,
      overrunRequests: 2,
      seed,
    }
    return planWithSteps(name, input, 1)
  })
}

/** Runs tasks in this thread, one after the other. */
export function inThisThread(): RunTask {
  const opened = new Map<string, OpenGpu>()
  return async ({ backend, gpuId, gpu, store, words, fromWord, toWord }) => {
    const spec = backends.find(({ name }) => name === backend)!
    const open = opened.get(gpuId) ?? spec.open!(gpu)
    opened.set(gpuId, open)
    return runProgram(gpu, open, store, new Int32Array(words), fromWord, toWord)
  }
}
