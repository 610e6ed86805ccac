import type { ClaimResult } from '../../../claims/result.ts'
import { rangeText } from './value.ts'
import { worthWords } from './worth.ts'

/** Whether the claim holds in the user's deployment, its value, and why in a clause. */
export function thereTitle({ there, claimed }: ClaimResult): string {
  if (there === null) return ''
  const verdict = { true: 'Holds', false: 'Does not hold', null: 'Undecided' }[`${there.holds}`]!
  const against = there.against === '' ? '' : ` against ${there.against}`
  const value = there.measured === null ? 'no value was found' : rangeText(there.measured, claimed.unit) + against
  const why = there.reason === '' ? '' : `; ${there.reason}`
  return `${verdict} in your deployment: ${value}${why}`
}

/** What the warehouse saves or costs a day against what the user has; empty where that is not asked. */
export function thereWorth({ there }: ClaimResult): string {
  if (there === null || there.usdPerDay === null) return ''
  return `The warehouse ${worthWords(there.usdPerDay)} against ${there.against}.`
}

/** What the file of the deployment left open, as it was taken; empty where it left nothing open. */
export function assumedText({ assumed }: NonNullable<ClaimResult['there']>): string {
  return assumed.length === 0 ? '' : `Assumed: ${assumed.join('; ')}.`
}
