import * as Plot from '@observablehq/plot'
import { formatMs } from '../../../units.ts'
import type { BreakEven } from '../../report.ts'
import { lengthWords } from '../../tables/origin.ts'
import type { Markup } from '../markup.ts'
import { logTicks } from './log-scale.ts'
import { apart, type ChartSize, responsiveChart, textWidth } from './plot.ts'

type CurvePoint = BreakEven['curve'][number]

const top = 34
const plotHeight = 230
const bottom = 46
const marginLeft = 56

/** Time of a fetch and of a recompute over the length of the context, both axes logarithmic; where they cross is labelled. */
export function breakEvenChart(breakEven: BreakEven, label: string): Markup {
  return responsiveChart(label, (size) => curves(breakEven, size))
}

/** A curve needs two points with times, and a time of 0 has no place on a log axis. */
export function drawnPoints({ curve }: BreakEven): CurvePoint[] {
  const points = curve.filter(
    ({ contextTokens, fetchMs, recomputeMs }) => contextTokens > 0 && fetchMs > 0 && recomputeMs > 0,
  )
  return points.length < 2 ? [] : points
}

function curves(breakEven: BreakEven, { width, narrow }: ChartSize): Plot.PlotOptions {
  const points = drawnPoints(breakEven)
  const marginRight = textWidth('recompute', true) + 16
  const times = points.flatMap(({ fetchMs, recomputeMs }) => [fetchMs, recomputeMs])
  const xDomain: [number, number] = [points[0]!.contextTokens, points.at(-1)!.contextTokens]
  const yDomain: [number, number] = [Math.min(...times) / 1.2, Math.max(...times) * 1.2]
  return {
    height: top + plotHeight + bottom,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: bottom,
    x: { type: 'log', domain: xDomain },
    y: { type: 'log', domain: yDomain },
    marks: [
      Plot.gridY(logTicks(yDomain, true), { stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY(logTicks(yDomain, true), {
        text: (tick: number) => formatMs(tick),
        tickSize: 0,
        label: null,
        fill: 'var(--muted)',
      }),
      Plot.axisX(logTicks(xDomain, narrow), {
        text: tickWords,
        tickSize: 4,
        label: null,
        fill: 'var(--muted)',
        stroke: 'var(--line)',
      }),
      corner('time, log scale', { dy: -20, dx: -marginLeft, frameAnchor: 'top-left' }),
      corner('context, tokens, log scale', { dy: 40, frameAnchor: 'bottom-left' }),
      line(points, 'recomputeMs', 'var(--hbm-only)', '6 3'),
      line(points, 'fetchMs', 'var(--warehouse)', undefined),
      ...endLabels(points, yDomain),
      ...crossing(breakEven, xDomain, width - marginLeft - marginRight),
    ],
  }
}

function line(
  points: readonly CurvePoint[],
  y: 'fetchMs' | 'recomputeMs',
  stroke: string,
  dash: string | undefined,
): Plot.Markish {
  return Plot.line(points, {
    x: 'contextTokens',
    y,
    stroke,
    strokeWidth: 2.5,
    ...(dash !== undefined && { strokeDasharray: dash }),
    tip: false,
  })
}

function endLabels(points: readonly CurvePoint[], [low, high]: readonly [number, number]): Plot.Markish[] {
  const last = points.at(-1)!
  const px = (ms: number): number => (1 - Math.log(ms / low) / Math.log(high / low)) * plotHeight
  const ys = apart([px(last.fetchMs), px(last.recomputeMs)], 16, 0, plotHeight)
  const label = (text: string, i: number, fill: string): Plot.Markish =>
    Plot.text([text], {
      x: () => last.contextTokens,
      y: () => low * (high / low) ** (1 - ys[i]! / plotHeight),
      text: (name: string) => name,
      textAnchor: 'start',
      dx: 8,
      fill,
      fontWeight: 650,
    })
  return [label('fetch', 0, 'var(--warehouse-text)'), label('recompute', 1, 'var(--hbm-only-text)')]
}

function crossing(
  { contextTokens }: BreakEven,
  [low, high]: readonly [number, number],
  innerWidth: number,
): Plot.Markish[] {
  if (typeof contextTokens === 'string' || contextTokens < low || contextTokens > high) return []
  const at = (Math.log(contextTokens / low) / Math.log(high / low)) * innerWidth
  const isRight = at > innerWidth / 2
  // Left of the crossing both lines lie low, right of it high.
  return [
    Plot.ruleX([contextTokens], { stroke: 'currentColor', strokeDasharray: '3 3' }),
    Plot.text([`break-even at ${lengthWords(contextTokens)}`], {
      x: contextTokens,
      text: (text: string) => text,
      frameAnchor: isRight ? 'top' : 'bottom',
      textAnchor: isRight ? 'end' : 'start',
      dx: isRight ? -6 : 6,
      dy: isRight ? 8 : -8,
      fill: 'currentColor',
      stroke: 'var(--paper)',
      strokeWidth: 4,
    }),
  ]
}

function tickWords(tokens: number): string {
  if (tokens >= 1e6) return `${tokens / 1e6}M`
  return tokens >= 1000 ? `${tokens / 1000}k` : String(tokens)
}

function corner(text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([text], { text: (title: string) => title, textAnchor: 'start', fill: 'var(--muted)', ...options })
}
