import type { Claim } from '../../claims/claim.ts'
import type { Range, Verdict } from '../../claims/result.ts'
import { valueText } from '../../report/claims/words/value.ts'
import { formatCount, formatShare } from '../../units.ts'
import type { ClaimCurves } from './claim-curves.ts'

/** The verdict in a sentence: where it holds if that is one clause, else at how many points. @param holdsWhen the region in words */
export function summaryOf(
  claim: Claim,
  verdict: Verdict,
  holdsWhen: string | null,
  tried: ClaimCurves,
  measured: Range | null,
): string {
  const points = tried.curves.flatMap((curve) => curve.points)
  const met = points.filter(({ decided }) => decided === 'true').length
  const value = measured === null ? '' : `; under the conditions of its experiment ${foundText(claim, measured)}`
  if (verdict === 'holds') return `It holds over everything that was tried${value}.`
  if (verdict === 'doesNotHold') return `It holds nowhere in what was tried${value}.`
  if (verdict === 'notTestable') return 'Nothing that was planned decides it.'
  const only = tried.leftOut === 0 ? 'only ' : ''
  if (holdsWhen !== null && !holdsWhen.includes('; or ')) return `It holds ${only}${holdsWhen}${value}.`
  if (verdict === 'holdsWhen')
    return `It holds at ${met} of ${formatCount(points.length, 'point')} that were tried${value}.`
  return `Undecided (quick): ${quickFound(met, points.length, tried)}${value}.`
}

function quickFound(met: number, count: number, { curves, leftOut }: ClaimCurves): string {
  const not = curves.flatMap(({ points }) => points).filter(({ decided }) => decided === 'false').length
  const told =
    met > 0
      ? `holds at ${met === count ? 'all' : `${met} of`} ${formatCount(count, 'point')} of a quick look`
      : not > 0
        ? `fails at ${not === count ? 'all' : `${not} of`} ${formatCount(count, 'point')} of a quick look`
        : `open at all ${formatCount(count, 'point')} of a quick look`
  return leftOut === 0 ? `${told}, the full run draws more` : `${told}, the full run tries ${count + leftOut}`
}

/** The value; one that falls short of its number and counts all the same, with what is allowed. */
function foundText({ claimed, tolerance }: Claim, { value }: Range): string {
  const told = valueText(value, claimed.unit)
  const line = claimed.value
  if (line === null || tolerance === 0 || value === line) return told
  const off = Math.abs(value - line) / Math.abs(line)
  if (off > tolerance) return told
  const side = value < line ? 'under' : 'over'
  return `${told}, ${formatShare(off)} ${side} ${valueText(line, claimed.unit)} and within the tolerance of ${formatShare(tolerance)}`
}
