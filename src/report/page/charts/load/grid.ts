import { html, type Markup } from '../../markup.ts'
import { drawChart, responsiveChart } from '../plot.ts'
import { type LoadPanel, loadPanel } from './panel.ts'

/** Width of a panel that stands beside others. */
const panelWidth = 348

/** Small multiples side by side; one alone takes the whole width. */
export function panelGrid(panels: readonly LoadPanel[], label: string): Markup {
  if (panels.length === 1) return responsiveChart(label, ({ width }) => loadPanel(panels[0]!, width))
  const drawn = panels.map(
    (panel) =>
      html`<div data-chart="${panel.title}">${drawChart(`${label}: ${panel.title}`, loadPanel(panel, panelWidth))}</div>`,
  )
  return html`<div class="panels">${drawn}</div>`
}
