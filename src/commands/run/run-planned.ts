import { setImmediate } from 'node:timers/promises'
import { type RecordedTimeline, TimelineRecorder } from '../../account/timeline/timeline-recorder.ts'
import type { PlannedDraws } from '../../experiment/draws/planned-draws.ts'
import { planPoint } from '../../experiment/sweep/plan-point.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { WorkMeter } from '../progress/work-meter.ts'
import { type AnswerPlan, answerPlan, planAnswer } from './answer-draws.ts'
import { stageNames } from './expected-stages.ts'
import { openPoolLog } from './pool-log-file.ts'
import { refuseEmptyWindow, refuseShortTrace } from './refusals.ts'
import { fullDeployment, load, loadOf, runSettings } from './run-context.ts'
import type { ArmFigures, RunFigures } from './run-figures.ts'
import type { Settings } from './settings.ts'
import { taskWork } from './task-work.ts'
import type { Threads } from './threads.ts'

/** A run that ends with the plan, at the target's own sizes. */
export async function runPlanned(settings: Settings, threads: Threads, meter: WorkMeter): Promise<RunFigures> {
  const deployment = fullDeployment(settings)
  const workload = await load(settings, deployment, settings.seed)
  const requestLoad = loadOf(settings, deployment, workload)
  const plan = answerPlan(settings, deployment, requestLoad)
  const { requests } = plan.task
  refuseShortTrace(settings, requestLoad, workload, requests)
  const started = performance.now()
  meter.begin(stageNames.answer)
  const planned = await planAnswer(plan, threads.draw)
  for (const arm of planned.arms.values()) refuseEmptyWindow(arm, requestLoad)
  meter.begin(stageNames.timelines)
  const onArm = (): void => meter.did((taskWork(plan.task) / settings.arms.length) * threads.count, 0)
  const timelines = await timelinesOf(settings, plan, workload.pool, requestLoad, onArm)
  const planSeconds = (performance.now() - started) / 1000
  return {
    trust: 'catalogue',
    arms: withTimelines(planned, timelines),
    deployment,
    workload,
    load: requestLoad,
    requests,
    planSeconds,
    fitErrorRelative: null,
    scaleModel: [],
    scaleComparison: undefined,
    planned,
    measured: undefined,
    problems: [],
  }
}

function withTimelines(
  { arms }: PlannedDraws,
  timelines: ReadonlyMap<string, RecordedTimeline>,
): Map<string, ArmFigures> {
  return new Map([...arms].map(([name, arm]) => [name, { ...arm, timeline: timelines.get(name)! }]))
}

/** What happened in the first draw, planned once more with its recorder, and the pool log of its first arm. */
async function timelinesOf(
  settings: Settings,
  { task }: AnswerPlan,
  pool: Parameters<typeof planPoint>[3],
  requestLoad: Load,
  onArm: () => void,
): Promise<Map<string, RecordedTimeline>> {
  const { replicas } = task.settings
  const few = { ...settings, replicas }
  const seats = task.load.kind === 'closed' ? task.load.sessionsPerReplica * replicas : 0
  const taskLoad = requestLoad.kind === 'closed' ? { ...requestLoad, seats } : requestLoad
  const timelines = new Map<string, RecordedTimeline>()
  for (const arm of settings.arms) {
    // A plan holds the thread; between two of them Ctrl-C is heard.
    await setImmediate()
    const isLogged = arm === settings.arms[0] && settings.poolLogPath !== undefined
    const poolLog = isLogged ? openPoolLog(settings.poolLogPath) : undefined
    let recorder: TimelineRecorder | undefined
    const deployment = task.deployment
    planPoint([arm], deployment, runSettings(few, deployment), pool, taskLoad, task.requests, settings.seed, {
      poolLog: poolLog?.logOf,
      timeline: (input) => {
        recorder = new TimelineRecorder(input)
        return recorder
      },
    })
    poolLog?.close()
    timelines.set(arm.name, recorder!.timeline)
    onArm()
  }
  return timelines
}
