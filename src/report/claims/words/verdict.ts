import type { ClaimResult, ClaimTrust, Verdict } from '../../../claims/result.ts'
import { none } from '../../tables/report-table.ts'
import { rangeText } from './value.ts'

/** The order in which verdicts are told. */
export const verdicts: readonly Verdict[] = ['holds', 'holdsWhen', 'doesNotHold', 'notTestable']

export const verdictNames: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  holdsWhen: 'holds when …',
  doesNotHold: 'does not hold',
  notTestable: 'not testable',
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

/** The parts of the region; none unless it holds in a region. */
export function regionParts({ holdsWhen }: ClaimResult): string[] {
  return holdsWhen === null ? [] : holdsWhen.replace(/^(holds )?when /i, '').split('; ')
}

/** Its parts are variants with their places, not a clause: "as stated: from 12 on". */
export function isNamedRegion(claim: ClaimResult): boolean {
  return regionParts(claim).every((part) => /^[^:]+: /.test(part))
}

/** The region in a line, the first parts of a long one: "when …", or variants with their places as they stand. */
export function regionText(claim: ClaimResult, most = Number.POSITIVE_INFINITY): string {
  const parts = regionParts(claim)
  if (parts.length === 0) return ''
  const shown = parts.slice(0, most).join('; ')
  const more = parts.length <= most ? '' : `; and in ${parts.length - most} more`
  return `${isNamedRegion(claim) ? '' : 'when '}${shown}${more}`
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
  }[verdict]
  return `“${claimed.text}” ${told}${found}`
}
