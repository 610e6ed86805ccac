import type { ClaimResult } from '../../../claims/result.ts'

export type Direction = 'atLeast' | 'atMost'

/** On which side of its value a claim is true, by its metric's comparison; undefined where it asks for both or none. */
export function claimDirection({ metric }: Pick<ClaimResult, 'metric'>): Direction | undefined {
  const sides = metric.split(/\band\b|\bor\b|&&|\|\||[&|]/).flatMap((part): Direction[] => {
    const match = /^([^<>]*)([<>])=?[^<>]*$/.exec(part)
    if (match === null) return []
    const isNumberFirst = /^[\s(]*[\d.,_]+(?:e-?\d+)?\s*[A-Za-zµ%/]*\s*$/.test(match[1]!)
    return [(match[2] === '>') === isNumberFirst ? 'atMost' : 'atLeast']
  })
  const [first] = sides
  return sides.every((side) => side === first) ? first : undefined
}

/** Whether a value is as claimed, with the tolerance; undefined where the claim has no value or no one side. */
export function isAsClaimed(claim: ClaimResult, value: number): boolean | undefined {
  const { claimed, tolerance } = claim
  return claimed.value === null ? undefined : isBeyond(claim, value, withTolerance(claim, claimed.value, tolerance))
}

/** Whether a value lies on the claim's side of a line. */
export function isBeyond(claim: ClaimResult, value: number, line: number): boolean | undefined {
  const direction = claimDirection(claim)
  if (direction === undefined || !Number.isFinite(value)) return undefined
  return direction === 'atLeast' ? value >= line : value <= line
}

/** The value that still counts as claimed. */
export function withTolerance(claim: ClaimResult, value: number, tolerance = claim.tolerance): number {
  return value + (claimDirection(claim) === 'atMost' ? 1 : -1) * Math.abs(value) * tolerance
}
