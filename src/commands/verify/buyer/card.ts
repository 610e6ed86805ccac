import type { Claim } from '../../../claims/claim.ts'
import { decisionOf, rangeOf } from '../../../claims/decide.ts'
import type { BuyerCard, CardLoad } from '../../../claims/result.ts'
import { overSeeds, type PlanFigures } from '../../../experiment/sweep/plan-task.ts'
import { meanFigures, pointRates } from '../../../experiment/sweep/point-figures.ts'
import { ratioOfMeans } from '../../../statistics/jackknife.ts'
import { type ClaimContext, scopesAt, seedsOf } from '../asked-point.ts'
import { type ClaimPlan, claimPlan } from '../claim-point.ts'
import type { BuyerDeployment } from './deployment-file.ts'
import { reasonOf } from './reason.ts'
import { residentsOf, worth } from './there.ts'
import { type BuyerExperiment, buyerExperiment } from './workload.ts'

/** The claim that a card is about: a multiplier of the warehouse, the first that is named or else the headline. */
export function cardClaim(claims: readonly Claim[], areNamed: boolean): Claim | undefined {
  const multipliers = claims.filter(({ metric, claimed, experiment }) => {
    const isGain = metric?.paths.some(([root, arm]) => root === 'multiplier' && arm === 'warehouse') ?? false
    return isGain && claimed.value !== null && experiment['in-flight-per-replica'] === undefined
  })
  return (areNamed ? undefined : multipliers.find(({ headline }) => headline)) ?? multipliers[0]
}

/** Loads of a card beside the buyer's own: shares of it. */
const loadShares = [0.5, 1, 2, 3, 4, 6]
/** More are not planned: a replica with so many is beyond use. */
const mostSessions = 128

interface CardPoint {
  readonly sessions: number
  readonly plan: ClaimPlan
  readonly results: readonly PlanFigures[]
}

/** The buyer's own arms at the buyer's load, and below and above it. undefined where the claim's trace is not on this machine. */
export async function buyerCard(
  claim: Claim,
  buyer: BuyerDeployment,
  context: ClaimContext,
): Promise<BuyerCard | undefined> {
  const arms = ['hbm-only', ...(buyer.dram === null ? [] : ['local-dram']), 'warehouse']
  const experiment = await buyerExperiment(claim, buyer, arms, buyer.baseline)
  const own = Number(experiment.options['sessions-per-replica'])
  const loads = [...new Set(loadShares.map((share) => Math.max(1, Math.round(share * own))))]
  const planned = await Promise.all(
    loads
      .filter((load) => load <= Math.max(own, mostSessions))
      .map((load) => cardPoint(claim, experiment, load, context)),
  )
  const points = planned.filter((point) => point !== undefined)
  const atOwn = points.find(({ sessions }) => sessions === own)
  return atOwn === undefined ? undefined : cardOf(claim, buyer, experiment, points, atOwn, context)
}

async function cardPoint(
  claim: Claim,
  { variant, options, adjustments }: BuyerExperiment,
  sessions: number,
  { run, stages }: ClaimContext,
): Promise<CardPoint | undefined> {
  const plan = claimPlan(claim, variant, { ...options, 'sessions-per-replica': sessions }, adjustments)
  if (plan === undefined) return undefined
  return { sessions, plan, results: await overSeeds(plan.task, seedsOf(plan, stages[0]!), run) }
}

async function cardOf(
  claim: Claim,
  buyer: BuyerDeployment,
  { scaled, gpus }: BuyerExperiment,
  points: readonly CardPoint[],
  own: CardPoint,
  { prices }: ClaimContext,
): Promise<BuyerCard> {
  const { plan, results } = own
  const scopes = scopesAt(plan, results, prices)
  const evaluation = {
    mean: claim.metric!.evaluate(scopes.mean, claim.tolerance),
    without: scopes.without.map((scope) => claim.metric!.evaluate(scope, claim.tolerance)),
    draws: scopes.draws,
  }
  const gains = scopes.without.map(({ multiplier }) => multiplier.warehouse!.value)
  const multiplier = rangeOf(scopes.mean.multiplier.warehouse!.value, gains, scopes.draws)
  const residents = await residentsOf(plan)
  const asked = { plan, results, scopes }
  return {
    claim: claim.id,
    claimed: claim.claimed.value!,
    answer: ({ true: 'yes', false: 'no', open: 'undecided' } as const)[decisionOf(evaluation)],
    load: own.sessions,
    multiplier,
    against: plan.baseline,
    reason: reasonOf(claim, asked, multiplier, { ...residents, dram: 0 }),
    contexts: {
      meanTokens: residents.meanTokens,
      hbm: residents.hbm,
      dram: buyer.dram === null ? null : residents.dram,
    },
    loads: points.map(({ sessions, results: draws }) => cardLoad(sessions, sessions === own.sessions, draws)),
    trueFrom: trueFrom(claim, points),
    usdPerDay: worth(asked, gpus, prices),
    link: { text: buyer.link.text, bytesPerSecond: buyer.link.perGpu },
    dram: buyer.dram?.text ?? null,
    scaled,
  }
}

function cardLoad(sessionsPerReplica: number, isOwn: boolean, draws: readonly PlanFigures[]): CardLoad {
  const arms = Object.keys(draws[0]!).map((name) => {
    const { tokensPerGpuSecond, ttftP95Ms } = meanFigures(draws.map((figures) => figures[name]!))
    return [name, { tokensPerGpuSecond, ttftP95Ms }] as const
  })
  return { sessionsPerReplica, isOwn, arms: Object.fromEntries(arms) }
}

/** The load, read between two that were planned, from which the claim's number is reached against HBM alone. */
function trueFrom({ claimed, tolerance }: Claim, points: readonly CardPoint[]): number | null {
  const line = Math.log(claimed.value! * (1 - tolerance))
  const gains = points.map(({ results }) => {
    return Math.log(ratioOfMeans(pointRates(results, 'warehouse', 'hbm-only')))
  })
  const first = gains.findIndex((gain) => gain >= line)
  if (first === -1) return null
  const [to, from] = [points[first]!, points[first - 1]]
  if (from === undefined) return to.sessions
  const share = (line - gains[first - 1]!) / (gains[first]! - gains[first - 1]!)
  return Math.ceil(from.sessions + share * (to.sessions - from.sessions))
}
