import type { Claim } from '../../claims/claim.ts'
import { judgePoint } from '../../claims/judge.ts'
import type { ClaimPoint } from '../../claims/result.ts'
import { pointFigures } from '../../experiment/sweep/point-figures.ts'
import type { Report } from '../../report/report.ts'
import { prepareExperiment, runExperiment, type Workbench } from '../run/experiment.ts'
import { optionsOf } from '../run/experiment-file.ts'
import { defaults } from '../run/settings.ts'
import { asStated, type ClaimPlan, claimPlan, scopesOf } from './claim-point.ts'

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
  const raw = { ...claim.experiment, backend: 'wasm', budget, sweep: `sessions-per-replica=${sessions}` }
  const options = optionsOf(raw, `claim ${claim.id}`)
  const { report, problems } = await runExperiment(await prepareExperiment(options), workbench)
  return { point: pointOf(claim, plan, report), problems }
}

/** The condition at the answer of the run; undecided where it holds at one end of the answers' intervals and not at the other. */
function pointOf(claim: Claim, plan: ClaimPlan, { arms, multiplier }: Report): ClaimPoint {
  const figures = Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, pointFigures(arm)]))
  const scopes = scopesOf(plan, [figures], () => ({}))
  const at = (end: 'low' | 'value' | 'high'): ClaimPoint => {
    const answers = Object.entries(multiplier).map(([name, one]) => [
      name,
      { value: one[end] ?? one.value, bound: one.bound },
    ])
    const known = { ...scopes.mean.multiplier, ...Object.fromEntries(answers) }
    return judgePoint(claim, 'measured', { ...scopes, mean: { ...scopes.mean, multiplier: known }, draws: 0 })
  }
  const [low, point, high] = [at('low'), at('value'), at('high')]
  const values = [low, point, high].flatMap(({ measured }) => measured?.value ?? [])
  const measured = point.measured && {
    value: point.measured.value,
    low: Math.min(...values),
    high: Math.max(...values),
  }
  if (low.decided === high.decided) return { ...point, measured }
  return { ...point, measured, decided: 'undecided', note: 'its 95 % interval includes the line' }
}
