import type { ClaimResult, Threshold } from '../../../claims/result.ts'
import { endsText, inputText, valueText } from './value.ts'

/** Where a parameter must lie: "at least 6.2 conversations", "anywhere in what was tried", "nowhere in what was tried". */
export function mustText({ outcome, direction, value, upper, unit }: Threshold): string {
  if (outcome === 'always') return 'holds at any'
  if (outcome === 'never' || value === null) return 'holds at none'
  if (direction === 'between' && upper !== null) return `between ${endsText(value, upper, unit).replace('–', ' and ')}`
  return `${direction === 'atMost' ? 'at most' : 'at least'} ${valueText(value, unit)}`
}

/** "1–64 conversations". */
export function triedText({ from, to, unit }: Threshold): string {
  return endsText(from, to, unit, inputText)
}

/** A line of its own: "conversations a replica: at least 6.2 (tried 1–64)". */
export function mustLine(threshold: Threshold): string {
  return `${threshold.parameter}: ${mustText(threshold)} (tried ${triedText(threshold)})`
}

/** How many parameters are told by name in a title. */
const mostNamed = 3

/** What must be true for the claim, one parameter at a time. */
export function mustTitle({ mustBeTrue }: ClaimResult): string {
  const of = (outcome: Threshold['outcome']): readonly Threshold[] =>
    mustBeTrue.filter((threshold) => threshold.outcome === outcome)
  const [needed, always, never] = [of('threshold'), of('always'), of('never')]
  const count = mustBeTrue.length
  const one = count === 1 ? mustBeTrue[0]!.parameter : ''
  if (always.length === count)
    return one === ''
      ? `None of ${count} parameters alone breaks the claim`
      : `${capital(one)} alone does not break the claim`
  if (never.length === count)
    return one === ''
      ? `None of ${count} parameters alone makes the claim true`
      : `${capital(one)} alone does not make the claim true`
  if (needed.length === 0)
    return `Of ${count} parameters ${always.length} alone never ${always.length === 1 ? 'breaks' : 'break'} the claim, ${never.length} alone never ${never.length === 1 ? 'makes' : 'make'} it true`
  const named = needed.slice(0, mostNamed).map((threshold) => `${threshold.parameter} of ${mustText(threshold)}`)
  const more = needed.length - named.length
  const rest = more === 0 ? '' : `, and ${more} more`
  return `All else as it is, the claim needs ${named.join(', ')}${rest}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
