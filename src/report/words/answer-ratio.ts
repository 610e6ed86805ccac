import type { Multiplier } from '../headline.ts'

/** "2.2": two figures, since an answer is not known better; "12" from ten on. */
export function shortFigure(value: number): string {
  return value.toLocaleString('en-US', { minimumSignificantDigits: 2, maximumSignificantDigits: 2 })
}

/** "2.2×". */
export function shortRatio(value: number): string {
  return `${shortFigure(value)}×`
}

/** "1.9–2.5"; undefined where there is no interval, or none that two figures show. */
export function shortInterval({ low, high }: Pick<Multiplier, 'low' | 'high'>): string | undefined {
  if (low === null || high === null) return undefined
  const [from, to] = [shortFigure(low), shortFigure(high)]
  return from === to ? undefined : `${from}–${to}`
}

/** "(1.9–2.5)", after a blank; empty without an interval. */
export function intervalInBrackets(multiplier: Pick<Multiplier, 'low' | 'high'>): string {
  const interval = shortInterval(multiplier)
  return interval === undefined ? '' : ` (${interval})`
}
