import { setImmediate } from 'node:timers/promises'
import { TimelineRecorder } from '../../account/timeline/timeline-recorder.ts'
import { planPoint } from '../../experiment/sweep/plan-point.ts'
import { seatCount } from '../../plan/plan-input.ts'
import { openPoolLog } from './pool-log-file.ts'
import type { Progress } from './progress.ts'
import { refuseEmptyWindow, refuseShortTrace } from './refusals.ts'
import { fullDeployment, load, loadOf, runSettings } from './run-context.ts'
import type { ArmFigures, RunFigures } from './run-figures.ts'
import { defaults, type Settings } from './settings.ts'

/** A run that ends with the plan, at the target's own sizes. */
export async function runPlanned(settings: Settings, progress: Progress): Promise<RunFigures> {
  const deployment = fullDeployment(settings)
  const workload = await load(settings, deployment, settings.seed)
  const requestLoad = loadOf(settings, deployment, workload)
  const seats = seatCount(requestLoad, settings.replicas)
  const requests =
    settings.requests ??
    (requestLoad.kind === 'closed'
      ? Math.max(defaults.plannedRequestsLeast, defaults.plannedRequestsPerSeat * seats)
      : undefined)
  refuseShortTrace(settings, requestLoad, workload, requests)
  progress.show('planning', 0.3)
  const started = performance.now()
  const planned = new Map<string, ArmFigures>()
  for (const arm of settings.arms) {
    // A plan holds the thread; between two of them Ctrl-C is heard.
    await setImmediate()
    const isLogged = arm === settings.arms[0] && settings.poolLogPath !== undefined
    const poolLog = isLogged ? openPoolLog(settings.poolLogPath) : undefined
    let recorder: TimelineRecorder | undefined
    const point = planPoint(
      [arm],
      deployment,
      runSettings(settings, deployment),
      workload.pool,
      requestLoad,
      requests,
      settings.seed,
      {
        poolLog: poolLog?.logOf,
        timeline: (input) => {
          recorder = new TimelineRecorder(input)
          return recorder
        },
      },
    )
    poolLog?.close()
    const figures = point.get(arm.name)!
    refuseEmptyWindow(figures, requestLoad)
    planned.set(arm.name, { ...figures, timeline: recorder!.timeline })
  }
  const planSeconds = (performance.now() - started) / 1000
  return {
    trust: 'catalogue',
    arms: planned,
    deployment,
    workload,
    load: requestLoad,
    requests,
    planSeconds,
    fitErrorRelative: null,
    scaleModel: [],
    scaleComparison: undefined,
    measured: undefined,
    problems: [],
  }
}
