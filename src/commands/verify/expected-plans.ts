import type { Claim } from '../../claims/claim.ts'
import { type ClaimContext, readsRuns, seedsOf, taskOf } from './asked-point.ts'
import { askedVariants } from './claim-curves.ts'
import { claimPlan } from './claim-point.ts'
import { decidedBy } from './plan-cache.ts'

/** Further stages of open points, and baselines that cost nothing, for each plan of a first stage. */
const further = 1.5
/** Plans of the analyses of a claim that has them. */
const ofAnalyses = 500

/** Plans of a buyer's card, and of each claim in a buyer's deployment. */
const ofCard = 72
const ofThere = 12

/** About how many plans claims take: those of the first stage as they are, what follows as it mostly comes out. */
export function expectedPlans(claims: readonly Claim[], { stages, quick }: ClaimContext, hasBuyer = false): number {
  const first = new Set(claims.filter(readsRuns).flatMap((claim) => firstPlans(claim, quick, stages[0]!))).size
  const there = hasBuyer ? ofCard + ofThere * claims.filter(readsRuns).length : 0
  if (quick) return first + there
  return Math.round(first * further) + there + ofAnalyses * claims.filter(({ analyses }) => analyses).length
}

/** What each arm of each draw of each point is decided by. */
function firstPlans(claim: Claim, quick: boolean, draws: number): string[] {
  return askedVariants(claim, quick).flatMap(({ variant, axis, values }) =>
    values.flatMap((value) => {
      const plan = claimPlan(claim, variant, axis === '' ? {} : { [axis]: value })
      if (plan === undefined) return []
      const task = taskOf(claim, plan)
      return task.arms.flatMap((arm) => {
        const decides = JSON.stringify(decidedBy({ ...task, arms: [arm] }))
        return seedsOf(plan, draws).map((seed) => `${seed} ${decides}`)
      })
    }),
  )
}
