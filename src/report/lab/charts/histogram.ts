import * as Plot from '@observablehq/plot'
import type { HistogramBin } from '../../../lab/lab-report.ts'
import { logTicks } from '../../page/charts/log-scale.ts'
import { type ChartSize, note, responsiveChart } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { rateText } from '../words.ts'

/** Shares of references over a log axis. @param axis what lies along it, with the unit */
export function histogramChart(bins: readonly HistogramBin[], axis: string, label: string): Markup {
  return responsiveChart(label, (size) => histogram(bins, axis, size))
}

function histogram(bins: readonly HistogramBin[], axis: string, { width, narrow }: ChartSize): Plot.PlotOptions {
  const domain: [number, number] = [bins[0]!.from, bins.at(-1)!.to]
  const most = Math.max(...bins.map(({ share }) => share))
  return {
    width,
    height: 230,
    marginLeft: 40,
    marginRight: 14,
    marginTop: 30,
    marginBottom: 44,
    x: { type: 'log', domain },
    y: { domain: [0, most * 1.05] },
    marks: [
      Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY({
        ticks: 4,
        tickSize: 0,
        label: null,
        tickFormat: (share: number) => String(Math.round(1000 * share) / 10),
        fill: 'var(--muted)',
      }),
      Plot.axisX(logTicks(domain, narrow), {
        tickSize: 4,
        label: null,
        tickFormat: (value: number) => value.toLocaleString('en-US'),
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      Plot.rect(bins, {
        x1: 'from',
        x2: 'to',
        y1: 0,
        y2: 'share',
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: 'var(--warehouse)',
        title: ({ from, to, share }: HistogramBin) =>
          `${round(from)} to ${round(to)}: ${rateText(share)} of references`,
      }),
      note('share of block references, %', { frameAnchor: 'top-left', dx: -34, dy: -20 }),
      note(axis, { frameAnchor: 'bottom-left', dy: 38 }),
    ],
  }
}

function round(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US')
}
