import { besideDraws, besideWindow, drawSeeds } from '../../experiment/draws/window.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { namedSettings, type PlanTask, type TaskLoad } from '../../experiment/sweep/plan-task.ts'
import type { KneePlan } from '../../experiment/sweep/sweep.ts'
import type { Load } from '../../plan/plan-input.ts'
import { runSettings } from './run-context.ts'
import type { Settings } from './settings.ts'

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
    seed: settings.seed,
  }
}

function taskLoad(settings: Settings, load: Load): TaskLoad {
  if (load.kind === 'backlog') return load
  if (load.kind === 'timed') return { kind: 'timed' }
  const { seats, start, thinkCapMs } = load
  return { kind: 'closed', sessionsPerReplica: seats / settings.replicas, start, thinkCapMs, clock: 'think' }
}

/** Seeds of what is planned beside a run: its first draws; what draws nothing needs one. */
export function besideSeeds({ seed, seedsAsked }: Settings, load: Load['kind']): number[] {
  return drawSeeds(seed, load === 'closed' ? Math.min(besideDraws, seedsAsked ?? besideDraws) : 1)
}

/** A grid of loads for one deployment. @param router in place of the run's own */
export function kneePlan(
  settings: Settings,
  deployment: Deployment,
  sessions: readonly number[],
  seeds: readonly number[],
  router = settings.router.name,
): KneePlan {
  const { replicas, start, thinkCapMs } = settings
  const load = { kind: 'closed', seats: replicas, start, thinkCapMs, timeScale: deployment.timeScale } as const
  return {
    task: runTask(settings, deployment, load, undefined),
    routers: [router],
    sessions,
    seeds,
    requestsAt: (load) => kneeRequests(settings, replicas * load),
  }
}

/** Requests in the window of a point of the knee: as asked, or enough for every seat. */
export function kneeRequests({ kneeRequests: asked }: Settings, seats: number): number {
  return asked ?? besideWindow(seats)
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
  const ofHost = host?.replicas ?? 1
  const few = partOf(settings.replicas, ofHost)
  return isSeparable && few < settings.replicas ? { ...settings, replicas: few } : settings
}

/**
 * The fewest replicas that stand for all: whole hosts, of which the fleet is a multiple. In a large fleet the host that is not
 * full hardly counts.
 */
function partOf(replicas: number, ofHost: number): number {
  const few = Math.ceil(fewReplicas / ofHost) * ofHost
  const whole = [few, 2 * few, 3 * few].find((part) => part >= replicas || replicas % part === 0)
  return Math.min(whole ?? few, replicas)
}

/** As many seats a replica as before. */
export function onReplicas(load: Load, before: number, after: number): Load {
  return load.kind === 'closed' ? { ...load, seats: (load.seats / before) * after } : load
}
