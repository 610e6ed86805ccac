import type { Deployment } from '../../experiment/scale/deployment.ts'
import { namedSettings, type PlanTask, type TaskLoad } from '../../experiment/sweep/plan-task.ts'
import type { KneePlan } from '../../experiment/sweep/sweep.ts'
import type { Load } from '../../plan/plan-input.ts'
import { runSettings } from './run-context.ts'
import { defaults, type Settings } from './settings.ts'

/** The run itself as something that any thread can plan. */
export function runTask(
  settings: Settings,
  deployment: Deployment,
  load: Load,
  requests: number | undefined,
): PlanTask {
  return {
    source: settings.source,
    deployment,
    settings: namedSettings(runSettings(settings, deployment)),
    arms: settings.arms.map(({ name }) => name),
    load: taskLoad(settings, load),
    requests,
    leastWindowMs: settings.requests === undefined ? leastWindowMs(deployment, settings) : undefined,
    seed: settings.seed,
  }
}

function taskLoad(settings: Settings, load: Load): TaskLoad {
  if (load.kind === 'backlog') return load
  if (load.kind === 'timed') return { kind: 'timed' }
  const { seats, start, thinkCapMs } = load
  return { kind: 'closed', sessionsPerReplica: seats / settings.replicas, start, thinkCapMs, clock: 'think' }
}

/** Seeds of what is planned beside a run; what draws nothing needs one. */
export function analysisSeeds(settings: Settings, load: Load): number[] {
  const count = load.kind === 'closed' ? Math.max(defaults.analysisSeeds, settings.seeds) : 1
  return Array.from({ length: count }, (_, i) => settings.seed + i)
}

/** Requests of what is planned beside a run: enough for every seat to have two. */
export function analysisRequests(requests: number | undefined, seats: number): number | undefined {
  return requests === undefined ? undefined : Math.max(defaults.kneeRequests, 2 * seats)
}

/** A grid of loads for one deployment. */
export function kneePlan(
  settings: Settings,
  deployment: Deployment,
  sessions: readonly number[],
  seeds: number,
): KneePlan {
  const { replicas, start, thinkCapMs, router } = settings
  const load = { kind: 'closed', seats: replicas, start, thinkCapMs, timeScale: deployment.timeScale } as const
  const beside = router.name === 'round-robin' ? 'session-affine' : 'round-robin'
  return {
    task: runTask(settings, deployment, load, undefined),
    routers: settings.isDefaultExperiment ? [router.name, beside] : [router.name],
    sessions,
    seeds: Array.from({ length: seeds }, (_, i) => settings.seed + i),
    requestsAt: () => kneeRequests(settings, sessions),
  }
}

/** Requests in the window of every point of a knee: as asked, or one a seat at the highest load. */
export function kneeRequests({ kneeRequests: asked, replicas }: Settings, sessions: readonly number[]): number {
  return asked ?? Math.max(defaults.kneeRequests, replicas * Math.max(...sessions))
}

/** Twice the longest think time: in a shorter window the conversations that pause are hardly met. */
export function leastWindowMs(
  { timeScale }: Pick<Deployment, 'timeScale'>,
  { thinkCapMs }: Pick<Settings, 'thinkCapMs'>,
): number {
  return 2 * thinkCapMs * timeScale
}

/** Replicas of a large fleet that are planned for the knee and the analyses: with session affinity each is on its own. */
const fewReplicas = 4

/**
 * The run on fewer replicas where that changes nothing but the time it takes: conversations stay where they began, hosts
 * stay whole, and nothing but a warehouse without limit is shared.
 */
export function onFewReplicas(settings: Settings, deployment: Deployment): Settings {
  const { host, fabric } = deployment.warehouseLink
  const isSeparable =
    settings.router.name === 'session-affine' && fabric === undefined && settings.warehouseBytes === undefined
  const few = Math.max(fewReplicas, host?.replicas ?? 1)
  return isSeparable && settings.replicas > few ? { ...settings, replicas: few } : settings
}
