import type { ClaimCurve, ClaimPoint } from './result.ts'

/** A stretch of neighbouring points of a curve at which the condition is met. */
export interface Stretch {
  readonly from: string
  readonly to: string
  /** It reaches the first or the last point that was tried. */
  readonly openBelow: boolean
  readonly openAbove: boolean
}

export function stretchesOf(points: readonly ClaimPoint[]): Stretch[] {
  const stretches: Stretch[] = []
  let start: number | undefined
  points.forEach((point, i) => {
    if (point.decided === 'true') start ??= i
    const ends = start !== undefined && (points[i + 1]?.decided !== 'true' || i === points.length - 1)
    if (point.decided !== 'true' || !ends || start === undefined) return
    stretches.push({
      from: points[start]!.at,
      to: point.at,
      openBelow: start === 0,
      openAbove: i === points.length - 1,
    })
    start = undefined
  })
  return stretches
}

/** "at 8 to 12 sessions-per-replica", "from sessions-per-replica 8 on"; empty where it is met nowhere. */
export function regionWords({ axis, points }: ClaimCurve): string {
  const stretches = stretchesOf(points)
  if (stretches.length === 0) return ''
  const name = axisWords(axis)
  return stretches
    .map(({ from, to, openBelow, openAbove }) => {
      if (openBelow && openAbove) return `at every ${name} tried (${from} to ${to})`
      if (openAbove) return `from ${from} ${name} on`
      if (openBelow) return `up to ${to} ${name}`
      return from === to ? `at ${from} ${name}` : `at ${from} to ${to} ${name}`
    })
    .join(' and ')
}

const axes: Readonly<Record<string, string>> = {
  'sessions-per-replica': 'conversations a replica',
  'max-context': 'tokens of context limit',
  dram: 'of host DRAM per GPU',
  link: 'as the link',
}

export function axisWords(axis: string): string {
  return axes[axis] ?? axis
}
