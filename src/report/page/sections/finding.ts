import { formatCount } from '../../../units.ts'
import type { Report } from '../../report.ts'
import { hasMeasuredPoints } from '../../words/measured-points.ts'
import { html, type Markup } from '../markup.ts'

/** A chart with the finding as its title, what it was drawn from, and the table behind it. */
export function finding(id: string, title: string, chart: Markup, note: string, behind: Markup): Markup {
  return html`<section id="${id}"><h2>${title}</h2>
<figure>${chart}</figure><p class="source">${note}</p>${behind}</section>
`
}

/** What the figures of the run were drawn from. */
export function runSource(report: Report): string {
  const { setup, window, trust, partial, plannedWindow, measuredDraws } = report
  const how = {
    tensors: 'Measured with real tensors',
    fitted: 'Cost model fitted to this machine',
    catalogue: hasMeasuredPoints(report) ? 'Planned, rates from measured points' : 'Planned, catalogue’s cost model',
  }[trust]
  const draws = formatCount(trust === 'catalogue' ? plannedWindow.draws : Math.max(1, measuredDraws.length), 'draw')
  const done = partial ? 'interrupted before all were done' : draws
  return `${how}: ${formatCount(window.requests, 'request')} in the windows of ${done}, ${setup.router}`
}

/** What planned figures were drawn from. @param requests in the window of each plan; null: the whole trace */
export function planSource({ requests, seeds }: { requests: number | null; seeds: number }): string {
  const each = requests === null ? 'all requests of the trace' : `at least ${formatCount(requests, 'request')}`
  return `Planned, ${each} a point, ${formatCount(seeds, 'draw')}`
}
