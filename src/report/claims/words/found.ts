import type { ClaimResult } from '../../../claims/result.ts'
import { formatFigures, formatShare } from '../../../units.ts'
import { baselineName } from './baseline.ts'
import { withTolerance } from './direction.ts'
import { inputText, isShare, rangeText, valueText } from './value.ts'

/** What was found beside what is claimed, as a sentence. */
export function foundTitle(claim: ClaimResult): string {
  const { measured, claimed, againstStrongest } = claim
  if (measured === null) return `No value was found for what is claimed, ${claimed.text}`
  const strongest =
    againstStrongest === null
      ? ''
      : `; ${valueText(againstStrongest.value, claimed.unit)} against the strongest free baseline`
  return `${rangeText(measured, claimed.unit)} is found${comparison(claim, measured.value)}${strongest}`
}

function comparison(claim: ClaimResult, value: number): string {
  const { claimed, measured } = claim
  if (claimed.value === null) return ''
  const said = `the claimed ${valueText(claimed.value, claimed.unit)}`
  if (value === claimed.value) return `, as claimed`
  if (measured!.low <= claimed.value && claimed.value <= measured!.high) return `, with ${said} in its range`
  const ends = [claimed.value, withTolerance(claim, claimed.value)]
  if (Math.min(...ends) <= value && value <= Math.max(...ends)) return `, within the tolerance of ${said}`
  return `, ${distance(value, claimed.value, claimed.unit)} ${said}`
}

/** "54.3 % less than", "3.10 times"; shares differ by points. */
function distance(value: number, claimed: number, unit: string): string {
  if (isShare(unit))
    return `${formatFigures(Math.abs(value - claimed) * 100)} points ${value > claimed ? 'more' : 'less'} than`
  const ratio = value / claimed
  if (!(ratio > 0) || !Number.isFinite(ratio)) return value > claimed ? 'more than' : 'less than'
  if (ratio >= 2) return `${formatFigures(ratio)} times`
  return ratio > 1 ? `${formatShare(ratio - 1)} more than` : `${formatShare(1 - ratio)} less than`
}

/** "all conditions of the claim as stated, against HBM only". */
export function foundNote({ baseline, againstStrongest, tolerance, metric }: ClaimResult): string {
  const parts = [
    baseline === '' ? '' : `Baseline: ${baselineName(baseline)}.`,
    againstStrongest === null ? '' : `Strongest free baseline: ${againstStrongest.baseline}.`,
    `Asked: ${metric}${tolerance > 0 ? `, tolerance ${inputText(tolerance, 'share')}` : ''}.`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}
