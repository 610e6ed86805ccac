import { formatFigures } from '../../units.ts'
import type { Multiplier } from '../headline.ts'

/** "2.2": two figures, since an answer is not known better; "12" from ten on. */
export function shortFigure(value: number): string {
  return value.toLocaleString('en-US', { minimumSignificantDigits: 2, maximumSignificantDigits: 2 })
}

/** "2.2×". */
export function shortRatio(value: number): string {
  return `${shortFigure(value)}×`
}

/** An interval narrower than this takes a figure more: two would round its ends away. */
const narrow = 1.15

/** "1.9–2.5"; undefined where there is no interval, or none that shows. */
export function shortInterval({ low, high }: Pick<Multiplier, 'low' | 'high'>): string | undefined {
  if (low === null || high === null) return undefined
  const figure = high < narrow * low ? formatFigures : shortFigure
  const [from, to] = [figure(low), figure(high)]
  return from === to ? undefined : `${from}–${to}`
}

/** "(1.9–2.5)", after a blank; empty without an interval. */
export function intervalInBrackets(multiplier: Pick<Multiplier, 'low' | 'high'>): string {
  const interval = shortInterval(multiplier)
  return interval === undefined ? '' : ` (${interval})`
}
