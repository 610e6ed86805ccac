import { formatRatio, formatShare } from '../units.ts'
import { regionWords } from './region.ts'
import type { ClaimCurve, ClaimPair, ClaimPoint, ClaimResult } from './result.ts'

/** A claim as far as another is held against it. */
export type PairedClaim = Pick<ClaimResult, 'id' | 'who' | 'curves'>

/** One claim over an axis, under one variant. */
export interface ClaimOverAxis {
  readonly id: string
  readonly curve: ClaimCurve
}

/** Within what a cap near 1 + x is not exceeded: batches grow a little when prefill goes. */
const capSlack = 0.1

/** Every two claims of one source that were asked over the same axis in the same way: do both hold anywhere? */
export function overlapPairs(claims: readonly PairedClaim[]): ClaimPair[] {
  return claims.flatMap((a, i) =>
    claims.slice(i + 1).flatMap((b) => {
      if (a.who !== b.who) return []
      const curves = sharedCurves(a.curves, b.curves)
      return curves === undefined ? [] : [overlapPair({ id: a.id, curve: curves[0] }, { id: b.id, curve: curves[1] })]
    }),
  )
}

/**
 * Curves of two claims that are alike in variant, reading and axis: the first ones where each claim holds somewhere, since
 * what holds nowhere contradicts everything, or else the first ones.
 */
function sharedCurves(
  first: readonly ClaimCurve[],
  second: readonly ClaimCurve[],
): readonly [ClaimCurve, ClaimCurve] | undefined {
  const shared = first.flatMap((a) => {
    const b = second.find(
      ({ variant, reading, axis }) => variant === a.variant && reading === a.reading && axis === a.axis,
    )
    return b !== undefined && commonPoints(a, b).length > 0 ? [[a, b] as const] : []
  })
  return shared.find((pair) => pair.every(holdsSomewhere)) ?? shared[0]
}

function holdsSomewhere({ points }: ClaimCurve): boolean {
  return points.some(({ decided }) => decided === 'true')
}

/** Whether two claims can be true in one deployment: where both hold, of the points at which both were asked. */
export function overlapPair(a: ClaimOverAxis, b: ClaimOverAxis): ClaimPair {
  const common = commonPoints(a.curve, b.curve)
  const both = common.map(([one, other]): ClaimPoint => ({ ...one, decided: conjunction(one, other) }))
  const where = regionWords({ ...a.curve, points: both })
  const under = a.curve.variant === 'as stated' ? '' : `on "${a.curve.variant}", `
  const each = `${under}${a.id} ${placesOf(a.curve, a.curve.points)}, ${b.id} ${placesOf(b.curve, b.curve.points)}`
  const pair = { claims: [a.id, b.id] as const, question: 'Can both be true in one deployment?' }
  if (common.length === 0 || both.every(({ decided }) => decided === 'undecided')) {
    return { ...pair, verdict: 'undecided', summary: `No load decides it: ${each}.` }
  }
  if (both.every(({ decided }) => decided === 'true')) {
    return { ...pair, verdict: 'compatible', summary: `Both hold ${where}.` }
  }
  if (where !== '') return { ...pair, verdict: 'compatibleWhen', summary: `Both hold ${where}: ${each}.` }
  const isOpen = both.some(({ decided }) => decided === 'undecided')
  return isOpen
    ? { ...pair, verdict: 'undecided', summary: `Both hold at no point that was decided: ${each}.` }
    : { ...pair, verdict: 'incompatible', summary: `Nowhere do both hold: ${each}.` }
}

function placesOf(curve: ClaimCurve, points: readonly ClaimPoint[]): string {
  const words = regionWords({ ...curve, points })
  if (words !== '') return `holds ${words}`
  return points.some(({ decided }) => decided === 'undecided') ? 'is shown to hold nowhere' : 'holds nowhere'
}

/** Points of two curves with the same place on the axis. */
function commonPoints(a: ClaimCurve, b: ClaimCurve): (readonly [ClaimPoint, ClaimPoint])[] {
  return a.points.flatMap((point) => {
    const other = b.points.find(({ at }) => at === point.at)
    return other === undefined ? [] : [[point, other] as const]
  })
}

function conjunction(a: ClaimPoint, b: ClaimPoint): ClaimPoint['decided'] {
  if (a.decided === 'false' || b.decided === 'false') return 'false'
  return a.decided === 'true' && b.decided === 'true' ? 'true' : 'undecided'
}

export interface CapQuestion {
  /** A multiplier. */
  readonly gain: { readonly id: string; readonly value: number }
  /**
   * Redundant prefill ÷ all other busy time, in the baseline. `measured`: the same over an axis, as our runs have it under each variant.
   */
  readonly overhead: {
    readonly id: string
    readonly value: number
    readonly measured?: readonly ClaimCurve[] | undefined
  }
}

/** What is redundant is all that a store can win back: an overhead of x caps the gain near 1 + x, at one load. */
export function capPair({ gain, overhead }: CapQuestion): ClaimPair {
  const cap = 1 + overhead.value
  const pair = {
    claims: [gain.id, overhead.id] as const,
    question: 'Can so much be gained where so much is redundant?',
  }
  const capped = `A redundant prefill overhead of ${formatShare(overhead.value)} caps the gain near ${formatRatio(cap)}`
  if (gain.value <= cap) {
    return { ...pair, verdict: 'compatible', summary: `${capped}; ${formatRatio(gain.value)} is within it.` }
  }
  if (gain.value <= cap * (1 + capSlack)) {
    return { ...pair, verdict: 'undecided', summary: `${capped}; ${formatRatio(gain.value)} is at the edge of it.` }
  }
  const needed = gain.value - 1
  const summary = `${capped}; ${formatRatio(gain.value)} takes an overhead of ${formatShare(needed)}, so both cannot be true at one load.`
  return { ...pair, verdict: 'incompatible', summary: `${summary}${whereEnough(overhead.measured, needed)}` }
}

function whereEnough(measured: readonly ClaimCurve[] | undefined, needed: number): string {
  if (measured === undefined) return ''
  const places = measured.flatMap((curve) => {
    const points = curve.points.map((point): ClaimPoint => {
      const isEnough = point.measured !== null && point.measured.value >= needed
      return { ...point, decided: isEnough ? 'true' : 'false' }
    })
    const where = regionWords({ ...curve, points })
    return where === '' ? [] : [curve.variant === 'as stated' ? where : `${where} (${curve.variant})`]
  })
  return places.length === 0
    ? ' In our runs it comes to that nowhere.'
    : ` In our runs it comes to that ${places.join('; ')}.`
}

export interface HitRateQuestion {
  /** The lowest hit rate that is claimed for the warehouse, 0 to 1. */
  readonly hitRate: { readonly id: string; readonly value: number }
  readonly gain: ClaimOverAxis
  /** Hit rate of the baseline over the same axis. */
  readonly baseline: {
    readonly name: string
    readonly hitRates: readonly { readonly at: string; readonly value: number }[]
  }
}

/**
 * A hit rate that the baseline has too is a property of the workload and its routing, and no reason for a gain.
 * `compatible`: nowhere does the baseline have it; `incompatible`: everywhere.
 */
export function hitRatePair({ hitRate, gain, baseline }: HitRateQuestion): ClaimPair {
  const points = gain.curve.points.flatMap((point) => {
    const own = baseline.hitRates.find(({ at }) => at === point.at)
    return own === undefined ? [] : [{ ...point, baselineHitRate: own.value, hasIt: own.value >= hitRate.value }]
  })
  const pair = { claims: [hitRate.id, gain.id] as const, question: 'Is the hit rate a reason for the gain?' }
  const claimed = formatShare(hitRate.value)
  if (points.length === 0) return { ...pair, verdict: 'undecided', summary: 'They were not asked at the same loads.' }
  const where = regionWords({
    ...gain.curve,
    points: points.map((point) => ({ ...point, decided: truth(point.hasIt) })),
  })
  const rates = points.map((point) => point.baselineHitRate)
  const span = `${formatShare(Math.min(...rates))} to ${formatShare(Math.max(...rates))}`
  if (where === '') {
    const gained = placesOf(gain.curve, points)
    const lacks = `${baseline.name} hits ${span}, nowhere ${claimed}`
    return holdsSomewhere(gain.curve)
      ? { ...pair, verdict: 'compatible', summary: `${lacks}; ${gain.id} ${gained}.` }
      : { ...pair, verdict: 'undecided', summary: `${lacks}, but ${gain.id} ${gained}: there is no gain to explain.` }
  }
  if (points.every(({ hasIt }) => hasIt)) {
    const summary = `${baseline.name} has ${claimed} ${where}: the hit rate proves nothing about the gain.`
    return { ...pair, verdict: 'incompatible', summary }
  }
  const gained = placesOf(gain.curve, points)
  const isProof = points.some(({ decided, hasIt }) => decided === 'true' && !hasIt)
  const summary = `${baseline.name} has ${claimed} too ${where}, where it proves nothing; ${gain.id} ${gained}${isProof ? '' : ', never where the baseline lacks it'}.`
  return { ...pair, verdict: 'compatibleWhen', summary }
}

function truth(value: boolean): ClaimPoint['decided'] {
  return value ? 'true' : 'false'
}
