import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { PlanFigures, PlanTask, RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import { PlanKeys, planFigures } from '../run/plan-key.ts'

/** Told of each arm that is asked for, and of each that is planned. */
export interface PlanCount {
  readonly onAsked: () => void
  readonly onPlanned: () => void
}

/**
 * Plans arm by arm, and keeps what was planned by the hash of all that decides it: within a run, so that claims share arms, and
 * between runs, so that one that was interrupted goes on where it stood. A cache that cannot be read or written is no error.
 */
export function cachedPlans(run: RunPlanTask, { onAsked, onPlanned }: PlanCount): RunPlanTask {
  const keys = new PlanKeys()
  const known = new Map<string, Promise<PlanFigures>>()
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'memwall', 'plans')
  const planArm = (task: PlanTask): Promise<PlanFigures> => {
    const key = keys.of(decidedBy(task))
    const before = known.get(key)
    if (before !== undefined) return before
    onAsked()
    const path = join(folder, `${key}.json`)
    const planned = kept(path) ?? run(task).then((figures) => keep(folder, path, figures))
    known.set(key, planned)
    void planned.then(onPlanned, () => undefined)
    return planned
  }
  return async (task) => {
    const arms = await Promise.all(task.arms.map((arm) => planArm({ ...task, arms: [arm] })))
    return Object.assign({}, ...arms)
  }
}

const noLink = { name: 'none', readBytesPerMs: 0, writeBytesPerMs: 0, latencyMs: 0 } as const

/** Memories that an arm does not have decide nothing about it. */
export function decidedBy(task: PlanTask): PlanTask {
  const [arm] = task.arms
  const { deployment } = task
  const withoutDram = { ...deployment, dramBytes: 0, dramLink: noLink }
  if (arm === 'hbm-only') return { ...task, deployment: { ...withoutDram, warehouseLink: noLink } }
  if (arm === 'warehouse') return { ...task, deployment: withoutDram }
  return arm === 'local-dram' ? { ...task, deployment: { ...deployment, warehouseLink: noLink } } : task
}

function kept(path: string): Promise<PlanFigures> | undefined {
  try {
    return Promise.resolve(planFigures.parse(JSON.parse(readFileSync(path, 'utf8'))))
  } catch {
    return undefined
  }
}

function keep(folder: string, path: string, figures: PlanFigures): PlanFigures {
  try {
    mkdirSync(folder, { recursive: true })
    const temporary = `${path}.${process.pid}.tmp`
    writeFileSync(temporary, JSON.stringify(figures))
    renameSync(temporary, path)
  } catch {
    // It is planned again the next time.
  }
  return figures
}
