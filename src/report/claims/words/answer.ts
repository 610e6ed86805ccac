import type { ClaimsReport, Verdict } from '../../../claims/result.ts'
import { formatCount } from '../../../units.ts'
import { countOf, findingText, verdicts } from './verdict.ts'

/** The sentence on top, and behind it how many hold in the user's deployment. */
export function claimsSentence(report: ClaimsReport): string {
  return `${verdictSentence(report)} ${deploymentSentence(report)}`.trim()
}

/** How many claims hold. A claim alone is told by its own summary. */
export function verdictSentence({ claims }: ClaimsReport): string {
  if (claims.length === 0) return 'No claim was asked.'
  if (claims.length === 1) return findingText(claims[0]!)
  const told = verdicts.map((verdict) => ({ verdict, count: countOf(claims, verdict) }))
  const all = told.find(({ count }) => count === claims.length)
  return all === undefined
    ? `Of ${formatCount(claims.length, 'claim')} ${parts(told)}.`
    : `${claims.length === 2 ? 'Both' : `All ${claims.length}`} claims ${predicate(all.verdict, claims.length)}.`
}

/** How many hold leads, also where none does. */
function parts(told: readonly { verdict: Verdict; count: number }[]): string {
  const shown = told.filter(({ verdict, count }) => count > 0 || verdict === 'holds')
  return shown
    .map(({ verdict, count }) => (count === 0 ? 'none holds as stated' : `${count} ${predicate(verdict, count)}`))
    .join(', ')
}

function predicate(verdict: Verdict, count: number): string {
  const one = count === 1
  if (verdict === 'holds') return one ? 'holds' : 'hold'
  if (verdict === 'holdsWhen') return one ? 'holds only under conditions' : 'hold only under conditions'
  if (verdict === 'doesNotHold') return one ? 'does not hold' : 'do not hold'
  return verdict === 'undecidedQuick' ? (one ? 'is undecided (quick)' : 'are undecided (quick)') : 'cannot be tested'
}

/** How many hold in the user's deployment; empty without one. */
export function deploymentSentence({ claims }: ClaimsReport): string {
  const asked = claims.flatMap(({ there }) => (there === null ? [] : [there.holds]))
  if (asked.length === 0) return ''
  const count = (holds: boolean | null): number => asked.filter((answer) => answer === holds).length
  const [hold, not, open] = [count(true), count(false), count(null)]
  const told = [
    hold === 0 ? 'none holds' : `${hold} ${hold === 1 ? 'holds' : 'hold'}`,
    not === 0 ? '' : `${not} ${not === 1 ? 'does' : 'do'} not`,
    open === 0 ? '' : `${open} ${open === 1 ? 'stays' : 'stay'} undecided`,
  ]
  return `In your deployment ${told.filter((part) => part !== '').join(', ')}.`
}
