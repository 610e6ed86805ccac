import { formatNumber } from '../../units.ts'
import type { Ask } from '../ask.ts'
import type { Range, Threshold } from '../result.ts'
import { attempt } from './attempt.ts'
import { distance, type Parameter, questionAt, valueBetween } from './parameter.ts'
import type { TriedParameter } from './tried-parameters.ts'

/** The inverse problem: where the claim holds, one parameter at a time, all else as the claim has it. */
export interface MustBeTrue {
  readonly thresholds: readonly Threshold[]
  /** What a threshold leaves out: further ranges, values that could not be tried. */
  readonly notes: readonly string[]
}

export interface InverseProblem {
  readonly ask: Ask
  readonly holds: (range: Range) => boolean
  readonly parameters: readonly TriedParameter[]
  /** How often each crossing is asked at where it seems to lie, and read anew. Default 1. */
  readonly refinements?: number
}

interface TriedPoint {
  readonly at: number
  readonly measured: Range
}

/** A stretch of values at which the claim holds. `isFirst`, `isLast`: it reaches an end of what was tried. */
interface Region {
  readonly from: number
  readonly to: number
  readonly isFirst: boolean
  readonly isLast: boolean
}

/**
 * Asks at every value of every parameter's grid (the claim's own value once for all), and where the claim begins or ceases
 * to hold between two of them, at most `refinements` times more.
 */
export async function mustBeTrue({ ask, holds, parameters, refinements = 1 }: InverseProblem): Promise<MustBeTrue> {
  const found = await Promise.all(
    parameters.map(async (parameter) => {
      const { points, notes } = await curveOf(parameter.ask ?? ask, holds, parameter, refinements)
      const regions = regionsOf(parameter, points, holds)
      return {
        threshold: thresholdOf(parameter, points, regions),
        notes: [...notes, ...severalNotes(parameter, regions)],
      }
    }),
  )
  return { thresholds: found.map(({ threshold }) => threshold), notes: found.flatMap(({ notes }) => notes) }
}

async function curveOf(
  ask: Ask,
  holds: InverseProblem['holds'],
  parameter: TriedParameter,
  refinements: number,
): Promise<{ readonly points: readonly TriedPoint[]; readonly notes: readonly string[] }> {
  const { points, notes } = await tried(ask, parameter, parameter.values)
  for (let round = 0; round < refinements; round++) {
    const between = crossings(parameter, points, holds).filter((at) => !points.some((point) => isNear(point.at, at)))
    if (between.length === 0) break
    const more = await tried(ask, parameter, between)
    points.push(...more.points)
    points.sort((a, b) => a.at - b.at)
    notes.push(...more.notes)
  }
  return { points, notes }
}

/** To ask there again would say nothing new. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 0.01 * Math.abs(a)
}

async function tried(
  ask: Ask,
  parameter: Parameter,
  values: readonly number[],
): Promise<{ points: TriedPoint[]; notes: string[] }> {
  const points: TriedPoint[] = []
  const notes: string[] = []
  const attempts = await Promise.all(values.map((value) => attempt(ask, questionAt(parameter, value))))
  attempts.forEach((answer, i) => {
    const at = values[i]!
    if (answer.state === 'answered') points.push({ at, measured: answer.range })
    else notes.push(`${parameter.name} ${withUnit(at, parameter)} could not be tried: ${answer.why}`)
  })
  return { points, notes }
}

/** Values between two neighbours of which the claim holds at one only; whole where the parameter is. */
function crossings(parameter: Parameter, points: readonly TriedPoint[], holds: InverseProblem['holds']): number[] {
  return points.flatMap((point, i) => {
    const next = points[i + 1]
    if (next === undefined || holds(point.measured) === holds(next.measured)) return []
    const at = crossingBetween(parameter, point, next, holds)
    if (!parameter.isWhole) return [at]
    return next.at - point.at > 1 ? [Math.min(next.at - 1, Math.max(point.at + 1, Math.round(at)))] : []
  })
}

/**
 * Where the claim begins or ceases to hold between two points, the value, its low and its high end going straight from one
 * to the other over the parameter's scale. Bisection of the condition itself, which may look at any of the three.
 */
export function crossingBetween(
  parameter: Pick<Parameter, 'scale'>,
  a: TriedPoint,
  b: TriedPoint,
  holds: InverseProblem['holds'],
): number {
  const startHolds = holds(a.measured)
  let from = 0
  let to = 1
  for (let i = 0; i < 40; i++) {
    const middle = (from + to) / 2
    if (holds(rangeBetween(a.measured, b.measured, middle)) === startHolds) from = middle
    else to = middle
  }
  return valueBetween(parameter, a.at, b.at, (from + to) / 2)
}

function rangeBetween(a: Range, b: Range, share: number): Range {
  const between = (from: number, to: number): number => from + (to - from) * share
  return { value: between(a.value, b.value), low: between(a.low, b.low), high: between(a.high, b.high) }
}

function regionsOf(parameter: Parameter, points: readonly TriedPoint[], holds: InverseProblem['holds']): Region[] {
  const regions: Region[] = []
  const { isWhole } = parameter
  points.forEach((point, i) => {
    if (!holds(point.measured)) return
    const before = points[i - 1]
    if (before !== undefined && holds(before.measured)) return
    const afterLast = points.findIndex((later, j) => j > i && !holds(later.measured))
    const last = afterLast === -1 ? points.length - 1 : afterLast - 1
    const from = before === undefined ? point.at : crossingBetween(parameter, before, point, holds)
    const to =
      afterLast === -1 ? points[last]!.at : crossingBetween(parameter, points[last]!, points[afterLast]!, holds)
    regions.push({
      // A crossing at a whole number is found a little beside it.
      from: isWhole ? Math.ceil(from - 1e-6) : from,
      to: isWhole ? Math.floor(to + 1e-6) : to,
      isFirst: i === 0,
      isLast: afterLast === -1,
    })
  })
  return regions
}

/** The region that holds the claim's own value, or else the one nearest to it. */
function nearestRegion(parameter: Parameter, regions: readonly Region[]): Region | undefined {
  const away = ({ from, to }: Region): number => {
    const { own } = parameter
    return own < from ? distance(parameter, own, from) : own > to ? distance(parameter, own, to) : 0
  }
  return regions.reduce<Region | undefined>(
    (best, region) => (best === undefined || away(region) < away(best) ? region : best),
    undefined,
  )
}

function thresholdOf(parameter: TriedParameter, points: readonly TriedPoint[], regions: readonly Region[]): Threshold {
  const { name, unit, values } = parameter
  const ends = { from: points[0]?.at ?? values[0]!, to: points.at(-1)?.at ?? values.at(-1)! }
  const tried = { parameter: name, unit, ...ends, curve: points }
  const region = nearestRegion(parameter, regions)
  if (region === undefined || (region.isFirst && region.isLast)) {
    const outcome = region === undefined ? 'never' : 'always'
    return { ...tried, direction: 'atLeast', value: null, upper: null, outcome }
  }
  const { from, to, isFirst, isLast } = region
  if (isLast) return { ...tried, direction: 'atLeast', value: from, upper: null, outcome: 'threshold' }
  if (isFirst) return { ...tried, direction: 'atMost', value: to, upper: null, outcome: 'threshold' }
  return { ...tried, direction: 'between', value: from, upper: to, outcome: 'threshold' }
}

function severalNotes(parameter: Parameter, regions: readonly Region[]): string[] {
  if (regions.length < 2) return []
  const words = regions.map(({ from, to }) =>
    from === to ? formatNumber(from) : `${formatNumber(from)} to ${formatNumber(to)}`,
  )
  const own = withUnit(parameter.own, parameter)
  return [
    `${parameter.name}: it holds in several ranges (${words.join(', ')}${parameter.unit && ` ${parameter.unit}`}); the one given is nearest to the claim’s own ${own}`,
  ]
}

function withUnit(value: number, { unit }: Pick<Parameter, 'unit'>): string {
  return unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`
}
