import { logTicks } from '../../page/charts/log-scale.ts'
import { tickText, unitName } from '../words/value.ts'

/** The axis of the claim's value. */
export interface ValueScale {
  readonly type: 'linear' | 'log'
  readonly domain: readonly [number, number]
  /** Ticks themselves on a log axis, else about how many. */
  readonly ticks: number | number[]
  readonly title: string
  readonly format: (tick: number) => string
  /** Share of the axis at which a value lies. */
  readonly share: (value: number) => number
}

/** Values further apart than this are told apart on a logarithmic axis only. */
const mostRatio = 50

/** An axis that starts at zero, or a logarithmic one that says so where values lie too far apart. */
export function valueScale(values: readonly number[], unit: string, name: string, narrow: boolean): ValueScale {
  const finite = values.filter(Number.isFinite)
  const [low, high] = [Math.min(...finite, Number.POSITIVE_INFINITY), Math.max(...finite, Number.NEGATIVE_INFINITY)]
  const shown = unitName(unit)
  const title = shown === '' || shown === name ? name : `${name}, ${shown}`
  const format = (tick: number): string => tickText(tick, unit)
  if (low > 0 && high / low > mostRatio) {
    const domain = [low / 1.3, high * 1.3] as const
    return {
      type: 'log',
      domain,
      ticks: logTicks(domain, narrow),
      title: `${title}, log scale`,
      format,
      share: (value) => Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]),
    }
  }
  const from = Math.min(0, low === Number.POSITIVE_INFINITY ? 0 : low * 1.08)
  const to = Math.max(high * 1.08, from === 0 && !(high > 0) ? 1 : 0)
  return {
    type: 'linear',
    domain: [from, to],
    ticks: narrow ? 4 : 7,
    title,
    format,
    share: (value) => (value - from) / (to - from),
  }
}
