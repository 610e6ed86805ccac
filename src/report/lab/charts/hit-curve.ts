import * as Plot from '@observablehq/plot'
import type { LabReport, LabResult } from '../../../lab/lab-report.ts'
import { formatCount } from '../../../units.ts'
import { logTicks } from '../../page/charts/log-scale.ts'
import { apart, type ChartSize, note, responsiveChart, textWidth } from '../../page/charts/plot.ts'
import type { Markup } from '../../page/markup.ts'
import { middleCapacity, rateText, resultsAt } from '../words.ts'

const top = 34
const plotHeight = 300
const bottom = 46
const gap = 16

/** Colours of the lines that are named; all others are thin and grey. */
const hues = ['warehouse', 'local-dram', 'infinite-cache', 'further-0', 'further-1']

interface Line {
  readonly policy: string
  readonly points: readonly LabResult[]
  readonly colour: string
  readonly textColour: string
  readonly dash: string | undefined
  readonly isNamed: boolean
}

/** Hit rate over capacity, a line a policy: the best ones, LRU and Belady by name. Infinite capacity is a rule on top. */
export function hitCurveChart(report: LabReport, label: string): Markup {
  return responsiveChart(label, (size) => hitCurve(report, size))
}

function hitCurve(report: LabReport, { width, narrow }: ChartSize): Plot.PlotOptions {
  const { capacities, infinite, lruCurve } = report
  const lines = linesOf(report, narrow ? 2 : 4)
  const named = lines.filter(({ isNamed }) => isNamed)
  const ceiling = infinite.anyBlockHitRate
  const domain = domainOf(capacities)
  const marginRight = 14 + Math.max(...named.map(({ policy }) => textWidth(policy, true)))
  const marginLeft = 44
  const mostRate = Math.max(ceiling, 0.01) * 1.08
  const labelY = apart(
    named.map(({ points }) => (1 - points.at(-1)!.anyBlockHitRate / mostRate) * plotHeight),
    gap,
    0,
    plotHeight,
  )
  const ticks = capacities.length <= (narrow ? 4 : 8) ? capacities : logTicks(domain, narrow)
  return {
    width,
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x: { type: 'log', domain },
    y: { domain: [0, mostRate] },
    marks: [
      Plot.gridY({ ticks: 5, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY({
        ticks: 5,
        tickSize: 0,
        label: null,
        tickFormat: (rate: number) => `${Math.round(100 * rate)}`,
        fill: 'var(--muted)',
      }),
      Plot.axisX([...ticks], {
        tickSize: 4,
        label: null,
        tickFormat: (blocks: number) => blocks.toLocaleString('en-US'),
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      note('hit rate of block references, any block, %', { frameAnchor: 'top-left', dx: -38, dy: -22 }),
      note('capacity, blocks', { frameAnchor: 'bottom-left', dy: 40 }),
      Plot.ruleY([ceiling], { stroke: 'currentColor', strokeDasharray: '2 3' }),
      note(`infinite capacity ${rateText(ceiling)}`, { y: () => ceiling, frameAnchor: 'left', dx: 4, dy: -8 }),
      Plot.line(lruCurve, {
        x: 'capacityBlocks',
        y: 'anyBlockHitRate',
        stroke: 'var(--hbm-only)',
        strokeWidth: 1.5,
        clip: true,
      }),
      ...lines.flatMap((line) => marksOf(line)),
      ...named.map(({ policy, textColour }, i) =>
        note(policy, {
          x: () => domain[1],
          frameAnchor: 'top',
          dy: labelY[i]!,
          lineAnchor: 'middle',
          dx: 8,
          fill: textColour,
          fontWeight: 650,
        }),
      ),
    ],
  }
}

function marksOf({ policy, points, colour, dash, isNamed }: Line): Plot.Markish[] {
  const tooltip = ({ capacityBlocks, anyBlockHitRate }: LabResult): string =>
    `${policy}, ${formatCount(capacityBlocks, 'block')}: ${rateText(anyBlockHitRate)}`
  const place = { x: 'capacityBlocks', y: 'anyBlockHitRate' } as const
  return [
    // LRU's line is the exact curve; here stand its dots alone.
    ...(policy === 'lru'
      ? []
      : [
          Plot.line(points, {
            ...place,
            stroke: colour,
            strokeWidth: isNamed ? 2 : 1,
            strokeOpacity: isNamed ? 1 : 0.55,
            ...(dash !== undefined && { strokeDasharray: dash }),
          }),
        ]),
    Plot.dot(points, {
      ...place,
      r: isNamed ? 3.5 : 2.5,
      fill: colour,
      fillOpacity: isNamed ? 1 : 0.55,
      title: tooltip,
    }),
  ]
}

/** Drawn last is on top: the named ones. */
function linesOf(report: LabReport, best: number): Line[] {
  const ranked = resultsAt(report, middleCapacity(report))
  const order = ranked.map(({ policy }) => policy)
  const winners = ranked
    .filter(({ policy, foresees }) => policy !== 'lru' && !foresees)
    .slice(0, best)
    .map(({ policy }) => policy)
  return order
    .map((policy): Line => {
      const points = report.results
        .filter((result) => result.policy === policy)
        .sort((a, b) => a.capacityBlocks - b.capacityBlocks)
      const place = winners.indexOf(policy)
      if (policy === 'belady')
        return { policy, points, colour: 'currentColor', textColour: 'currentColor', dash: '6 3', isNamed: true }
      if (policy === 'lru')
        return {
          policy,
          points,
          colour: 'var(--hbm-only)',
          textColour: 'var(--hbm-only-text)',
          dash: undefined,
          isNamed: true,
        }
      if (place === -1)
        return { policy, points, colour: 'var(--muted)', textColour: 'var(--muted)', dash: undefined, isNamed: false }
      return {
        policy,
        points,
        colour: `var(--${hues[place]!})`,
        textColour: `var(--${hues[place]!}-text)`,
        dash: undefined,
        isNamed: true,
      }
    })
    .sort((a, b) => Number(a.isNamed) - Number(b.isNamed))
}

function domainOf(capacities: readonly number[]): [number, number] {
  const least = Math.min(...capacities)
  const most = Math.max(...capacities)
  return least === most ? [least / 2, most * 2] : [least / 1.15, most * 1.15]
}
