// Speed of the planner: `npm run build && node bench/plan.mjs`. Medians of three; run it on a quiet machine.
// A real trace is looked for in MEMWALL_TRACES and in ../shared/traces.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lru } from '../dist/src/cache/policies/lru.js'
import { readGpu, readLink, readModel } from '../dist/src/catalog/catalog.js'
import { parseArm } from '../dist/src/experiment/arms/arm.js'
import { arms, defaultArms } from '../dist/src/experiment/arms/registry.js'
import { targetBlockTokens, targetDefaults, targetDeployment } from '../dist/src/experiment/scale/deployment.js'
import { planPoint } from '../dist/src/experiment/sweep/plan-point.js'
import { cutLimits, loadWorkload } from '../dist/src/experiment/workload-source.js'
import { fcfs } from '../dist/src/plan/admission/fcfs.js'
import { roundRobin } from '../dist/src/plan/router/round-robin.js'
import { sessionAffine } from '../dist/src/plan/router/session-affine.js'
import { workloads } from '../dist/workloads/registry.js'

const seed = 1
const model = readModel('llama-3.1-70b')
const deployment = targetDeployment(
  {
    ...targetDefaults(),
    gpu: readGpu('b300'),
    model,
    warehouseLink: readLink('weka-amg'),
    dramLink: readLink('pcie5-x16'),
    contextTokens: 100_000,
    maxContextTokens: model.maxContextTokens,
    dramBytes: 256e9,
  },
  targetBlockTokens,
)

function settings(router, replicas) {
  const policies = { hbm: lru, dram: lru, warehouse: lru }
  const tiers = { warehouseBytes: undefined, byteScale: 1, policies }
  const fetch = { fetch: 'break-even', fetchMode: 'async', fetchPart: 'whole' }
  return { replicas, router, admission: fcfs, ...fetch, tiers }
}

function load(source) {
  return loadWorkload(source, workloads, deployment.workloadScale, cutLimits(deployment), seed)
}

/** Plans each arm three times and prints the median, with what it planned. */
function measure(title, router, replicas, pool, workload, requests) {
  console.log(title)
  for (const arm of defaultArms.map((name) => parseArm(name, 'arms', arms))) {
    const runs = [1, 2, 3].map(() => {
      const start = performance.now()
      const planned = planPoint([arm], deployment, settings(router, replicas), pool, workload, requests, seed).get(
        arm.name,
      )
      return { ms: performance.now() - start, planned }
    })
    const { ms, planned } = runs.sort((a, b) => a.ms - b.ms)[1]
    const { metrics, counts } = planned
    console.log(
      `  ${arm.name.padEnd(15)} ${ms.toFixed(0).padStart(6)} ms  ${counts.requestsEnded} requests,`,
      `hit rate ${metrics.hitRate.toFixed(3)} of ${metrics.ceilingHitRate.toFixed(3)},`,
      `${metrics.tokensPerGpuSecond.toFixed(1)} tokens per GPU-second`,
    )
  }
}

const trace = [process.env.MEMWALL_TRACES, fileURLToPath(new URL('../../shared/traces', import.meta.url))]
  .filter((folder) => folder !== undefined)
  .map((folder) => join(folder, 'mooncake_conversation_trace.jsonl.gz'))
  .find((path) => existsSync(path))

if (trace === undefined) console.log('Mooncake trace: neither in MEMWALL_TRACES nor in ../shared/traces')
else {
  const { pool } = await load({ kind: 'trace', path: trace, limit: undefined, sharePrefix: false, ownBlocks: true })
  const backlog = { kind: 'backlog', inFlightPerReplica: 16 }
  measure('Mooncake hour as backlog, 16 GPUs × 16 in flight, round-robin', roundRobin, 16, pool, backlog, undefined)
}

const { pool } = await load({ kind: 'workload', name: 'agentic-coding', params: {} })
const closed = { kind: 'closed', seats: 8 * 16, start: 'warm', timeScale: 1, thinkCapMs: 300_000 }
measure('agentic-coding, 8 GPUs × 16 sessions, session-affine, 1,500 requests', sessionAffine, 8, pool, closed, 1500)
