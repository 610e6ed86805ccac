import { formatBytes, formatNumber, formatShare } from '../../../units.ts'
import { clockText, timeTicks } from '../charts/happened/time-axis.ts'
import { apart } from '../charts/plot.ts'
import { html, type Markup, trusted } from '../markup.ts'
import { chartTips } from './chart-tips.ts'
import { timelineView } from './timeline-view.ts'
import { createTip } from './tip.ts'

/** The script of a page with charts: their tooltips. */
export const chartScript = scriptOf([createTip, chartTips], 'chartTips(createTip())')

/** The script of a report: tooltips, and a closer look at what happened. */
export const reportScript = scriptOf(
  [formatNumber, formatBytes, formatShare, timeTicks, clockText, apart, createTip, chartTips, timelineView],
  `const tip = createTip()
chartTips(tip)
timelineView(tip, { timeTicks, clockText, formatShare, formatBytes, apart })`,
)

/**
 * The text of functions that run in the page, and the call that starts them. What a function uses lies beside it in its own
 * file or is given to it: the names of imports are not its own, and would not be there.
 */
// biome-ignore lint/complexity/noBannedTypes: only the text of the functions is used
function scriptOf(functions: readonly Function[], start: string): Markup {
  return html`<script>${trusted(`(() => {\n${functions.map(String).join('\n')}\n${start}\n})()`)}</script>`
}
