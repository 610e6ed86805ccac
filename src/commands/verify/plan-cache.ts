import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { PlanFigures, RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import { PlanKeys, planFigures } from '../run/plan-key.ts'

/**
 * Keeps what was planned by the hash of its inputs: within a run, so that claims share points, and between runs, so that one
 * that was interrupted goes on where it stood. A cache that cannot be read or written is no error.
 */
export function cachedPlans(run: RunPlanTask, onPlanned: () => void): RunPlanTask {
  const keys = new PlanKeys()
  const known = new Map<string, Promise<PlanFigures>>()
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'memwall', 'plans')
  return (task) => {
    const key = keys.of(task)
    const before = known.get(key)
    if (before !== undefined) return before
    const path = join(folder, `${key}.json`)
    const planned = kept(path) ?? run(task).then((figures) => keep(folder, path, figures))
    known.set(key, planned)
    void planned.then(onPlanned, () => undefined)
    return planned
  }
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
