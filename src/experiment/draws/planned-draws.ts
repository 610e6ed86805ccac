import { type PooledBooks, pooledBooks } from '../../account/pooled.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import { ratioOfMeans } from '../../statistics/jackknife.ts'
import type { PlanTask, TaskLoad } from '../sweep/plan-task.ts'
import { sumOfCounts } from './counts.ts'
import type { Draw, RunDraw } from './draw.ts'

/** An arm over all planned draws together. */
export interface PlannedArmFigures extends PooledBooks {
  readonly counts: PlanCounts
}

/** What was planned of a workload: many draws of one length. */
export interface PlannedDraws {
  readonly seeds: readonly number[]
  /** In each window; undefined: as many as the trace has. */
  readonly requests: number | undefined
  /** Seats of all replicas that were planned. */
  readonly seats: number
  readonly draws: readonly Draw[]
  readonly arms: ReadonlyMap<string, PlannedArmFigures>
}

/** Plans draws of one task on the threads. */
export async function planDraws(task: PlanTask, seeds: readonly number[], run: RunDraw): Promise<PlannedDraws> {
  const draws = await Promise.all(seeds.map((seed) => run({ ...task, seed })))
  const { gpusPerReplica } = task.deployment
  const { replicas } = task.settings
  const arms = new Map(
    task.arms.map((name) => {
      const own = draws.map((draw) => draw[name]!)
      return [name, { ...pooledBooks(own, gpusPerReplica), counts: sumOfCounts(own.map(({ counts }) => counts)) }]
    }),
  )
  return { seeds, requests: task.requests, seats: seatsOf(task.load, replicas), draws, arms }
}

function seatsOf(load: TaskLoad, replicas: number): number {
  if (load.kind === 'timed') return 0
  return replicas * (load.kind === 'closed' ? load.sessionsPerReplica : load.inFlightPerReplica)
}

/** Throughput of two arms in each draw. */
export function drawnRates(draws: readonly Draw[], arm: string, baseline: string) {
  const rate = (draw: Draw, name: string): number => draw[name]!.metrics.tokensPerGpuSecond
  return draws.map((draw) => ({ arm: rate(draw, arm), baseline: rate(draw, baseline) }))
}

/** Ratio of mean throughputs of two arms. */
export function plannedRatio(draws: readonly Draw[], arm: string, baseline: string): number {
  return ratioOfMeans(drawnRates(draws, arm, baseline))
}
