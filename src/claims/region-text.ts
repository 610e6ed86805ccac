import type { Claim } from './claim.ts'
import { regionWords } from './region.ts'
import type { ClaimCurve } from './result.ts'
import { conditionOf } from './variant-words.ts'

const readings: Readonly<Record<ClaimCurve['reading'], string>> = {
  sameLoad: '',
  bestAgainstBest: 'each arm at its own best load',
  equalService: 'at equal service',
}

/**
 * What must be true for a claim that holds somewhere, clauses joined by "; or ". Never the name of a variant alone: the
 * condition that it sets.
 * @param needs thresholds in words, for a claim whose experiment does not meet it as stated; they lead
 * @param isWhole false: a quick look that left points out
 */
export function regionText(
  claim: Claim,
  curves: readonly ClaimCurve[],
  needs: readonly string[],
  isWhole = true,
): string {
  const stated = curves.flatMap((curve) => (curve.variant === 'as stated' ? clauses(claim, curve, isWhole) : []))
  if (stated.length === 0 && needs.length > 0) return needs.join('; or ')
  const others = curves.flatMap((curve) => (curve.variant === 'as stated' ? [] : clauses(claim, curve, isWhole)))
  return [...stated, ...others].join('; or ')
}

function clauses(claim: Claim, curve: ClaimCurve, isWhole: boolean): string[] {
  const where = regionWords(curve, isWhole)
  if (where === '') return []
  const parts = [placeOf(curve, where), readings[curve.reading], conditionOf(claim, curve.variant)]
  return [parts.filter((part) => part !== '').join(', ') || 'as stated']
}

/** A single point has no place on an axis that could be told. */
function placeOf({ points, reading }: ClaimCurve, where: string): string {
  if (reading === 'bestAgainstBest' || (points.length === 1 && points[0]!.at === '')) return ''
  return where
}
