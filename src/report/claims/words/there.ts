import type { ClaimResult, Range } from '../../../claims/result.ts'
import { endsText, rangeText } from './value.ts'

/** Whether the claim holds in the user's deployment, with its value and what it is worth a day. */
export function thereTitle({ there, claimed }: ClaimResult): string {
  if (there === null) return ''
  const verdict = { true: 'Holds', false: 'Does not hold', null: 'Undecided' }[`${there.holds}`]!
  const against = there.against === '' ? '' : ` against ${there.against}`
  const value = there.measured === null ? 'no value was found' : rangeText(there.measured, claimed.unit) + against
  const worth = there.usdPerDay === null ? '' : `, ${worthText(there.usdPerDay)}`
  return `${verdict} in your deployment: ${value}${worth}`
}

/** Savings a day; a loss is said as one, and a range with both signs decides nothing. */
export function worthText({ value, low, high }: Range): string {
  if (low < 0 && high > 0)
    return `worth between ${endsText(low, high, 'USD').replace(' to ', ' and ')} a day, so its sign is open`
  if (high <= 0 && value < 0) return `which costs ${rangeText({ value: -value, low: -high, high: -low }, 'USD')} a day`
  return value === 0 && low === high ? 'worth nothing' : `worth ${rangeText({ value, low, high }, 'USD')} a day`
}

/** What the file of the deployment left open, as it was taken; empty where it left nothing open. */
export function assumedText({ assumed }: NonNullable<ClaimResult['there']>): string {
  return assumed.length === 0 ? '' : `Assumed: ${assumed.join('; ')}.`
}
