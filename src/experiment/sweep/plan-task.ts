import type { PolicySpec } from '../../cache/policy.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { RunSettings } from '../arm-input.ts'
import type { Deployment } from '../scale/deployment.ts'
import type { LoadedWorkload, WorkloadSource } from '../workload-source.ts'
import type { PointFigures } from './point-figures.ts'

/** Settings with the names of members in place of the members: functions do not cross threads. */
export interface NamedSettings extends Omit<RunSettings, 'router' | 'admission' | 'tiers'> {
  readonly router: string
  readonly admission: string
  readonly tiers: Omit<RunSettings['tiers'], 'policies'> & {
    readonly policies: Readonly<Record<'hbm' | 'dram' | 'warehouse', string>>
  }
}

export function namedSettings({ router, admission, tiers, ...rest }: RunSettings): NamedSettings {
  const { hbm, dram, warehouse } = tiers.policies
  const policies = { hbm: policyText(hbm), dram: policyText(dram), warehouse: policyText(warehouse) }
  return { ...rest, router: router.name, admission: admission.name, tiers: { ...tiers, policies } }
}

/** How a thread finds a policy: one of the registry by its name, one from a file by its path. */
export function policyText({ text, name }: PolicySpec): string {
  return text ?? name
}

/** How requests come, before the workload is read. */
export type TaskLoad =
  | {
      readonly kind: 'closed'
      readonly sessionsPerReplica: number
      readonly start: 'warm' | 'cold'
      readonly thinkCapMs: number
      readonly clock: 'think' | 'timestamps'
    }
  | { readonly kind: 'timed' }
  | { readonly kind: 'backlog'; readonly inFlightPerReplica: number }

/** Some arms to be planned at one load with one seed. Plain data: it may be sent to another thread. */
export interface PlanTask {
  readonly source: WorkloadSource
  readonly deployment: Deployment
  readonly settings: NamedSettings
  /** Names, with parameters where they have one. */
  readonly arms: readonly string[]
  readonly load: TaskLoad
  readonly requests: number | undefined
  readonly seed: number
}

export type PlanFigures = Readonly<Record<string, PointFigures>>

/** Plans a task, on some thread. */
export type RunPlanTask = (task: PlanTask) => Promise<PlanFigures>

export function loadOfTask(load: TaskLoad, replicas: number, timeScale: number, workload: LoadedWorkload): Load {
  if (load.kind === 'closed') {
    const { sessionsPerReplica, start, thinkCapMs, clock } = load
    return { kind: 'closed', seats: sessionsPerReplica * replicas, start, timeScale, thinkCapMs, clock }
  }
  return load.kind === 'backlog' ? load : { kind: 'timed', arrivalsMs: workload.arrivalsMs!, timeScale }
}

/** Runs a task with each of several seeds. */
export function overSeeds(task: PlanTask, seeds: readonly number[], run: RunPlanTask): Promise<PlanFigures[]> {
  return Promise.all(seeds.map((seed) => run({ ...task, seed })))
}
