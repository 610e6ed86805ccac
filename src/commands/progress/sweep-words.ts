/** A grid of points, before it is planned. */
export interface PlannedGrid {
  readonly points: number
  readonly arms: number
  /** As estimated from the first plans. */
  readonly sweepMs: number
  readonly wholeMs: number
}

/** What takes less is not worth a line. */
const worthMs = 5000

/** "48 points × 5 arms: about 40 s, the whole run about 2 min."; undefined where it is done in a moment. */
export function sweepWords({ points, arms, sweepMs, wholeMs }: PlannedGrid): string | undefined {
  if (wholeMs < worthMs) return undefined
  const told = `${points} point${points === 1 ? '' : 's'} × ${arms} arm${arms === 1 ? '' : 's'}`
  return `${told}: about ${roughly(sweepMs)}, the whole run about ${roughly(wholeMs)}.`
}

/** A time as people tell it: seconds up to ten, in fives up to a minute and a half, then minutes. */
export function roughly(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds <= 10) return `${seconds} s`
  const fives = Math.round(seconds / 5) * 5
  return fives <= 90 ? `${fives} s` : `${Math.round(seconds / 60)} min`
}
