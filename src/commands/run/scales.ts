import { baselineArm } from '../../experiment/arms/registry.ts'
import type { RunDraw } from '../../experiment/draws/draw.ts'
import { type PlannedDraws, planDraws, plannedRatio } from '../../experiment/draws/planned-draws.ts'
import { besideWindow } from '../../experiment/draws/window.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { compareScales } from '../../experiment/scale/scale-comparison.ts'
import { scaleRatios } from '../../experiment/scale/scale-ratios.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import { besideSeeds, runTask } from './plan-tasks.ts'
import { fullDeployment, load } from './run-context.ts'
import type { RunFigures } from './run-figures.ts'
import type { Settings } from './settings.ts'

export type Scales = Pick<RunFigures, 'scaleModel' | 'scaleComparison'>

/** Ratios of target and mock at the operating point, and their planned multipliers at the same load. */
export async function scalesOf(
  settings: Settings,
  mock: Deployment,
  mockWorkload: LoadedWorkload,
  requestLoad: Load,
  planned: PlannedDraws,
  run: RunDraw,
): Promise<Scales> {
  const [baseline, warehouse] = [planned.arms.get(baselineArm), planned.arms.get('warehouse')]
  if (requestLoad.kind !== 'closed' || baseline === undefined || warehouse === undefined) {
    return { scaleModel: [], scaleComparison: undefined }
  }
  const full = fullDeployment(settings)
  const window = besideWindow(seatCount(requestLoad, settings.replicas))
  const seeds = besideSeeds(settings, 'closed')
  const planTarget = (deployment: Deployment, arms: readonly string[]): Promise<PlannedDraws> => {
    const targetLoad = { ...requestLoad, timeScale: deployment.timeScale }
    return planDraws({ ...runTask(settings, deployment, targetLoad, window), arms }, seeds, run)
  }
  const names = [...planned.arms.keys()]
  const target = await planTarget(full, names)
  const multipliers = ({ draws, arms }: PlannedDraws): Record<string, number> =>
    Object.fromEntries(
      [...arms.keys()]
        .filter((name) => name !== baselineArm)
        .map((name) => [name, plannedRatio(draws, name, baselineArm)]),
    )
  const common = {
    replicas: settings.replicas,
    sessionsPerReplica: requestLoad.seats / settings.replicas,
    thinkCapMs: requestLoad.thinkCapMs,
  }
  const workload = await load(settings, full, settings.seed)
  return {
    scaleModel: scaleRatios(
      {
        ...common,
        deployment: full,
        pool: workload.pool,
        warehouse: target.arms.get('warehouse')!.metrics,
        baseline: target.arms.get(baselineArm)!.metrics,
      },
      {
        ...common,
        deployment: mock,
        pool: mockWorkload.pool,
        warehouse: warehouse.metrics,
        baseline: baseline.metrics,
      },
    ),
    scaleComparison: await compareScales(
      multipliers(planned),
      multipliers(target),
      { mock, target: full },
      async (deployment) => multipliers(await planTarget(deployment, [baselineArm, 'warehouse'])),
      'warehouse',
    ),
  }
}
