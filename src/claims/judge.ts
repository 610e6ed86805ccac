import type { Bound } from '../account/multiplier.ts'
import type { Claim } from './claim.ts'
import type { Evaluation } from './expression.ts'
import { regionWords } from './region.ts'
import type { ClaimCurve, ClaimPoint, Range, Verdict } from './result.ts'
import type { ClaimScope } from './scope.ts'

/** Scopes of one point: the mean over seeds, and each seed. */
export interface PointScopes {
  readonly mean: ClaimScope
  readonly seeds: readonly ClaimScope[]
}

/** What the claim's condition says at one point. */
export function judgePoint(claim: Claim, at: string, { mean, seeds }: PointScopes): ClaimPoint {
  const { metric, tolerance } = claim
  if (metric === undefined) return { at, decided: 'undecided', measured: null, note: 'no condition' }
  const evaluation = metric.evaluate(mean, tolerance)
  const bySeed = seeds.map((scope) => metric.evaluate(scope, tolerance))
  return { at, ...agreed(evaluation, bySeed), measured: rangeOf(evaluation, bySeed) }
}

/** Where one draw of the workload meets the condition and another does not, or none does what the mean does, nothing is decided. */
function agreed(mean: Evaluation, bySeed: readonly Evaluation[]): Pick<ClaimPoint, 'decided' | 'note'> {
  const { decided, note } = decide(mean)
  const meeting = bySeed.filter(({ holds }) => holds).length
  if (decided === 'undecided' || meeting === (mean.holds ? bySeed.length : 0)) return { decided, note }
  return { decided: 'undecided', note: `met by ${meeting} of ${bySeed.length} seeds` }
}

/** A value that does not exist has no range. */
function rangeOf({ value }: Evaluation, seeds: readonly Evaluation[]): Range | null {
  if (!Number.isFinite(value)) return null
  const values = [value, ...seeds.map((seed) => seed.value)].filter(Number.isFinite)
  return { value, low: Math.min(...values), high: Math.max(...values) }
}

/**
 * A multiplier that is only a bound decides nothing beyond its bound; a load-limited one decides only that there is no gain
 * at that load.
 */
export function decide({
  holds,
  value,
  bounds,
  comparesGains,
  wantsMore,
}: Evaluation): Pick<ClaimPoint, 'decided' | 'note'> {
  if (!Number.isFinite(value)) return { decided: 'undecided', note: 'the figure does not exist at this point' }
  const loosest = (['loadLimited', 'upper', 'lower'] as const).find((bound) => bounds.includes(bound))
  if (loosest === undefined) return { decided: holds ? 'true' : 'false', note: '' }
  if (comparesGains) {
    return { decided: 'undecided', note: loosest === 'loadLimited' ? 'load-limited' : 'both sides rest on bounds' }
  }
  if (loosest === 'loadLimited') {
    return wantsMore ? { decided: 'false', note: 'load-limited' } : { decided: 'undecided', note: 'load-limited' }
  }
  const couldChange = boundCouldChange(loosest, holds, wantsMore)
  return {
    decided: couldChange ? 'undecided' : holds ? 'true' : 'false',
    note: `${loosest === 'lower' ? 'a lower' : 'an upper'} bound`,
  }
}

/** A true value above a lower bound, or below an upper one, might tip the condition the other way. */
function boundCouldChange(bound: Exclude<Bound, 'exact' | 'loadLimited'>, holds: boolean, wantsMore: boolean): boolean {
  return bound === 'lower' ? holds !== wantsMore : holds === wantsMore
}

/** Over everything that was asked: holds only where no point says otherwise. */
export function verdictOf(curves: readonly ClaimCurve[]): {
  readonly verdict: Verdict
  readonly holdsWhen: string | null
} {
  const points = curves.flatMap((curve) => curve.points)
  const isTrue = points.some(({ decided }) => decided === 'true')
  const isFalse = points.some(({ decided }) => decided === 'false')
  if (!isTrue && !isFalse) return { verdict: 'notTestable', holdsWhen: null }
  if (!isTrue) return { verdict: 'doesNotHold', holdsWhen: null }
  if (!isFalse && points.every(({ decided }) => decided === 'true')) return { verdict: 'holds', holdsWhen: null }
  return { verdict: 'holdsWhen', holdsWhen: regionOf(curves) }
}

/** The region in words: the claim's own experiment first, then what changes it. */
function regionOf(curves: readonly ClaimCurve[]): string {
  return curves
    .flatMap((curve) => {
      const words = regionWords(curve)
      const label = [curve.variant, readingWords[curve.reading]].filter((part) => part !== '').join(', ')
      return words === '' ? [] : [`${label}: ${words}`]
    })
    .join('; ')
}

export const readingWords: Readonly<Record<ClaimCurve['reading'], string>> = {
  sameLoad: '',
  bestAgainstBest: 'best against best',
  equalService: 'equal service',
}
