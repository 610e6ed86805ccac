import { expect } from 'vitest'
import type { WindowTotals } from '../../src/account/window-totals.ts'

/** Two books of a window agree: counts exactly, times to 1e-9 of the window (or of themselves, where longer). */
export function expectSameBooks(found: WindowTotals, expected: WindowTotals): void {
  const windowMs = Math.max(1, expected.closeMs)
  for (const [name, value] of Object.entries(expected) as [keyof WindowTotals, number | number[]][]) {
    const other = found[name]
    if (typeof value === 'number') near(other as number, value, name, windowMs)
    else {
      expect(other, name).toHaveLength(value.length)
      value.forEach((ms, i) => {
        near((other as number[])[i]!, ms, `${name}[${i}]`, windowMs)
      })
    }
  }
}

function near(found: number, expected: number, name: string, windowMs: number): void {
  const isTime = name.includes('Ms')
  const error = Math.abs(found - expected)
  if (!(error <= (isTime ? 1e-9 * Math.max(windowMs, expected) : 0))) expect(found, name).toBe(expected)
}
