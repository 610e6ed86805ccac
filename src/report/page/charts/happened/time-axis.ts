import { html, type Markup } from '../../markup.ts'

/** A time on the axis of a chart, with the share of the axis at which it stands. */
export interface TimeTick {
  readonly at: number
  readonly label: string
}

/**
 * Round times between two instants, in the unit that the length of the axis asks for. It runs in the page, too: it may use
 * nothing from outside.
 * @param most ticks that there is room for
 */
export function timeTicks(fromMs: number, untilMs: number, most: number): TimeTick[] {
  const units: [name: string, ms: number][] = [
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
    ['µs', 0.001],
  ]
  const lengthMs = untilMs - fromMs
  const [name, unitMs] = units.find(([, ms]) => lengthMs >= 2 * ms) ?? units.at(-1)!
  const raw = lengthMs / unitMs / most
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= raw)!
  const ticks: TimeTick[] = []
  for (let i = Math.ceil(fromMs / unitMs / step - 1e-6); i * step * unitMs <= untilMs + 1e-6 * lengthMs; i++) {
    const value = Number((i * step).toPrecision(9))
    ticks.push({ at: (i * step * unitMs - fromMs) / lengthMs, label: `${value.toLocaleString('en-US')} ${name}` })
  }
  return ticks
}

/** A time on an axis of this length, to a thousandth of it. It runs in the page, too. */
export function clockText(ms: number, lengthMs: number): string {
  const units: [name: string, ms: number][] = [
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
    ['µs', 0.001],
  ]
  const [name, unitMs] = units.find(([, unit]) => lengthMs >= 2 * unit) ?? units.at(-1)!
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(lengthMs / unitMs / 1000))))
  return `${(ms / unitMs).toLocaleString('en-US', { maximumFractionDigits: digits })} ${name}`
}

/** The axis beneath a chart; the page's script draws it anew when the chart is zoomed. */
export function timeAxis(longestMs: number): Markup {
  return html`<div class="row"><span></span><div class="time-axis" aria-hidden="true">${timeTicks(0, longestMs, 5).map(tickMark)}</div></div>`
}

function tickMark({ at, label }: TimeTick): Markup {
  const percent = (at * 100).toFixed(2)
  return html`<i style="left:${percent}%"></i><span style="left:${percent}%;transform:translateX(-${percent}%)">${label}</span>`
}
