import type { Claim } from '../../claims/claim.ts'
import { judgePoint } from '../../claims/judge.ts'
import type { ClaimPoint } from '../../claims/result.ts'
import { pointFigures } from '../../experiment/sweep/point-figures.ts'
import type { Report } from '../../report/report.ts'
import { prepareExperiment, runExperiment, type Workbench } from '../run/experiment.ts'
import { optionsOf } from '../run/experiment-file.ts'
import { defaults } from '../run/settings.ts'
import { asStated, claimPlan, scopesOf } from './claim-point.ts'
import { multiplierArm } from './verify-claim.ts'

/** Time for the measured repeats of each claim. */
const budget = '30s'

/** A claim's condition over its own experiment with real tensors on the mock. */
export interface MeasuredPoint {
  readonly point: ClaimPoint
  readonly problems: readonly string[]
}

/** Undefined where the condition reads what a run does not measure: sizes, predictions, prices. */
export async function measuredPoint(claim: Claim, workbench: Workbench): Promise<MeasuredPoint | undefined> {
  const plan = claimPlan(claim, asStated, {})
  const isMeasurable = claim.metric?.paths.every(([root]) => root === 'multiplier' || root === 'arms') ?? false
  if (plan === undefined || !isMeasurable) return undefined
  const sessions = claim.experiment['sessions-per-replica'] ?? defaults.sessionsPerReplica
  const raw = { ...claim.experiment, backend: 'wasm', budget, seeds: 1, sweep: `sessions-per-replica=${sessions}` }
  const options = optionsOf(raw, `claim ${claim.id}`)
  const { report, problems } = await runExperiment(await prepareExperiment(options), workbench)
  const figures = Object.fromEntries(Object.entries(report.arms).map(([name, arm]) => [name, pointFigures(arm)]))
  // One draw that was measured: its interval is that of timing, told with it.
  const scopes = { ...scopesOf(plan, [figures], () => ({})), draws: 0 }
  const point = judgePoint(claim, 'measured', scopes)
  return { point: withInterval(claim, point, report), problems }
}

/** The interval of timing, where the value of the condition is a multiplier alone. */
function withInterval(claim: Claim, point: ClaimPoint, { multiplier }: Report): ClaimPoint {
  const figure = multiplier[multiplierArm(claim) ?? '']
  if (point.measured === null || figure === undefined || figure.low === null || figure.high === null) return point
  const isAlone = Math.abs(figure.value / point.measured.value - 1) < 1e-9
  return isAlone ? { ...point, measured: { value: figure.value, low: figure.low, high: figure.high } } : point
}
