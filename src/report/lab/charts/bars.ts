import * as Plot from '@observablehq/plot'
import type { LabReport, LabResult } from '../../../lab/lab-report.ts'
import { type ChartSize, nameMargin, responsiveChart } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { headroomText, rateText, resultsAt } from '../words.ts'

const rowHeight = 24
const top = 26
const bottom = 30

/** Policies at one size, the best first; the ceiling as a rule. */
export function policyBarsChart(report: LabReport, capacityBlocks: number, label: string): Markup {
  return responsiveChart(label, (size) => policyBars(report, capacityBlocks, size))
}

function policyBars(report: LabReport, capacityBlocks: number, { width, narrow }: ChartSize): Plot.PlotOptions {
  const rows = resultsAt(report, capacityBlocks)
  const ceiling = report.infinite.anyBlockHitRate
  const name = ({ policy }: LabResult): string => policy
  return {
    width,
    height: top + rows.length * rowHeight + bottom,
    marginLeft: nameMargin(rows.map(name)),
    marginRight: 110,
    marginTop: top,
    marginBottom: bottom,
    x: { domain: [0, Math.max(ceiling, 0.01)] },
    y: { domain: rows.map(name), padding: 0.25 },
    marks: [
      Plot.axisY({ tickSize: 0, label: null, fill: 'currentColor', fontWeight: 600 }),
      Plot.axisX({
        ticks: narrow ? 2 : 5,
        tickSize: 0,
        label: null,
        tickFormat: (rate: number) => `${Math.round(100 * rate)} %`,
        fill: 'var(--muted)',
      }),
      Plot.barX(rows, {
        x: 'anyBlockHitRate',
        y: name,
        fill: (row: LabResult) => colourOf(row),
        title: (row: LabResult) => `${row.policy}: ${rateText(row.anyBlockHitRate)} of block references`,
      }),
      Plot.ruleX([ceiling], { stroke: 'currentColor', strokeDasharray: '2 3' }),
      Plot.text(rows, {
        x: 'anyBlockHitRate',
        y: name,
        text: (row: LabResult) => `${rateText(row.anyBlockHitRate)}  ${headroomText(row)}`.trimEnd(),
        textAnchor: 'start',
        dx: 6,
        fill: 'currentColor',
        stroke: 'var(--paper)',
        strokeWidth: 4,
      }),
      Plot.text([`infinite ${rateText(ceiling)}`], {
        x: () => ceiling,
        frameAnchor: 'top',
        dy: -14,
        text: (text: string) => text,
        textAnchor: 'end',
        fill: 'var(--muted)',
      }),
    ],
  }
}

function colourOf({ policy, foresees }: LabResult): string {
  if (policy === 'lru') return 'var(--hbm-only)'
  return foresees ? 'var(--work-2)' : 'var(--warehouse)'
}
