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

/**
 * "at 8 to 12 conversations a replica", "from 8 … on", "with b300 and mi355x"; empty where it is met nowhere.
 * @param isWhole all points of the axis were tried
 */
export function regionWords({ axis, points }: ClaimCurve, isWhole = true): string {
  const met = points.filter(({ decided }) => decided === 'true').map(({ at }) => told(at))
  if (met.length === 0) return ''
  const name = axisWords(axis)
  if (points.length === 1 && met[0] === '') return 'yes'
  if (!points.every(({ at }) => /^[\d.]/.test(at))) {
    if (points.length === 1) return `with ${met[0]!}`
    return met.length === points.length ? `with every ${name} tried` : `with ${listed(met)}`
  }
  // What lies between points that a quick look left out is not said.
  if (!isWhole) return `at ${listed(met)} ${name}`
  if (points.length === 1) return `at ${met[0]!} ${name}`
  return stretchesOf(points)
    .map(({ from: first, to: last, openBelow, openAbove }) => {
      const [from, to] = [told(first), told(last)]
      if (openBelow && openAbove) return `over all that was tried, ${from} to ${to} ${name}`
      if (openAbove) return `from ${from} ${name} on`
      if (openBelow) return `up to ${to} ${name}`
      return from === to ? `at ${from} ${name}` : `at ${from} to ${to} ${name}`
    })
    .join(' and ')
}

/** Thousands are separated; sizes and names stand as they are. */
function told(at: string): string {
  return /^\d+$/.test(at) ? Number(at).toLocaleString('en-US') : at
}

function listed(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`
}

const axes: Readonly<Record<string, string>> = {
  'sessions-per-replica': 'conversations a replica',
  'max-context': 'tokens of context limit',
  context: 'tokens of context',
  dram: 'of host DRAM a GPU',
  gpu: 'GPU',
  slo: 'SLO',
}

export function axisWords(axis: string): string {
  return axes[axis] ?? axis
}
