import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { html, type Markup, trusted } from '../markup.ts'

/** Text in charts has one size, whatever the width: a chart is drawn once for wide and once for narrow pages. */
export const fontSize = 13

export interface ChartSize {
  readonly width: number
  readonly narrow: boolean
}

const wide: ChartSize = { width: 720, narrow: false }
const narrow: ChartSize = { width: 340, narrow: true }

/** One chart in both sizes; the style sheet shows the one that fits. `label` is what a screen reader says. */
export function responsiveChart(label: string, options: (size: ChartSize) => Plot.PlotOptions): Markup {
  const draw = (size: ChartSize): Markup => drawChart(label, { width: size.width, ...options(size) })
  return html`<div class="wide">${draw(wide)}</div><div class="narrow">${draw(narrow)}</div>`
}

/** A chart that needs no JavaScript: SVG in the page's own colours. */
export function drawChart(label: string, options: Plot.PlotOptions): Markup {
  const { document } = parseHTML('<html></html>')
  const figure: Element = Plot.plot({
    document,
    className: 'plot',
    style: { fontSize: `${fontSize}px` },
    ...options,
  })
  compact(figure)
  // linkedom leaves "<" in attributes as it is; the page's own template does not.
  const svg = html`<svg role="img" aria-label="${label}" `.markup
  return trusted(figure.outerHTML.replace('<svg ', () => svg))
}

/** Plot's own style sheet is replaced by the page's, its names of groups help nobody; a hundredth of a pixel is enough. */
function compact(figure: Element): void {
  for (const style of figure.querySelectorAll('style')) style.remove()
  for (const element of [figure, ...figure.querySelectorAll('*')]) {
    for (const { name, value } of [...element.attributes]) {
      if (element.tagName.toLowerCase() === 'g' && name.startsWith('aria-')) element.removeAttribute(name)
      else if (longNumber.test(value)) element.setAttribute(name, value.replaceAll(longNumbers, rounded))
    }
  }
}

const longNumber = /\d\.\d{3}/
const longNumbers = /-?\d+\.\d{3,}/g

function rounded(number: string): string {
  return String(Number(Number(number).toFixed(2)))
}

/** Width of text in px, estimated: digits and lower case of system fonts. */
export function textWidth(text: string, bold = false): number {
  return text.length * (bold ? 7.5 : 7)
}

/** Room for names in bold to the left of a chart, px. */
export function nameMargin(names: readonly string[]): number {
  return Math.min(220, 20 + Math.max(92, ...names.map((name) => textWidth(name, true))))
}

/** Moves labels apart so that none covers another: y in px, sorted result in the order given. */
export function apart(ys: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = ys.map((_, i) => i).sort((a, b) => ys[a]! - ys[b]!)
  const placed = order.map((i) => ys[i]!)
  for (let i = 1; i < placed.length; i++) placed[i] = Math.max(placed[i]!, placed[i - 1]! + gap)
  let limit = bottom
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.max(Math.min(placed[i]!, limit), top)
    limit = placed[i]! - gap
  }
  const result = new Array<number>(ys.length)
  order.forEach((i, position) => {
    result[i] = placed[position]!
  })
  return result
}

/** A small title in a corner of the frame. */
export function note(text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([text], { text: (title: string) => title, textAnchor: 'start', fill: 'var(--muted)', ...options })
}
