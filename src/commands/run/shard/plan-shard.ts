import { badInput } from '../../../errors.ts'
import type { PlanFigures, PlanTask } from '../../../experiment/sweep/plan-task.ts'
import { gridOf } from '../../../experiment/sweep/sweep.ts'
import { planCodeHash } from '../../../root.ts'
import { kneePlans } from '../analyses.ts'
import type { PreparedExperiment, Workbench } from '../experiment.ts'
import { sweepTasks } from '../parameter-sweep.ts'
import { PlanKeys } from '../plan-key.ts'
import { fullDeployment, load, loadOf } from '../run-context.ts'
import type { Settings } from '../settings.ts'
import type { SweepBlob } from './blob.ts'
import { partOf, type Shard } from './shard.ts'

/** Plans of machines that calibrated themselves would not fit together. */
export function refuseMeasuredShard({ backend }: Settings): void {
  if (!backend.measures) return
  throw badInput('--shard', 'splits plans, and this run measures', 'Give --backend model, or a suite of experiments.')
}

/** Plans a shard's part of the points of knee and sweep. @param experiment name of its file */
export async function planShard(
  prepared: PreparedExperiment,
  experiment: string | null,
  shard: Shard,
  { threads, progress }: Workbench,
): Promise<SweepBlob> {
  const tasks = await pointTasks(prepared)
  if (tasks.length === 0) {
    throw badInput('--shard', 'this run has neither a knee nor a sweep to split', 'Leave it out, or give --sweep.')
  }
  const part = partOf(tasks, shard)
  const keys = new PlanKeys()
  const plans: Record<string, PlanFigures> = {}
  let done = 0
  await Promise.all(
    part.map(async (task) => {
      plans[keys.of(task)] = await threads.plan(task)
      progress.show(`planning shard ${shard.index} of ${shard.count}`, ++done / part.length)
    }),
  )
  const { out: _, ...options } = prepared.options
  return { schemaVersion: 1, kind: 'sweep', shard: { ...shard }, code: planCodeHash(), experiment, options, plans }
}

/** The plans of a run that depend on nothing but its options: one a point and seed. */
async function pointTasks({ options, settings }: PreparedExperiment): Promise<PlanTask[]> {
  const full = fullDeployment(settings)
  const requestLoad = loadOf(settings, full, await load(settings, full, settings.seed))
  const knee = requestLoad.kind === 'closed' ? kneePlans(settings, [full]).plans.flatMap(gridOf) : []
  const sweep = sweepTasks(options, settings, requestLoad)?.points ?? []
  return [...knee.map(({ task }) => task), ...sweep.flatMap(({ tasks }) => tasks)]
}

/** A bench whose plans are taken from blobs where they hold them. */
export function withPlans(bench: Workbench, blobs: readonly SweepBlob[]): Workbench {
  const keys = new PlanKeys()
  const known = new Map(blobs.flatMap(({ plans }) => Object.entries(plans)))
  const plan = async (task: PlanTask): Promise<PlanFigures> => known.get(keys.of(task)) ?? bench.threads.plan(task)
  return { ...bench, threads: { ...bench.threads, plan } }
}
