import type { HistogramBin } from './lab-report.ts'

/**
 * Values in bins whose ends grow by √2; what is below `least` is in the first.
 * @param whole count that shares refer to
 */
export function logHistogram(values: Iterable<number>, least: number, whole: number): HistogramBin[] {
  const factor = Math.SQRT2
  const counts: number[] = []
  for (const value of values) {
    const bin = value <= least ? 0 : Math.floor(Math.log(value / least) / Math.log(factor))
    while (counts.length <= bin) counts.push(0)
    counts[bin]!++
  }
  return counts.map((count, i) => ({ from: least * factor ** i, to: least * factor ** (i + 1), share: count / whole }))
}
