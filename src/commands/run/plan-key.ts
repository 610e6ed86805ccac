import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { isPolicyFile } from '../../cache/load-policy.ts'
import type { PlanTask } from '../../experiment/sweep/plan-task.ts'
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

/** What a plan task gives, as files keep it. */
export const planFigures = z.record(z.string(), pointFigures)

/** Names what a task plans by all that decides it: the code, the task, the trace it reads, and policies from files. */
export class PlanKeys {
  /** Each file is read once. */
  readonly #hashes = new Map<string, string>()

  of(task: PlanTask): string {
    const trace = task.source.kind === 'trace' ? this.#hashOf(task.source.path) : ''
    const policies = Object.values(task.settings.tiers.policies).filter(isPolicyFile)
    const files = policies.map((text) => this.#hashOf(text.split(':')[0]!))
    return sha256(JSON.stringify([planCodeHash(), task, trace, files])).slice(0, 32)
  }

  #hashOf(path: string): string {
    const hash = this.#hashes.get(path) ?? sha256(readFileSync(path))
    this.#hashes.set(path, hash)
    return hash
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
