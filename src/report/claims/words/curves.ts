import type { ClaimCurve, ClaimPoint, ClaimResult } from '../../../claims/result.ts'
import { baselineName } from './baseline.ts'
import { axisName, placeText } from './value.ts'

type Reading = ClaimCurve['reading']

export const readingNames: Readonly<Record<Reading, string>> = {
  sameLoad: 'same load',
  bestAgainstBest: 'best against best',
  equalService: 'equal service',
}

const readingOrder: readonly Reading[] = ['sameLoad', 'bestAgainstBest', 'equalService']

/** Curves over one axis and under one reading: what is drawn in one panel. */
export interface CurveGroup {
  readonly axis: string
  readonly reading: Reading
  readonly curves: readonly ClaimCurve[]
}

/** Axes in the order in which they were given, the readings of each in the order in which they are always told. */
export function curveGroups({ curves }: ClaimResult): CurveGroup[] {
  const axes = [...new Set(curves.map(({ axis }) => axis))]
  return axes.flatMap((axis) =>
    readingOrder.flatMap((reading) => {
      const group = curves.filter((curve) => curve.axis === axis && curve.reading === reading)
      return group.length === 0 ? [] : [{ axis, reading, curves: group }]
    }),
  )
}

/** More lines than this in one panel no one can follow. */
const mostLines = 4

/** Over so few places there is no curve. */
const mostRowPlaces = 2

/** How a group is drawn: a row of points a variant, a panel a variant, or a line a variant in one panel. */
export function curveForm({ curves }: CurveGroup): 'rows' | 'panels' | 'lines' {
  if (new Set(curves.flatMap(({ points }) => points.map(({ at }) => at))).size <= mostRowPlaces) return 'rows'
  return curves.length > mostLines ? 'panels' : 'lines'
}

/** Variants that a title names. */
const mostNamed = 3

/** Where the claim holds over the axis, for every variant. */
export function curveTitle({ axis, reading, curves }: CurveGroup): string {
  const [only] = curves
  const tried = only!.points
  const span = !/^-?\d/.test(tried[0]?.at ?? '') ? '' : ` (${tried[0]!.at} to ${tried.at(-1)!.at})`
  const lead = capital(readingNames[reading]) + (axis === '' ? '' : `, over ${axisName(axis)}${span}`)
  if (curves.length === 1) return `${lead}: ${regionOf(tried)}`
  const told = curves.map((curve) => ({ label: variantLabel(curve, curves), region: curve.points }))
  const holding = told.filter(({ region }) => region.some(({ decided }) => decided === 'true'))
  const open = told.filter(({ region }) => !holding.some((one) => one.region === region) && isOpen(region))
  if (holding.length === 0) {
    const undecided = open.length === 0 ? '' : `; undecided in parts for ${open.map(({ label }) => label).join(', ')}`
    return `${lead}: it holds nowhere in ${curves.length} variants${undecided}`
  }
  const named = holding.slice(0, mostNamed)
  const where = named.map(({ label, region }) => `${label} ${placesOf(region, 'true')}`.trimEnd())
  if (named.length < holding.length) where.push(`${holding.length - named.length} more`)
  const rest = curves.length - holding.length
  const others = rest === 0 ? '' : `; nowhere in the other ${rest === 1 ? 'variant' : rest}`
  return `${lead}: it holds in ${holding.length === curves.length ? 'all' : `${holding.length} of`} ${curves.length} variants: ${where.join('; ')}${others}`
}

function isOpen(points: readonly ClaimPoint[]): boolean {
  return points.some(({ decided }) => decided === 'undecided')
}

function regionOf(points: readonly ClaimPoint[]): string {
  if (points.length === 0) return 'no point was asked'
  if (points.length === 1 && points[0]!.at === '')
    return { true: 'it holds', false: 'it does not hold', undecided: 'it is undecided' }[points[0]!.decided]
  if (points.every(({ decided }) => decided === 'undecided')) return 'undecided at every value'
  const undecided = isOpen(points) ? `; undecided ${placesOf(points, 'undecided')}` : ''
  const places = placesOf(points, 'true')
  return `it holds ${places === '' ? 'nowhere' : places}${undecided}`
}

/** "from 8 to 32 and at 128": runs of points that stand next to each other. */
function placesOf(points: readonly ClaimPoint[], decided: ClaimPoint['decided']): string {
  const runs: [string, string][] = []
  points.forEach((point, i) => {
    if (point.decided !== decided) return
    if (i > 0 && points[i - 1]!.decided === decided) runs.at(-1)![1] = point.at
    else runs.push([point.at, point.at])
  })
  if (runs.length === 1 && points.every((point) => point.decided === decided))
    return points[0]!.at === '' ? '' : 'at every value'
  return runs
    .map(([from, to]) => (from === to ? `at ${placeText(from)}` : `from ${placeText(from)} to ${placeText(to)}`))
    .join(' and ')
}

/** The variant, with its baseline where that is another than most have and the variant does not say so. */
export function variantLabel({ variant, baseline }: ClaimCurve, curves: readonly ClaimCurve[]): string {
  const isTold = baseline === '' || baseline === usualBaseline(curves) || /\bagainst\b|\bbaseline\b/.test(variant)
  return isTold ? variant : `${variant}, against ${baselineName(baseline)}`
}

/** The baseline that most of the curves have. */
function usualBaseline(curves: readonly ClaimCurve[]): string {
  const count = (name: string): number => curves.filter(({ baseline }) => baseline === name).length
  return curves.reduce((most, { baseline }) => (count(baseline) > count(most) ? baseline : most), curves[0]!.baseline)
}

/** What a point may be read as. */
export type PointKind = 'decided' | 'loadLimited' | 'lower' | 'upper' | 'undecided'

export function pointKind({ decided, note }: ClaimPoint): PointKind {
  if (/load-limited/i.test(note)) return 'loadLimited'
  if (/lower bound/i.test(note)) return 'lower'
  if (/upper bound/i.test(note)) return 'upper'
  return decided === 'undecided' ? 'undecided' : 'decided'
}

const kindNotes: readonly (readonly [PointKind, string])[] = [
  ['loadLimited', 'Hollow circle: load-limited, no figure of capacity.'],
  ['lower', 'Hollow triangle pointing up: a lower bound.'],
  ['upper', 'Hollow triangle pointing down: an upper bound.'],
  ['undecided', 'Hollow square: undecided.'],
]

/** Against which baseline a panel is, and which of its points have no value. */
export function curveSource({ curves }: CurveGroup): string {
  const usual = usualBaseline(curves)
  const others = curves.some(({ baseline }) => baseline !== usual)
  const unseen = curves.flatMap(({ points }) => points.filter(({ measured }) => measured === null))
  const told = unseen.map(({ at, note }) => (note === '' ? placeText(at) : `${placeText(at)} (${note})`))
  return [
    usual === '' ? '' : `Baseline: ${baselineName(usual)}${others ? ', where no other is named' : ''}.`,
    told.length === 0 ? '' : `Without a value: ${[...new Set(told)].join(', ')}.`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** What the bands and symbols of a panel mean, as far as they occur. */
export function symbolNote(group: CurveGroup): string {
  const { curves } = group
  const drawn = curves.flatMap(({ points }) => points.filter(({ measured }) => measured !== null))
  const kinds = new Set(drawn.map(pointKind))
  const bands = drawn.some(({ measured }) => measured!.low < measured!.high)
    ? [`${curveForm(group) === 'rows' ? 'Bars' : 'Bands'} are 99 % intervals over draws of the workload.`]
    : []
  if (curveForm(group) === 'panels') bands.push(`Thin grey line: ${curves[0]!.variant}.`)
  return [...bands, ...kindNotes.filter(([kind]) => kinds.has(kind)).map(([, note]) => note)].join(' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
