import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { PlanFigures, PlanTask, RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import { planCodeHash } from '../../root.ts'

const pointFigures = z.strictObject({
  tokensPerGpuSecond: z.number(),
  hitRate: z.number(),
  ceilingHitRate: z.number(),
  redundantPrefillOverhead: z.number(),
  busyShare: z.number(),
  stalledShare: z.number(),
  starvedShare: z.number(),
  ttftP50Ms: z.number().nullable(),
  ttftP95Ms: z.number().nullable(),
  tpotP50Ms: z.number().nullable(),
  tpotP95Ms: z.number().nullable(),
})
const planFigures = z.record(z.string(), pointFigures)

/**
 * Keeps what was planned by the hash of its inputs: within a run, so that claims share points, and between runs, so that one
 * that was interrupted goes on where it stood. A cache that cannot be read or written is no error.
 */
export function cachedPlans(run: RunPlanTask, onPlanned: () => void): RunPlanTask {
  const traceHashes = new Map<string, string>()
  const known = new Map<string, Promise<PlanFigures>>()
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'memwall', 'plans')
  return (task) => {
    const key = keyOf(task, traceHashes)
    const before = known.get(key)
    if (before !== undefined) return before
    const path = join(folder, `${key}.json`)
    const planned = kept(path) ?? run(task).then((figures) => keep(folder, path, figures))
    known.set(key, planned)
    void planned.then(onPlanned, () => undefined)
    return planned
  }
}

/** @param traceHashes of the trace files met so far: each is read once */
function keyOf(task: PlanTask, traceHashes: Map<string, string>): string {
  const trace = task.source.kind === 'trace' ? hashOfFile(task.source.path, traceHashes) : ''
  return sha256(JSON.stringify([planCodeHash(), task, trace])).slice(0, 32)
}

function hashOfFile(path: string, known: Map<string, string>): string {
  const hash = known.get(path) ?? sha256(readFileSync(path))
  known.set(path, hash)
  return hash
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
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
