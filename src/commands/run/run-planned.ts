import { planPoint } from '../../experiment/sweep/plan-point.ts'
import { seatCount } from '../../plan/plan-input.ts'
import type { ProgressLine } from './progress.ts'
import { fullDeployment, load, loadOf, refuseShortTrace, runSettings } from './run-context.ts'
import type { RunFigures } from './run-figures.ts'
import { defaults, type Settings } from './settings.ts'

/** A run that ends with the plan, at the target's own sizes. */
export async function runPlanned(settings: Settings, progress: ProgressLine): Promise<RunFigures> {
  const deployment = fullDeployment(settings)
  progress.show('reading the workload', 0.05)
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
  const planned = planPoint(
    settings.arms,
    deployment,
    runSettings(settings, deployment),
    workload.pool,
    requestLoad,
    requests,
    settings.seed,
  )
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
