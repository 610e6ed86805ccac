import { ratioOfMeans } from '../../statistics/jackknife.ts'
import { baselineArm } from '../arms/registry.ts'
import { overSeeds, type PlanTask, type RunPlanTask, type TaskLoad } from '../sweep/plan-task.ts'
import { pointRates } from '../sweep/point-figures.ts'

/** The same run done in another way that is in use. */
export interface Alternative {
  readonly name: string
  readonly summary: string
  /** Of each arm: ratio of mean throughputs over the draws. */
  readonly multiplier: Readonly<Record<string, number>>
  readonly isOwn: boolean
}

type ClosedLoad = Extract<TaskLoad, { kind: 'closed' }>

const ways: readonly {
  readonly name: string
  readonly summary: string
  readonly change: (load: ClosedLoad) => ClosedLoad
}[] = [
  {
    name: 'warm start, by think time',
    summary: 'memories of a running system; a turn arrives a think time after the end of the turn before',
    change: (load) => ({ ...load, start: 'warm', clock: 'think' }),
  },
  {
    name: 'cold start, by think time',
    summary: 'empty memories, every conversation from its first turn',
    change: (load) => ({ ...load, start: 'cold', clock: 'think' }),
  },
  {
    name: 'warm start, by timestamps',
    summary:
      'a turn arrives when an idle system that loses nothing would have been asked for it, whether or not the turn before has ended',
    change: (load) => ({ ...load, start: 'warm', clock: 'timestamps' }),
  },
]

/** The multipliers of the run's arms under each way. */
export function alternatives(task: PlanTask, seeds: readonly number[], run: RunPlanTask): Promise<Alternative[]> {
  const { load } = task
  if (load.kind !== 'closed' || !task.arms.includes(baselineArm)) return Promise.resolve([])
  return Promise.all(
    ways.map(async ({ name, summary, change }) => {
      const changed = change(load)
      const results = await overSeeds({ ...task, load: changed }, seeds, run)
      const ratio = (arm: string): number => ratioOfMeans(pointRates(results, arm, baselineArm))
      const compared = task.arms.filter((arm) => arm !== baselineArm)
      return {
        name,
        summary,
        multiplier: Object.fromEntries(compared.map((arm) => [arm, ratio(arm)])),
        isOwn: changed.start === load.start && changed.clock === load.clock,
      }
    }),
  )
}
