import { readdirSync } from 'node:fs'
import { readGpu, readLink, readModel } from '../dist/src/catalog/catalog.js'
import { parseArm } from '../dist/src/experiment/arms/arm.js'
import { arms } from '../dist/src/experiment/arms/registry.js'
import { targetBlockTokens, targetDefaults, targetDeployment } from '../dist/src/experiment/scale/deployment.js'
import { planPoint } from '../dist/src/experiment/sweep/plan-point.js'
import { cutLimits, loadWorkload } from '../dist/src/experiment/workload-source.js'
import { fcfs } from '../dist/src/plan/admission/fcfs.js'
import { sessionAffine } from '../dist/src/plan/router/session-affine.js'
import { workloads } from '../dist/workloads/registry.js'
const model = readModel('llama-3.1-70b')
const deployment = targetDeployment({ ...targetDefaults(), gpu: readGpu('b300'), model, warehouseLink: readLink('weka-amg'), dramLink: readLink('pcie5-x16'), contextTokens: 100_000, maxContextTokens: model.maxContextTokens, dramBytes: 256e9 }, targetBlockTokens)
const { pool } = await loadWorkload({ kind: 'workload', name: 'agentic-coding', params: {} }, workloads, deployment.workloadScale, cutLimits(deployment), 1)
const load = { kind: 'closed', seats: 8 * 16, start: 'warm', timeScale: 1, thinkCapMs: 300_000 }
for (const f of readdirSync('dist/src/cache/policies').filter((f) => f.endsWith('.js') && f !== 'registry.js')) {
  const m = await import('../dist/src/cache/policies/' + f)
  const policy = Object.values(m).find((v) => v?.create)
  if (policy.knows.includes('future')) continue
  for (const arm of ['hbm-only', 'local-dram']) {
    const settings = { replicas: 8, router: sessionAffine, admission: fcfs, fetch: 'break-even', fetchMode: 'async', fetchPart: 'whole', tiers: { warehouseBytes: undefined, byteScale: 1, policies: { hbm: policy, dram: policy, warehouse: policy } } }
    const cpu = process.cpuUsage()
    const p = planPoint([parseArm(arm, 'arms', arms)], deployment, settings, pool, load, 1500, 1).get(arm)
    const { user } = process.cpuUsage(cpu)
    console.log(policy.name.padEnd(16), arm.padEnd(12), (user / 1000).toFixed(0).padStart(6), 'ms cpu', p.metrics.hitRate.toFixed(4), p.metrics.tokensPerGpuSecond.toFixed(2), p.counts.evictions)
  }
}
