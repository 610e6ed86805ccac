import { formatInterval, formatRatio } from '../../../../units.ts'
import { inArmOrder } from '../../../arms.ts'
import type { KneePoint, PointArm } from '../../../report.ts'
import { boundNote } from '../../../words/ratio.ts'
import { armStyle } from '../../arm-style.ts'
import type { LoadSeries } from './panel.ts'

/** A point of a curve, with its place on the axis. */
export interface CurvePoint {
  readonly at: number
  readonly label: string
  readonly arms: KneePoint['arms']
  readonly multiplier: KneePoint['multiplier']
}

/** The multiplier of each arm, with its interval over draws and the bound that it is. */
export function multiplierSeries(points: readonly CurvePoint[], heavy: string | undefined): LoadSeries[] {
  const names = armsOf(points)
  return names
    .filter((name) => points.some(({ multiplier }) => multiplier[name] !== undefined))
    .map((name) => ({
      name,
      ...armStyle(name, names),
      heavy: name === heavy,
      points: points.flatMap(({ at, label, multiplier }) => {
        const figure = multiplier[name]
        if (figure === undefined) return []
        const { mean, low, high, bound } = figure
        const note = boundNote(bound)
        const tooltip = `${name}, ${label}: ${formatRatio(mean)}${intervalWords(low, high)}${note && `, ${note}`}`
        return [{ load: at, value: mean, low: low ?? mean, high: high ?? mean, bound, tooltip }]
      }),
    }))
}

/** A figure of each arm. */
export function pointSeries(
  points: readonly CurvePoint[],
  heavy: string | undefined,
  figure: { readonly value: (arm: PointArm) => number | null; readonly words: (value: number) => string },
): LoadSeries[] {
  const names = armsOf(points)
  return names.map((name) => ({
    name,
    ...armStyle(name, names),
    heavy: name === heavy,
    points: points.flatMap(({ at, label, arms }) => {
      const arm = arms[name]
      if (arm === undefined) return []
      const value = figure.value(arm)
      if (value === null) return []
      const tooltip = `${name}, ${label}: ${figure.words(value)}`
      return [{ load: at, value, low: value, high: value, bound: 'exact' as const, tooltip }]
    }),
  }))
}

function intervalWords(low: number | null, high: number | null): string {
  return low === null || high === null ? '' : ` (${formatInterval(low, high)})`
}

function armsOf(points: readonly CurvePoint[]): string[] {
  return inArmOrder([...new Set(points.flatMap(({ arms }) => Object.keys(arms)))])
}
