import type { Bound } from '../account/multiplier.ts'
import type { Claim } from './claim.ts'
import { canClose, type DrawnEvaluation, decisionOf, rangeOf } from './decide.ts'
import type { Evaluation } from './expression.ts'
import type { ClaimCurve, ClaimPoint, Verdict } from './result.ts'
import type { ClaimScope } from './scope.ts'

/** Scopes of one point: of the means over all draws, and over all but each draw in turn. */
export interface PointScopes {
  readonly mean: ClaimScope
  /** Empty where nothing is drawn, or a single draw. */
  readonly without: readonly ClaimScope[]
  /** Draws of the workload behind it; 0 where nothing random is read. */
  readonly draws: number
}

/** Of a point whose interval includes the claim's line. */
const openNote = 'its interval includes the line'

/** What the claim's condition says at one point. */
export function judgePoint(claim: Claim, at: string, scopes: PointScopes): ClaimPoint {
  const evaluation = evaluated(claim, scopes)
  if (evaluation === undefined) return { at, decided: 'undecided', measured: null, note: 'no condition' }
  const { mean, without, draws } = evaluation
  const values = without.map(({ value }) => value)
  const measured = rangeOf(mean.value, values, draws)
  // A figure that some of the draws do not have is none to decide by.
  if (measured === null && draws > 1 && Number.isFinite(mean.value)) {
    return { at, measured, decided: 'undecided', note: 'not every draw has a figure' }
  }
  if (measured === null) return { at, measured, ...decide(mean) }
  const decision = decisionOf(evaluation)
  if (decision !== 'open') return { at, measured, ...decide({ ...mean, holds: decision === 'true' }) }
  // What a bound leaves open either way no draw closes.
  const either = [true, false].map((holds) => decide({ ...mean, holds }))
  const [one, other] = [either[0]!, either[1]!]
  return { at, measured, ...(one.decided === other.decided ? one : { decided: 'undecided', note: openNote }) }
}

/** Whether draws leave a point open, and not a bound or a figure that does not exist. */
export function isOpen({ decided, note }: ClaimPoint): boolean {
  return decided === 'undecided' && (note === openNote || note === quickNote)
}

/** Whether a point that is open may be closed by so many draws. */
export function mayClose(claim: Claim, scopes: PointScopes, draws: number): boolean {
  const evaluation = evaluated(claim, scopes)
  return evaluation !== undefined && scopes.draws > 1 && canClose(evaluation, draws)
}

function evaluated({ metric, tolerance }: Claim, { mean, without, draws }: PointScopes): DrawnEvaluation | undefined {
  if (metric === undefined) return undefined
  const of = (scope: ClaimScope): Evaluation => metric.evaluate(scope, tolerance)
  return { mean: of(mean), without: without.map(of), draws }
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

/** What a quick look says of a point that it leaves open. */
const quickNote = 'undecided (quick)'

export function quickly(point: ClaimPoint): ClaimPoint {
  return point.decided === 'undecided' ? { ...point, note: quickNote } : point
}

/** Over everything that was asked: holds only where no point says otherwise. @param asksFewer a quick look that left points out */
export function verdictOf(curves: readonly ClaimCurve[], asksFewer = false): Verdict {
  const points = curves.flatMap((curve) => curve.points)
  const isTrue = points.some(({ decided }) => decided === 'true')
  const isFalse = points.some(({ decided }) => decided === 'false')
  if (isTrue && isFalse) return 'holdsWhen'
  if (asksFewer || points.some(({ note }) => note === quickNote)) return 'undecidedQuick'
  if (!isTrue && !isFalse) return 'notTestable'
  if (!isTrue) return 'doesNotHold'
  return points.every(({ decided }) => decided === 'true') ? 'holds' : 'holdsWhen'
}
