import type { Threshold } from '../../../claims/result.ts'
import { html, type Markup } from '../../page/markup.ts'
import { mustLine } from '../words/must.ts'

const width = 120
const height = 14
const edge = 2

/** What was tried as a line, with the part of it where the claim holds drawn heavy. */
export function rangeBar(threshold: Threshold): Markup {
  const { from, to } = threshold
  const isLog = from > 0 && to / from > 10
  const place = (value: number): number => {
    const share = isLog ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from)
    return (
      Math.round((edge + (width - 2 * edge) * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))) * 10) / 10
    )
  }
  const [start, end] = holding(threshold)
  const held =
    start === undefined || end === undefined
      ? html``
      : html`<line x1="${place(start)}" x2="${place(end)}" y1="7" y2="7" stroke="var(--warehouse)" stroke-width="6"/>`
  const limits = [start, end].filter((value) => value !== undefined && value !== from && value !== to)
  return html`<svg class="range" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${mustLine(threshold)}"><line x1="${edge}" x2="${width - edge}" y1="7" y2="7" stroke="var(--line)" stroke-width="3"/>${held}${limits.map(
    (value) =>
      html`<line x1="${place(value!)}" x2="${place(value!)}" y1="1" y2="13" stroke="currentColor" stroke-width="2"/>`,
  )}</svg>`
}

function holding({ outcome, direction, value, upper, from, to }: Threshold): [number?, number?] {
  if (outcome === 'always') return [from, to]
  if (outcome === 'never' || value === null) return []
  if (direction === 'between') return [value, upper ?? to]
  return direction === 'atMost' ? [from, value] : [value, to]
}
