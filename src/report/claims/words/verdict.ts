import type { ClaimResult, ClaimTrust, Verdict } from '../../../claims/result.ts'
import { none } from '../../tables/report-table.ts'
import { rangeText } from './value.ts'

/** The order in which verdicts are told. */
export const verdicts: readonly Verdict[] = ['holds', 'holdsWhen', 'doesNotHold', 'notTestable', 'undecidedQuick']

export const verdictNames: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  holdsWhen: 'holds when …',
  doesNotHold: 'does not hold',
  notTestable: 'not testable',
  undecidedQuick: 'undecided (quick)',
}

export const trustNames: Readonly<Record<ClaimTrust, string>> = {
  tensors: 'real tensors',
  fitted: 'fitted model',
  catalogue: 'catalogue model',
  arithmetic: 'arithmetic',
}

/** The rung on which a verdict stands; none where nothing was tested. */
export function trustCell({ verdict, trust }: ClaimResult): string {
  return verdict === 'notTestable' ? none : trust
}

export function countOf(claims: readonly ClaimResult[], verdict: Verdict): number {
  return claims.filter((claim) => claim.verdict === verdict).length
}

/** "holds", "does not", "undecided"; empty without a deployment. */
export function thereName({ there }: ClaimResult): string {
  if (there === null) return ''
  if (there.holds === null) return 'undecided'
  return there.holds ? 'holds' : 'does not'
}

/** The clauses of the region; none unless it holds in a region. */
export function regionParts({ holdsWhen }: ClaimResult): string[] {
  return holdsWhen === null ? [] : holdsWhen.split('; or ')
}

/** What must be true in a line, the first clauses of a long one: "from 12 conversations a replica on; or …". */
export function regionText(claim: ClaimResult, most = Number.POSITIVE_INFINITY): string {
  const parts = regionParts(claim)
  const shown = parts.slice(0, most).join('; or ')
  return parts.length <= most ? shown : `${shown}; and in ${parts.length - most} more ways`
}

/** A summary longer than this is no title. */
const longestTitle = 160

/** The verdict as a finding: the claim's own summary, or in short what it says at length. */
export function findingText(claim: ClaimResult): string {
  if (claim.summary.length <= longestTitle) return claim.summary
  const { measured, claimed, verdict } = claim
  const found = measured === null ? '' : `; ${rangeText(measured, claimed.unit)} is found at its own conditions`
  const told = {
    holds: 'holds',
    holdsWhen: 'holds only under conditions',
    doesNotHold: 'does not hold',
    notTestable: 'cannot be tested',
    undecidedQuick: 'is undecided (quick)',
  }[verdict]
  return `“${claimed.text}” ${told}${found}`
}
