import { formatInterval, formatNumber, formatRatio } from '../../units.ts'
import type { Multiplier } from '../headline.ts'
import type { KneePoint, Report } from '../report.ts'

/** GPUs of the baseline that 100 are worth. */
export function gpusOf(multiplier: number): string {
  return formatNumber(multiplier * 100)
}

/** Within what the controls allow for, a planned ratio is 1. */
const tolerance = 0.02

/** What 100 GPUs do the work of, for a ratio without an interval: "158", "no more than 100 (1.01×)", "only 83". */
export function plannedWork(ratio: number): string {
  if (ratio < 1 - tolerance) return `only ${gpusOf(ratio)}`
  return ratio <= 1 + tolerance ? `no more than 100 (${formatRatio(ratio)})` : gpusOf(ratio)
}

/** A link without a stated total of its fabric says so beside its multiplier. */
export function fabricNote({ setup }: Report, arm: string): string {
  return setup.fabricUnlimited && arm.includes('warehouse') ? 'fabric unlimited' : ''
}

/** The bound beside a ratio; empty where it is exact. */
export function boundNote(bound: Multiplier['bound']): string {
  if (bound === 'lower') return 'a lower bound'
  if (bound === 'upper') return 'an upper bound'
  return bound === 'loadLimited' ? 'load-limited' : ''
}

type PointMultiplier = KneePoint['multiplier'][string]

/** "4.10×", or that the load was its limit. */
export function plannedRatio({ mean, bound }: Pick<PointMultiplier, 'mean' | 'bound'>): string {
  return [formatRatio(mean), boundNote(bound)].filter((part) => part !== '').join(', ')
}

/** "3.31× (2.95–3.60)": the interval over draws, and the bound that it is. */
export function spreadCell(figure: PointMultiplier | undefined): string {
  if (figure === undefined) return '–'
  const note = boundNote(figure.bound)
  const { low, high } = figure
  const interval = low === null || high === null ? '' : ` (${formatInterval(low, high)})`
  return `${formatRatio(figure.mean)}${interval}${note && `, ${note}`}`
}
