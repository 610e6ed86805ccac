import type { RunSettings } from '../arm-input.ts'
import type { Deployment } from '../scale/deployment.ts'
import type { WorkloadSource } from '../workload-source.ts'
import type { SweepPoint, SweepResult } from './knee.ts'

/** Settings with the names of members in place of the members: functions do not cross threads. */
export interface NamedSettings extends Omit<RunSettings, 'router' | 'admission' | 'tiers'> {
  readonly admission: string
  readonly tiers: Omit<RunSettings['tiers'], 'policies'> & {
    readonly policies: Readonly<Record<'hbm' | 'dram' | 'warehouse', string>>
  }
}

export function namedSettings({ router: _, admission, tiers, ...rest }: RunSettings): NamedSettings {
  const { hbm, dram, warehouse } = tiers.policies
  const policies = { hbm: hbm.name, dram: dram.name, warehouse: warehouse.name }
  return { ...rest, admission: admission.name, tiers: { ...tiers, policies } }
}

/** One point of a sweep with all that planning it takes; see `SweepPoint`. */
export interface SweepTask extends SweepPoint {
  readonly source: WorkloadSource
  readonly deployment: Deployment
  readonly settings: NamedSettings
  readonly arms: readonly string[]
  readonly requests: number
  readonly start: 'warm' | 'cold'
  readonly thinkCapMs: number
}

export interface SweepPlan {
  readonly deployment: Deployment
  readonly routers: readonly string[]
  readonly sessions: readonly number[]
  readonly seeds: readonly number[]
  readonly task: Omit<SweepTask, keyof SweepPoint | 'deployment'>
}

/** Plans every point on the threads, ordered so that points of one workload follow each other. */
export async function runSweep(
  plan: SweepPlan,
  run: (task: SweepTask) => Promise<SweepResult>,
  onPoint: (shareDone: number) => void,
): Promise<SweepResult[]> {
  const { deployment } = plan
  const tasks = plan.seeds.flatMap((seed) =>
    plan.routers.flatMap((router) =>
      // Long points first: the threads end together.
      [...plan.sessions].reverse().map((sessionsPerReplica) => ({
        ...plan.task,
        deployment,
        scale: deployment.scale,
        router,
        sessionsPerReplica,
        seed,
      })),
    ),
  )
  let done = 0
  return Promise.all(
    tasks.map(async (task) => {
      const result = await run(task)
      onPoint(++done / tasks.length)
      return result
    }),
  )
}
