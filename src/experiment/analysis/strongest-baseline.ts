import { baselineArm } from '../arms/registry.ts'
import { overSeeds, type PlanFigures, type PlanTask, type RunPlanTask } from '../sweep/plan-task.ts'
import { meanFigures } from '../sweep/point-figures.ts'

/** What costs nothing to try before a warehouse is bought. */
export interface FreeChoices {
  readonly routers: readonly string[]
  readonly admissions: readonly string[]
  /** Eviction policies of HBM. */
  readonly policies: readonly string[]
  /** Lower loads at which the rest would be kept waiting outside; empty where the load cannot be limited. */
  readonly loads: readonly number[]
}

export interface StrongestBaseline {
  readonly arm: string
  readonly router: string
  readonly admission: string
  readonly policy: string
  /** Conversations (or requests in flight) of a replica to which the load is limited; null: as the run has it. */
  readonly limit: number | null
  readonly tokensPerGpuSecond: number
  /** Tokens per GPU-second of each arm of the run, over the same seeds. */
  readonly arms: Readonly<Record<string, number>>
  readonly tried: number
}

/** DRAM that the host has anyway counts as free. */
const freeArms = [baselineArm, 'local-dram'] as const

interface Candidate {
  readonly task: PlanTask
  readonly arm: string
  readonly limit: number | null
  readonly tokensPerGpuSecond: number
}

/**
 * The best of router × order of admission × policy × DRAM at the run's own load, then the best limit on the load for it.
 * @param task with the arms, router and load of the run
 */
export async function strongestBaseline(
  task: PlanTask,
  choices: FreeChoices,
  seeds: readonly number[],
  run: RunPlanTask,
): Promise<StrongestBaseline> {
  const own = means(await overSeeds(task, seeds, run))
  const variants = choices.routers.flatMap((router) =>
    choices.admissions.flatMap((admission) =>
      choices.policies.map((policy) => withChoice(task, router, admission, policy)),
    ),
  )
  const atLoad = (await Promise.all(variants.map((variant) => candidates(variant, null, seeds, run)))).flat()
  const best = strongest(atLoad)
  const limited = choices.loads.map((limit) => candidates(withLoad(best.task, limit), limit, seeds, run))
  const all = [...atLoad, ...(await Promise.all(limited)).flat()]
  const { task: found, arm, limit, tokensPerGpuSecond } = strongest(all)
  const { router, admission, tiers } = found.settings
  return {
    arm,
    router,
    admission,
    policy: tiers.policies.hbm,
    limit,
    tokensPerGpuSecond,
    arms: own,
    tried: all.length,
  }
}

async function candidates(
  task: PlanTask,
  limit: number | null,
  seeds: readonly number[],
  run: RunPlanTask,
): Promise<Candidate[]> {
  const rates = means(await overSeeds({ ...task, arms: freeArms }, seeds, run))
  return freeArms.map((arm) => ({ task, arm, limit, tokensPerGpuSecond: rates[arm]! }))
}

/** Where two are equal the first stands: the plainer one. */
function strongest(all: readonly Candidate[]): Candidate {
  return all.reduce((best, candidate) => (candidate.tokensPerGpuSecond > best.tokensPerGpuSecond ? candidate : best))
}

function means(results: readonly PlanFigures[]): Record<string, number> {
  const names = Object.keys(results[0]!)
  return Object.fromEntries(
    names.map((name) => [name, meanFigures(results.map((figures) => figures[name]!)).tokensPerGpuSecond]),
  )
}

function withChoice(task: PlanTask, router: string, admission: string, policy: string): PlanTask {
  const { tiers } = task.settings
  const policies = { ...tiers.policies, hbm: policy }
  return { ...task, settings: { ...task.settings, router, admission, tiers: { ...tiers, policies } } }
}

function withLoad(task: PlanTask, limit: number): PlanTask {
  if (task.load.kind === 'closed') return { ...task, load: { ...task.load, sessionsPerReplica: limit } }
  return task.load.kind === 'backlog' ? { ...task, load: { ...task.load, inFlightPerReplica: limit } } : task
}
