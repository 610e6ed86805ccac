import { baselineArm } from '../arms/registry.ts'
import { overSeeds, type PlanFigures, type PlanTask, type RunPlanTask } from '../sweep/plan-task.ts'
import { meanFigures, type PointFigures } from '../sweep/point-figures.ts'

/** What costs nothing to try before a warehouse is bought. */
export interface FreeChoices {
  readonly routers: readonly string[]
  readonly admissions: readonly string[]
  /** Eviction policies of HBM, the run's own first. */
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
  /** Means over the seeds. */
  readonly figures: PointFigures
  /** Of each arm of the run, over the same seeds. */
  readonly arms: Readonly<Record<string, PointFigures>>
  /** Combinations that were planned. */
  readonly tried: number
}

/** DRAM that the host has anyway counts as free. */
const freeArms = [baselineArm, 'local-dram'] as const
/** Combinations that go on to all seeds. */
const finalists = 3

interface Candidate {
  readonly task: PlanTask
  readonly arm: string
  readonly limit: number | null
  readonly figures: PointFigures
}

/**
 * The best of router × order of admission × DRAM at the run's own load, of all policies for that router and order, then the
 * best limit on the load for it. All combinations are planned with the first seed, the best of them with all seeds.
 * @param task with the arms, router and load of the run
 */
export async function strongestBaseline(
  task: PlanTask,
  choices: FreeChoices,
  seeds: readonly number[],
  run: RunPlanTask,
): Promise<StrongestBaseline> {
  const own = means(await overSeeds(task, seeds, run))
  const planned = async (variants: readonly PlanTask[]): Promise<Candidate[]> => {
    const first = seeds.slice(0, 1)
    return (await Promise.all(variants.map((variant) => candidates(variant, null, first, freeArms, run)))).flat()
  }
  const [policy = task.settings.tiers.policies.hbm, ...otherPolicies] = choices.policies
  const withOwnPolicy = await planned(
    choices.routers.flatMap((router) =>
      choices.admissions.map((admission) => withChoice(task, router, admission, policy)),
    ),
  )
  const leading = strongest(withOwnPolicy).task.settings
  const withOthers = await planned(
    otherPolicies.map((other) => withChoice(task, leading.router, leading.admission, other)),
  )
  const all = [...withOwnPolicy, ...withOthers]
  const best = [...all].sort(byStrength).slice(0, finalists)
  const again = best.map(({ task: chosen, arm }) => candidates(chosen, null, seeds, [arm], run))
  const atLoad = strongest((await Promise.all(again)).flat())
  const limited = choices.loads.map((limit) => candidates(withLoad(atLoad.task, limit), limit, seeds, freeArms, run))
  const {
    task: found,
    arm,
    limit,
    figures,
  } = strongest([...ownCandidates(task, own), atLoad, ...(await Promise.all(limited)).flat()])
  const { router, admission, tiers } = found.settings
  const tried = all.length + choices.loads.length * freeArms.length
  return { arm, router, admission, policy: tiers.policies.hbm, limit, figures, arms: own, tried }
}

/** What the run does itself competes as well: over all seeds nothing weaker may be called the strongest. */
function ownCandidates(task: PlanTask, own: Readonly<Record<string, PointFigures>>): Candidate[] {
  return freeArms.flatMap((arm) => (own[arm] === undefined ? [] : [{ task, arm, limit: null, figures: own[arm] }]))
}

async function candidates(
  task: PlanTask,
  limit: number | null,
  seeds: readonly number[],
  arms: readonly string[],
  run: RunPlanTask,
): Promise<Candidate[]> {
  const figures = means(await overSeeds({ ...task, arms }, seeds, run))
  return arms.map((arm) => ({ task, arm, limit, figures: figures[arm]! }))
}

function byStrength(a: Candidate, b: Candidate): number {
  return b.figures.tokensPerGpuSecond - a.figures.tokensPerGpuSecond
}

/** Of equals the first stands: the plainer one. */
function strongest(all: readonly Candidate[]): Candidate {
  return all.reduce((best, candidate) => (byStrength(best, candidate) > 0 ? candidate : best))
}

function means(results: readonly PlanFigures[]): Record<string, PointFigures> {
  const names = Object.keys(results[0]!)
  return Object.fromEntries(names.map((name) => [name, meanFigures(results.map((figures) => figures[name]!))]))
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
