import { readGpu, readLink, readModel } from '../../src/catalog/catalog.ts'
import { notRefused } from '../../src/errors.ts'
import { type Target, targetDefaults, targetDeployment } from '../../src/experiment/scale/deployment.ts'
import type { PlanFigures, PlanTask, TaskLoad } from '../../src/experiment/sweep/plan-task.ts'
import { plan } from '../../src/worker.ts'

export const smallTarget: Target = {
  ...targetDefaults(),
  gpu: readGpu('h100-sxm'),
  model: readModel('llama-3.1-8b'),
  warehouseLink: readLink('weka-amg'),
  dramLink: readLink('pcie5-x16'),
  contextTokens: 30_000,
  maxContextTokens: 131_072,
  dramBytes: 32e9,
}

export const smallClosed: Extract<TaskLoad, { kind: 'closed' }> = {
  kind: 'closed',
  sessionsPerReplica: 10,
  start: 'warm',
  thinkCapMs: 2000,
  clock: 'think',
}

/** A few short conversations on an H100 whose HBM they do not fit. */
export function smallTask(changes: Partial<PlanTask> = {}, settings: Partial<PlanTask['settings']> = {}): PlanTask {
  return {
    source: { kind: 'workload', name: 'agentic-coding', params: { conversations: 12, turnsMedian: 10 } },
    deployment: targetDeployment(smallTarget, 64),
    settings: {
      replicas: 2,
      router: 'session-affine',
      admission: 'fcfs',
      fetch: 'break-even',
      fetchMode: 'async',
      fetchPart: 'whole',
      tiers: { warehouseBytes: undefined, byteScale: 1, policies: { hbm: 'lru', dram: 'lru', warehouse: 'lru' } },
      ...settings,
    },
    arms: ['hbm-only', 'warehouse'],
    load: smallClosed,
    requests: 60,
    seed: 1,
    ...changes,
  }
}

/** Plans in this thread. */
export async function planHere(task: PlanTask): Promise<PlanFigures> {
  return notRefused(await plan(task))
}
