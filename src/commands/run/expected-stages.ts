import { baselineArm } from '../../experiment/arms/registry.ts'
import { besideWindow } from '../../experiment/draws/window.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { substitutedTargets } from '../../experiment/scale/scale-comparison.ts'
import type { PlanFigures, PlanTask, RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import type { PointFigures } from '../../experiment/sweep/point-figures.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import type { Stage } from '../progress/stage.ts'
import { analyse, drawKnee } from './analyses.ts'
import { answerPlan } from './answer-draws.ts'
import type { PreparedExperiment } from './experiment.ts'
import { besideSeeds, runTask } from './plan-tasks.ts'
import { loadOf } from './run-context.ts'
import type { Settings } from './settings.ts'
import { taskWork } from './task-work.ts'

/** What the parts of a run are called while they are done. */
export const stageNames = {
  answer: 'planning the answer',
  timelines: 'planning what happened',
  knee: 'planning the knee',
  measuring: 'measuring',
  scales: 'planning the target beside the mock',
} as const

/**
 * What a run will plan and measure, in its order. Knee, analyses and sweep are gone through with plans that cost nothing:
 * what they will ask for depends on options, hardly on figures.
 * @param deployments those that have a knee: of a measured run the mock first, else the target alone
 * @param threads that share the work; what the main thread plans alone takes so many times longer
 */
export async function expectedStages(
  { options, settings, loadKind }: PreparedExperiment,
  deployments: readonly Deployment[],
  threads: number,
): Promise<Stage[]> {
  const own = deployments[0]!
  const load = expectedLoad(settings, own, loadKind)
  const answer = answerStage(settings, own, load)
  const { run, stages, begin } = rehearsal()
  begin(stageNames.knee)
  const none = { knee: [], kneeSeeds: 0 }
  const knee = load.kind === 'closed' ? await drawKnee(settings, deployments, run) : none
  const workload = { pool: { conversations: { length: Number.MAX_SAFE_INTEGER } } }
  const figures = { deployment: own, load, requests: settings.requests, workload }
  await analyse(options, settings, figures, knee, run, (what) => begin(analysisName(what)))
  const [kneeStage, ...analyses] = stages()
  if (!settings.backend.measures) {
    const { task } = answerPlan(settings, own, load)
    const timelines = { name: stageNames.timelines, plans: 0, work: taskWork(task) * threads }
    return [answer, timelines, kneeStage!, ...analyses]
  }
  const measuring = { name: stageNames.measuring, plans: 0, work: 0, budgetMs: settings.budgetMs }
  return [kneeStage!, answer, measuring, ...scalesStage(settings, own, load), ...analyses]
}

export function analysisName(what: string): string {
  return `planning ${what}`
}

/** The load before the workload is read: of a trace by timestamp only its kind matters here, and a plan has not read it yet. */
function expectedLoad(settings: Settings, deployment: Deployment, kind: Load['kind']): Load {
  const isClosed = kind === 'closed' && settings.inFlightPerReplica === undefined
  const arrivalsMs = isClosed ? undefined : new Float64Array()
  return loadOf(settings, deployment, { arrivalsMs })
}

function answerStage(settings: Settings, deployment: Deployment, load: Load): Stage {
  const { task, seeds } = answerPlan(settings, deployment, load)
  return { name: stageNames.answer, plans: seeds.length, work: seeds.length * taskWork(task) }
}

/** The target's own draws, and those of each ratio that the mock cannot meet with two arms. */
function scalesStage(settings: Settings, mock: Deployment, load: Load): Stage[] {
  const names = settings.arms.map(({ name }) => name)
  if (load.kind !== 'closed' || !names.includes(baselineArm) || !names.includes('warehouse')) return []
  const window = besideWindow(seatCount(load, settings.replicas))
  const task = runTask(settings, mock, load, window)
  const seeds = besideSeeds(settings, 'closed').length
  const two = taskWork({ ...task, arms: [baselineArm, 'warehouse'] })
  const plans = seeds * (1 + substitutedTargets)
  return [{ name: stageNames.scales, plans, work: seeds * (taskWork(task) + substitutedTargets * two) }]
}

/** Takes tasks, counts them, and answers at once with figures that are all alike. */
function rehearsal(): { run: RunPlanTask; begin: (name: string) => void; stages: () => Stage[] } {
  const counted: { name: string; plans: number; work: number }[] = []
  return {
    begin: (name) => counted.push({ name, plans: 0, work: 0 }),
    stages: () => counted,
    run: async (task: PlanTask): Promise<PlanFigures> => {
      const own = counted.at(-1)!
      own.plans++
      own.work += taskWork(task)
      return Object.fromEntries(task.arms.map((arm) => [arm, alike]))
    },
  }
}

const alike: PointFigures = {
  tokensPerGpuSecond: 1,
  hitRate: 0,
  ceilingHitRate: 0,
  redundantPrefillOverhead: 0,
  busyShare: 1,
  stalledShare: 0,
  starvedShare: 0,
  ttftP50Ms: 1,
  ttftP95Ms: 1,
  tpotP50Ms: 1,
  tpotP95Ms: 1,
}
