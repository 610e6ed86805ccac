import * as Plot from '@observablehq/plot'
import { formatRatio, formatShare } from '../../../units.ts'
import { armPhrase, baselineArm } from '../../arms.ts'
import type { Attribution } from '../../report.ts'
import { attributionSteps, isNoise } from '../../tables/origin.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { type ChartSize, responsiveChart, textWidth } from './plot.ts'

interface Row {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly kind: 'end' | 'step'
  readonly colour: string
  readonly textColour: string
  readonly text: string
  /** Middle of the row, px. */
  readonly y: number
}

type Side = 'left' | 'right' | 'inside'

const top = 8
const barHeight = 18
const axisHeight = 46

/** Steps from the baseline to the arm on a log axis, where a factor is a length: gains first, then losses. */
export function attributionChart(attribution: Attribution, label: string): Markup {
  return responsiveChart(label, (size) => waterfall(attribution, size))
}

function waterfall(attribution: Attribution, { width, narrow }: ChartSize): Plot.PlotOptions {
  const rowHeight = narrow ? 48 : 32
  const rows = rowsOf(attribution, rowHeight, narrow)
  const marginLeft = narrow ? 8 : 168
  const marginRight = 14
  const [low, high] = domainOf(rows)
  const innerWidth = width - marginLeft - marginRight
  const bottom = rows.at(-1)!.y + rowHeight / 2 + 4
  const x = (value: number): number => (Math.log(value / low) / Math.log(high / low)) * innerWidth
  const sideOf = (row: Row): Side => {
    const needed = textWidth(row.text) + 14
    if (x(Math.max(row.from, row.to)) + needed <= innerWidth) return 'right'
    return x(Math.min(row.from, row.to)) - needed >= 0 ? 'left' : 'inside'
  }
  const ticks = ticksOf(low, high, innerWidth)
  return {
    height: bottom + axisHeight,
    marginLeft,
    marginRight,
    marginTop: 0,
    marginBottom: axisHeight,
    x: { type: 'log', domain: [low, high] },
    y: { domain: [0, bottom], range: [0, bottom], type: 'linear', axis: null },
    marks: [
      Plot.gridX(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisX(ticks, {
        text: (tick: number) => `${tick}×`,
        tickSize: 0,
        label: null,
        fill: 'var(--muted)',
      }),
      // In a narrow chart names stand above their bars, and no line goes through them.
      ...(narrow ? rows : rows.slice(0, 1)).map(({ y }) =>
        Plot.ruleX([1], {
          stroke: 'var(--muted)',
          y1: narrow ? y - barHeight / 2 - 1 : top,
          y2: narrow ? y + barHeight / 2 + 1 : bottom,
        }),
      ),
      Plot.text(['multiplier reached, log scale'], {
        y: () => bottom,
        dy: 36,
        text: (text: string) => text,
        frameAnchor: 'left',
        textAnchor: 'start',
        fill: 'var(--muted)',
      }),
      ...connectors(rows),
      ...barMarks(rows),
      ...(['right', 'left', 'inside'] as const).map((side) =>
        valueMarks(
          rows.filter((row) => sideOf(row) === side),
          side,
        ),
      ),
      ...(['end', 'step'] as const).map((kind) =>
        Plot.text(
          rows.filter((row) => row.kind === kind),
          {
            y: (row: Row) => row.y - (narrow ? barHeight / 2 + 10 : 0),
            text: 'name',
            frameAnchor: 'left',
            textAnchor: narrow ? 'start' : 'end',
            dx: narrow ? 2 : -10,
            fill: 'textColour',
            fontWeight: kind === 'end' ? 650 : 400,
            stroke: 'var(--paper)',
            strokeWidth: 4,
          },
        ),
      ),
    ],
  }
}

function rowsOf(attribution: Attribution, rowHeight: number, narrow: boolean): Row[] {
  const { arm, tokensPerGpuSecond: rates } = attribution
  const steps = attributionSteps(attribution)
  const end = (name: string, style: string, value: number, text: string): Omit<Row, 'y'> => {
    const { colour, textColour } = armStyle(style, [style])
    return { name, from: value, to: value, kind: 'end', colour, textColour, text }
  }
  const step = (one: (typeof steps)[number]): Omit<Row, 'y'> => {
    const { name, factor, from, to } = one
    return {
      name,
      from,
      to,
      kind: 'step',
      colour: factor >= 1 && !isNoise(one) ? 'var(--warehouse)' : 'var(--work-2)',
      textColour: 'currentColor',
      text: isNoise(one) ? `${factorWords(factor)} (noise)` : factorWords(factor),
    }
  }
  const rows = [
    end(armPhrase(baselineArm), baselineArm, 1, `${formatRatio(1)}, the baseline`),
    ...steps.slice(0, 2).map(step),
    end('both, free of charge', 'infinite-cache', rates.both / rates.none, formatRatio(rates.both / rates.none)),
    ...steps.slice(2).map(step),
    end(armPhrase(arm), arm, rates.real / rates.none, formatRatio(rates.real / rates.none)),
  ]
  return rows.map((row, i) => ({ ...row, y: top + rowHeight * (i + (narrow ? 0.7 : 0.5)) }))
}

/** "× 2.40"; a loss as what it takes away, too. */
function factorWords(factor: number): string {
  if (factor >= 0.9995) return `× ${formatRatio(factor).slice(0, -1)}`
  return `× ${formatRatio(factor).slice(0, -1)} (−${formatShare(1 - factor)})`
}

function domainOf(rows: readonly Row[]): [number, number] {
  const values = rows.flatMap(({ from, to }) => [from, to]).filter((value) => value > 0)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = Math.max(1.05, (high / low) ** 0.06)
  return [low / room, Math.max(high * room, (low / room) * 1.3)]
}

function ticksOf(low: number, high: number, innerWidth: number): number[] {
  const candidates =
    high / low < 1.8
      ? [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5]
      : [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50]
  const shown: number[] = []
  for (const tick of candidates.filter((tick) => tick >= low && tick <= high)) {
    const before = shown.at(-1)
    if (before === undefined || (Math.log(tick / before) / Math.log(high / low)) * innerWidth > 44) shown.push(tick)
  }
  return shown
}

/** From where a step ends to where the next one starts. */
function connectors(rows: readonly Row[]): Plot.Markish[] {
  return rows.slice(1).map((row, i) =>
    Plot.ruleX([row], {
      x: () => row.from,
      y1: () => rows[i]!.y,
      y2: () => row.y,
      stroke: 'var(--muted)',
      strokeWidth: 1,
    }),
  )
}

function barMarks(rows: readonly Row[]): Plot.Markish[] {
  return [
    Plot.rect(
      rows.filter(({ kind }) => kind === 'step'),
      {
        x1: 'from',
        x2: 'to',
        y1: (row: Row) => row.y - barHeight / 2,
        y2: (row: Row) => row.y + barHeight / 2,
        fill: 'colour',
        title: (row: Row) => `${row.name} ${row.text}`,
      },
    ),
    Plot.dot(
      rows.filter(({ kind }) => kind === 'end'),
      { x: 'to', y: 'y', r: 6, fill: 'colour', title: (row: Row) => `${row.name}: ${row.text}` },
    ),
  ]
}

/** The value beside its bar on the side where there is room, or on a bar that leaves none. */
function valueMarks(rows: readonly Row[], side: Side): Plot.Markish {
  const isLeft = side === 'left'
  return Plot.text(rows, {
    x: (row: Row) => (isLeft ? Math.min(row.from, row.to) : Math.max(row.from, row.to)),
    y: 'y',
    text: 'text',
    textAnchor: side === 'right' ? 'start' : 'end',
    dx: side === 'right' ? 10 : -10,
    ...(side === 'inside'
      ? { fill: (row: Row) => row.colour.replace(')', '-on)') }
      : { fill: 'currentColor', stroke: 'var(--paper)', strokeWidth: 4 }),
  })
}
