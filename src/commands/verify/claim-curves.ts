import type { Claim, ClaimVariant } from '../../claims/claim.ts'
import type { ClaimCurve } from '../../claims/result.ts'
import { loadParameter, sweepAxis } from '../run/sweep-axis.ts'
import { type ClaimContext, readsRuns, type SettledPoint, settlePoint } from './asked-point.ts'
import { asStated } from './claim-point.ts'
import { bestAgainstBest, serviceCurve } from './claim-readings.ts'

/** A claim over what was left out. */
export interface ClaimCurves {
  readonly curves: readonly ClaimCurve[]
  /** Points of the claim's own loads as stated, in order. */
  readonly stated: readonly SettledPoint[]
  /** Variants whose trace is not on this machine. */
  readonly skipped: readonly string[]
  /** Points that the full run tries and a quick look leaves out. */
  readonly leftOut: number
}

/** One variant and the values of the axis at which it is asked. */
export interface AskedVariant {
  readonly variant: ClaimVariant
  readonly axis: string
  /** '' where there is no axis. */
  readonly values: readonly string[]
  /** Values of the full run. */
  readonly count: number
}

/** What is asked: each variant over the axis. A quick look has an end on either side of the claim's own value, of a variant that value alone. */
export function askedVariants(claim: Claim, quick: boolean): AskedVariant[] {
  const axis = claim.sweep === undefined ? undefined : sweepAxis(claim.sweep)
  const all = axis?.values ?? ['']
  const own = String(claim.experiment[axis?.name ?? ''] ?? '')
  const middle = all.includes(own) ? own : all[all.length >> 1]!
  // What no run decides takes no time.
  const isWhole = !quick || !readsRuns(claim)
  const few = [...new Set([all[0]!, middle, quickEnd(all, axis?.name ?? '', middle)])]
  return [asStated, ...claim.variants].map((variant) => ({
    variant,
    axis: axis?.name ?? '',
    values: isWhole ? all : quickValues(variant, all, few, middle),
    count: all.length,
  }))
}

/** Conversations a replica that a quick look does not pass: they take as long to plan as all other points together. */
const mostQuickLoad = 96

/** The end beyond the claim's own value: of a load at most twice as many conversations, or the next, or none. */
function quickEnd(all: readonly string[], axis: string, own: string): string {
  if (axis !== loadParameter) return all.at(-1)!
  const above = all.filter((value) => Number(value) > Number(own) && Number(value) <= mostQuickLoad)
  return above.findLast((value) => Number(value) <= 2 * Number(own)) ?? above[0] ?? own
}

/** Points of a quick look at the claim as stated. */
const quickPoints = 3

/** A trace takes as long to read as all the rest to plan. */
function quickValues(
  variant: ClaimVariant,
  all: readonly string[],
  few: readonly string[],
  middle: string,
): readonly string[] {
  if (variant.trace !== undefined) return []
  if (all.length <= quickPoints) return all
  return variant === asStated ? few : [middle]
}

/** The condition over what was left out: a curve for each variant, read in each way that the claim asks for. */
export async function claimCurves(claim: Claim, context: ClaimContext): Promise<ClaimCurves> {
  const variants = askedVariants(claim, context.quick)
  const all = await Promise.all(variants.map((asked) => variantCurves(claim, asked, context)))
  const found = all.filter((one) => one !== undefined)
  return {
    curves: found.flatMap(({ curves }) => curves),
    stated: all[0]?.points ?? [],
    skipped: variants.filter((_, i) => all[i] === undefined).map(({ variant }) => variant.name),
    leftOut: found.reduce((sum, { leftOut }) => sum + leftOut, 0),
  }
}

interface VariantCurves {
  readonly curves: readonly ClaimCurve[]
  readonly points: readonly SettledPoint[]
  readonly leftOut: number
}

async function variantCurves(
  claim: Claim,
  { variant, axis, values, count }: AskedVariant,
  context: ClaimContext,
): Promise<VariantCurves | undefined> {
  const optionsAt = (value: string): Record<string, string> => (axis === '' ? {} : { [axis]: value })
  const isOwn = (value: string): boolean => variant === asStated && String(claim.experiment[axis] ?? '') === value
  if (values.length === 0) return { curves: [], points: [], leftOut: count }
  const asked = await Promise.all(
    values.map((value) =>
      settlePoint({ claim, variant, options: optionsAt(value) }, value, context, isOwn(value) && !context.quick),
    ),
  )
  const points = asked.filter((point) => point !== undefined)
  if (points.length < asked.length) return undefined
  const baseline = variant.baseline ?? claim.baseline
  const told = points.map(({ point }) => point)
  const curve: ClaimCurve = { variant: variant.name, reading: 'sameLoad', baseline, axis, points: told }
  const reads = claim.readings && axis === loadParameter
  // Best loads are those of all that are tried.
  const isWhole = values.length === count
  const further =
    reads && isWhole
      ? [bestAgainstBest(claim, curve, points, context), serviceCurve(claim, curve, points, context)]
      : []
  const leftOut = count - values.length + (reads && !isWhole ? 1 : 0)
  return { curves: [curve, ...further], points, leftOut }
}
