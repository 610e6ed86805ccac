import type { Claim } from '../../claims/claim.ts'
import { badInput, MemwallError } from '../../errors.ts'
import { refuseSeats } from '../run/refusals.ts'
import { sweepAxis } from '../run/sweep-axis.ts'
import { asStated, claimPlan } from './claim-point.ts'

/** Refuses a claim of which any point, under any variant, cannot be planned: before any work, with the claim's name. */
export function refuseClaim(claim: Claim): void {
  if (claim.metric === undefined) return
  const where = `claim ${claim.id}`
  try {
    const axis = claim.sweep === undefined ? undefined : sweepAxis(claim.sweep)
    const double = axis?.values.find((value, i) => axis.values.indexOf(value) !== i)
    if (double !== undefined) throw badInput('sweep', `has ${double} twice`, 'Leave one out.')
    for (const variant of [asStated, ...claim.variants]) {
      for (const value of axis?.values ?? ['']) {
        const plan = claimPlan(claim, variant, axis === undefined ? {} : { [axis.name]: value })
        if (plan !== undefined) refuseSeats(plan.settings)
      }
    }
  } catch (error) {
    if (!(error instanceof MemwallError) || error.where.startsWith(where)) throw error
    throw badInput(`${where} ${error.where.replace(/^--/, '')}`, error.what, error.fix.replaceAll('--sweep', 'sweep:'))
  }
}
