import { badInput, MemwallError } from '../../errors.ts'
import { besideDraws, besideWindow, drawSeeds } from '../../experiment/draws/window.ts'
import { joinArms } from '../../experiment/sweep/knee.ts'
import type { PlanTask, RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import { issueWords } from '../../issue-words.ts'
import type { Report } from '../../report/report.ts'
import { type ExperimentOptions, experimentSchema } from './options.ts'
import { runTask } from './plan-tasks.ts'
import { type OwnPolicies, refuseSessionPolicies } from './policies.ts'
import { refuseArms, refuseTiers } from './refusals.ts'
import { fullDeployment } from './run-context.ts'
import type { RunFigures } from './run-figures.ts'
import { defaults, type Settings, settingsOf } from './settings.ts'
import { loadParameter, type SweepAxis } from './sweep-axis.ts'

/** Switches are swept by the words. */
const truth: Readonly<Record<string, boolean>> = { true: true, false: false }

/** What a run is with one of its options at another value; throws badInput where the value makes no sense. */
export function settingsAt(
  options: ExperimentOptions,
  { name, key }: SweepAxis,
  value: string,
  own?: OwnPolicies | undefined,
): Settings {
  const where = `--sweep ${name}=${value}`
  const parsed = experimentSchema.shape[key as keyof ExperimentOptions].safeParse(truth[value] ?? value)
  if (!parsed.success)
    throw badInput(where, issueWords(parsed.error.issues[0]!, truth[value] ?? value), 'Mend this value.')
  try {
    const settings = settingsOf({ ...options, [key]: parsed.data }, own)
    refuseTiers(settings)
    refuseArms(settings)
    return settings
  } catch (error) {
    if (error instanceof MemwallError) throw badInput(where, error.message, '')
    throw error
  }
}

/** Refuses values that make no sense before any work. */
export function refuseBadSweep(options: ExperimentOptions, { sweep, ownPolicies }: Settings): void {
  if (sweep === undefined || sweep.name === loadParameter) return
  for (const value of sweep.values) settingsAt(options, sweep, value, ownPolicies)
}

/** The points of a sweep of another parameter than the load, with the plans of each: one a seed. */
export interface ParameterSweep {
  readonly parameter: string
  readonly seeds: number
  readonly requests: number | null
  readonly points: readonly { readonly value: string; readonly tasks: readonly PlanTask[] }[]
}

/** What has to be planned for a sweep; undefined where none, or one of the load, was asked for. */
export function sweepTasks(
  options: ExperimentOptions,
  settings: Settings,
  load: RunFigures['load'],
): ParameterSweep | undefined {
  const axis = settings.sweep
  if (axis === undefined || axis.name === loadParameter) return undefined
  const seeds = load.kind === 'closed' ? drawSeeds(settings.seed, settings.seedsAsked ?? besideDraws) : [settings.seed]
  const points = axis.values.map((value) => {
    const at = settingsAt(options, axis, value, settings.ownPolicies)
    refuseSessionPolicies(at.policies, load.kind)
    const own = loadAt(at, load)
    const requests = own.kind === 'closed' ? (at.requests ?? besideWindow(own.seats)) : at.requests
    const task = runTask(at, fullDeployment(at), own, requests)
    return { value, tasks: seeds.map((seed) => ({ ...task, seed })) }
  })
  const requests = points[0]?.tasks[0]?.requests ?? null
  return { parameter: axis.name, seeds: seeds.length, requests, points }
}

/** Another parameter than the load, at the target's own sizes. */
export async function parameterSweep(
  options: ExperimentOptions,
  settings: Settings,
  { load }: Pick<RunFigures, 'load'>,
  run: RunPlanTask,
): Promise<Report['sweep'] | undefined> {
  const sweep = sweepTasks(options, settings, load)
  if (sweep === undefined) return undefined
  const points = await Promise.all(
    sweep.points.map(async ({ value, tasks }) => ({ value, ...joinArms(await Promise.all(tasks.map(run))) })),
  )
  return { ...sweep, points }
}

/** The load of a point: the seats of its own replicas. */
function loadAt(at: Settings, load: RunFigures['load']): RunFigures['load'] {
  if (load.kind === 'timed') return load
  if (load.kind === 'backlog') return { ...load, inFlightPerReplica: at.inFlightPerReplica ?? load.inFlightPerReplica }
  const seats = at.replicas * (at.sessionsPerReplica ?? defaults.sessionsPerReplica)
  return { ...load, seats, start: at.start, thinkCapMs: at.thinkCapMs }
}
