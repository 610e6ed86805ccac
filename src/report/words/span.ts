import { formatMs, formatNumber } from '../../units.ts'

/** A stretch of time in the unit that reads best: "20.7 h", "45 min", "12.3 s". */
export function spanText(ms: number): string {
  if (ms >= 7_200_000) return `${formatNumber(ms / 3_600_000)} h`
  return ms >= 300_000 ? `${formatNumber(ms / 60_000)} min` : formatMs(ms)
}
