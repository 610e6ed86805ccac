import type { Claim } from '../../claims/claim.ts'
import { drawStages } from '../../claims/decide.ts'
import { readPrices, withOwnPrices } from '../../claims/economics/prices.ts'
import type { ClaimResult, ClaimsReport } from '../../claims/result.ts'
import { rangeText } from '../../report/claims/words/value.ts'
import type { Workbench } from '../run/experiment.ts'
import { askPoint, type ClaimContext } from './asked-point.ts'
import { buyerCard, cardClaim } from './buyer/card.ts'
import { type BuyerDeployment, readDeployment } from './buyer/deployment-file.ts'
import { claimsNamed } from './claim-files.ts'
import { type MeasuredPoint, measuredPoint } from './claim-measured.ts'
import { pairsOf } from './claim-pairs.ts'
import { asStated } from './claim-point.ts'
import { expectedPlans } from './expected-plans.ts'
import { cachedPlans } from './plan-cache.ts'
import { refuseClaim } from './refuse-claim.ts'
import { verifyClaim } from './verify-claim.ts'

/** How claims are put on trial. */
export interface TrialOptions {
  /** Few points and draws: what it decides the full run decides in the same way. */
  readonly quick?: boolean | undefined
  /** Path of a YAML file with the reader's own GPUs, load, link and prices. */
  readonly deployment?: string | undefined
  /** The headline claims once more with real tensors, a minute each. */
  readonly measured?: boolean | undefined
}

/** Claims that were found sound. */
export interface PreparedTrial {
  readonly claims: readonly Claim[]
  /** The claims were named; else they are all. */
  readonly areNamed: boolean
  readonly buyer: BuyerDeployment | undefined
  readonly options: TrialOptions
}

/** Refuses whatever is wrong with claims and deployment, before any work. @param names ids or files; all where there is none */
export function prepareTrial(names: readonly string[], options: TrialOptions): PreparedTrial {
  const claims = claimsNamed(names)
  for (const claim of claims) refuseClaim(claim)
  const { deployment } = options
  const buyer = deployment === undefined ? undefined : readDeployment(deployment)
  return { claims, areNamed: names.length > 0, buyer, options }
}

/** Puts claims on trial; nothing is written. */
export async function tryClaims(
  { claims, areNamed, buyer, options }: PreparedTrial,
  workbench: Workbench,
): Promise<ClaimsReport> {
  const { threads, progress } = workbench
  const quick = options.quick === true
  const counted = { asked: 0, planned: 0, claims: 0, expected: 0 }
  const show = (): void => {
    const { planned, claims: judged } = counted
    const all = Math.max(counted.expected, counted.asked, 1)
    progress.show(`${planned} of about ${all} plans, ${judged} of ${claims.length} claims judged`, planned / all)
  }
  const run = cachedPlans(threads.plan, {
    onAsked: () => {
      counted.asked++
    },
    onPlanned: () => {
      counted.planned++
      show()
    },
  })
  const stages = quick ? drawStages.slice(0, 1) : drawStages
  const context: ClaimContext = { run, stages, quick, prices: withOwnPrices(readPrices(), buyer?.prices ?? {}) }
  counted.expected = expectedPlans(claims, context, buyer !== undefined)
  const asked = buyer === undefined ? undefined : cardClaim(claims, areNamed)
  const planned = await planClaims(claims, context, buyer, asked, () => {
    counted.claims++
    show()
  })
  return options.measured === true ? await withTensors(planned, claims, workbench) : planned
}

async function planClaims(
  claims: readonly Claim[],
  context: ClaimContext,
  buyer: BuyerDeployment | undefined,
  asked: Claim | undefined,
  onClaim: () => void,
): Promise<ClaimsReport> {
  const started = performance.now()
  const card = buyer === undefined || asked === undefined ? undefined : buyerCard(asked, buyer, context)
  const results = await Promise.all(
    claims.map(async (claim) => {
      const result = await verifyClaim(claim, context, buyer)
      onClaim()
      return result
    }),
  )
  return {
    schemaVersion: 2,
    createdAt: new Date().toISOString(),
    claims: results,
    // Over fewer points two claims may seem to exclude each other that do not.
    pairs: context.quick ? [] : pairsOf(results, await baselineHitRates(claims, results, context)),
    deployment: buyer === undefined ? null : { text: buyer.text, assumed: buyer.assumed },
    card: (await card) ?? null,
    seconds: (performance.now() - started) / 1000,
    quick: context.quick,
  }
}

/** The headline claims once more with real tensors, one after the other. */
async function withTensors(
  report: ClaimsReport,
  claims: readonly Claim[],
  workbench: Workbench,
): Promise<ClaimsReport> {
  const results: ClaimResult[] = []
  for (const result of report.claims) {
    const claim = claims.find(({ id }) => id === result.id)!
    const measured = claim.headline ? await measuredPoint(claim, workbench) : undefined
    results.push(measured === undefined ? result : withMeasured(result, measured))
  }
  return { ...report, claims: results }
}

/** The verdict stays the plan's, for the target; beside it stands what the mock gave. Its times are its own and say nothing of the target's. */
function withMeasured(result: ClaimResult, { point, problems }: MeasuredPoint): ClaimResult {
  const { measured, note: why } = point
  const { unit } = result.claimed
  const told = measured === null || unit === 'ms' ? '' : `: ${rangeText(measured, unit)}`
  const interval = measured !== null && measured.low < measured.high ? ', 95 % interval' : ''
  const note = `With real tensors, on mock GPUs of this machine at the claim’s own load${told}${interval}. ${saidThere[point.decided]}${why === '' ? '' : ` (${why})`}. The verdict is that of the plans.`
  const figures = told === '' ? [] : [{ name: 'with real tensors, on the mock', value: measured!.value, unit }]
  return { ...result, figures: [...result.figures, ...figures], notes: [...result.notes, note, ...problems] }
}

const saidThere = {
  true: 'The condition holds there',
  false: 'The condition does not hold there',
  undecided: 'The condition is not decided there',
} as const

/** Hit rate of HBM alone at the loads of the headline claim; its points were planned before. */
async function baselineHitRates(
  claims: readonly Claim[],
  results: readonly ClaimResult[],
  context: ClaimContext,
): Promise<Map<string, number>> {
  const claim = claims.find(({ id }) => id === 'weka-4.2x')
  const curve = results.find(({ id }) => id === 'weka-4.2x')?.curves[0]
  const rates = new Map<string, number>()
  if (claim === undefined || curve === undefined) return rates
  for (const { at } of curve.points) {
    const point = await askPoint({ claim, variant: asStated, options: { [curve.axis]: at } }, context)
    const rate = point?.scopes.mean.arms['hbm-only']?.hitRate
    if (rate !== undefined) rates.set(at, rate)
  }
  return rates
}
