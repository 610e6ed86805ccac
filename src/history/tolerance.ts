import type { Figure } from './figure.ts'

/** Whether a value is no further from a figure than its stated tolerance. */
export function isWithin(value: number, figure: Pick<Figure, 'value' | 'toleranceRelative'>): boolean {
  const largest = Math.max(Math.abs(value), Math.abs(figure.value))
  return Math.abs(value - figure.value) <= figure.toleranceRelative * largest
}
