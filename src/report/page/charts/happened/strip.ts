import type * as Plot from '@observablehq/plot'
import { type Markup, trusted } from '../../markup.ts'
import { drawChart } from '../plot.ts'

/** Width of a strip in its own units: fine enough to be looked at through a glass. */
export const stripWidth = 10_000

/**
 * Marks over time without text, which stretch to the width there is: one drawing for wide and narrow pages, and zooming is a
 * change of its view box.
 */
export function drawStrip(label: string, longestMs: number, height: number, marks: Plot.Markish[]): Markup {
  const { markup } = drawChart(label, {
    width: stripWidth,
    height,
    margin: 0,
    axis: null,
    x: { type: 'linear', domain: [0, longestMs], range: [0, stripWidth] },
    y: { type: 'linear', domain: [0, height], range: [0, height] },
    marks,
  })
  return trusted(markup.replace('<svg ', '<svg preserveAspectRatio="none" '))
}
