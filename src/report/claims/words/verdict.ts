import type { ClaimResult, ClaimTrust, Verdict } from '../../../claims/result.ts'
import { none } from '../../tables/report-table.ts'

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

/** The region, as the end of "holds when …"; empty unless it holds in a region. */
export function regionText({ holdsWhen }: ClaimResult): string {
  if (holdsWhen === null) return ''
  return `when ${holdsWhen.replace(/^(holds )?when /i, '')}`
}
