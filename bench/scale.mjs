// How planning grows: 10,000, 100,000 and 1,000,000 requests of a closed loop on 100 GPUs.
// `npm run build && node bench/scale.mjs [requests…] [--arms a,b]`; each arm in a process of its own, so that its memory is its own.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { lru } from '../dist/src/cache/policies/lru.js'
import { readGpu, readLink, readModel } from '../dist/src/catalog/catalog.js'
import { parseArm } from '../dist/src/experiment/arms/arm.js'
import { arms } from '../dist/src/experiment/arms/registry.js'
import { targetBlockTokens, targetDefaults, targetDeployment } from '../dist/src/experiment/scale/deployment.js'
import { planPoint } from '../dist/src/experiment/sweep/plan-point.js'
import { cutLimits, loadWorkload } from '../dist/src/experiment/workload-source.js'
import { fcfs } from '../dist/src/plan/admission/fcfs.js'
import { sessionAffine } from '../dist/src/plan/router/session-affine.js'
import { workloads } from '../dist/workloads/registry.js'

const gpus = 100
const sessionsPerGpu = 16
const blockTokens = Number(process.env.BLOCK_TOKENS ?? targetBlockTokens)

async function measure(arm, requests) {
  const model = readModel('llama-3.1-70b')
  const deployment = targetDeployment(
    {
      gpu: readGpu('b300'),
      model,
      warehouseLink: readLink('weka-amg'),
      dramLink: readLink('pcie5-x16'),
      contextTokens: 100_000,
      maxContextTokens: model.maxContextTokens,
      dramBytes: 256e9,
      ...targetDefaults(),
    },
    blockTokens,
  )
  const source = { kind: 'workload', name: 'agentic-coding', params: {} }
  const { pool } = await loadWorkload(source, workloads, deployment.workloadScale, cutLimits(deployment), 1)
  const tiers = { warehouseBytes: undefined, byteScale: 1, policies: { hbm: lru, dram: lru, warehouse: lru } }
  const fetch = { fetch: 'break-even', fetchMode: 'async', fetchPart: 'whole' }
  const settings = { replicas: gpus, router: sessionAffine, admission: fcfs, ...fetch, tiers }
  const load = { kind: 'closed', seats: gpus * sessionsPerGpu, start: 'warm', timeScale: 1, thinkCapMs: 300_000 }
  const started = performance.now()
  const planned = planPoint([parseArm(arm, 'arms', arms)], deployment, settings, pool, load, requests, 1).get(arm)
  const seconds = (performance.now() - started) / 1000
  const { metrics, counts } = planned
  console.log(
    `${String(requests).padStart(9)} requests  ${arm.padEnd(15)} ${seconds.toFixed(1).padStart(7)} s`,
    ` ${((seconds * 1e6) / counts.requestsEnded).toFixed(0).padStart(4)} µs a request `,
    ` ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB at most,`,
    `hit rate ${metrics.hitRate.toFixed(3)} of ${metrics.ceilingHitRate.toFixed(3)}`,
  )
}

const args = process.argv.slice(2)
if (args[0] === '--one') await measure(args[1], Number(args[2]))
else {
  const at = args.indexOf('--arms')
  const names = at === -1 ? ['hbm-only', 'warehouse'] : args[at + 1].split(',')
  const sizes = (at === -1 ? args : args.slice(0, at)).map(Number)
  for (const requests of sizes.length > 0 ? sizes : [10_000, 100_000, 1_000_000]) {
    for (const name of names) {
      spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--one', name, String(requests)], {
        stdio: 'inherit',
      })
    }
  }
}
