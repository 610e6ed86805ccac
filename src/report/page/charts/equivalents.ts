import * as Plot from '@observablehq/plot'
import { formatNumber, formatRatio } from '../../../units.ts'
import { armNames, baselineArm, ceilingArm, hasOtherGpus, headlineArm } from '../../arms.ts'
import { againstStrongest, bestOf } from '../../headline.ts'
import type { Report } from '../../report.ts'
import { boundNote, fabricNote } from '../../words/ratio.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { clearOf, type Label, labelBeneath, labelBeside, type Room } from './labels.ts'
import { type ChartSize, nameMargin, responsiveChart } from './plot.ts'

/** An arm in GPUs, before anything has a place. */
interface ArmFigures {
  readonly name: string
  readonly colour: string
  readonly textColour: string
  readonly gpus: number
  readonly low: number | null
  readonly high: number | null
  readonly exact: boolean
  readonly text: string
  readonly notes: readonly string[]
  /** Other readings of the same multiplier, each on a line of its own beneath the dot. */
  readonly others: readonly OtherReading[]
}

interface OtherReading {
  readonly gpus: number
  readonly text: string
  readonly symbol: 'diamond' | 'square'
  readonly colour: string
}

interface Row extends ArmFigures {
  /** Middle of the row, px. */
  readonly y: number
  readonly labels: readonly Label[]
  readonly placed: readonly (OtherReading & { readonly y: number; readonly label: Label })[]
  readonly bottom: number
}

const top = 30
const axisHeight = 46
const marginRight = 14
const lineHeight = 18

/** One dot an arm with its interval, on an axis that starts at 0; the ceiling is a labelled limit. */
export function equivalentsChart(report: Report, label: string): Markup {
  return responsiveChart(label, (size) => equivalents(report, size))
}

function equivalents(report: Report, { width, narrow }: ChartSize): Plot.PlotOptions {
  const figures = figuresOf(report, narrow)
  const marginLeft = narrow ? 6 : nameMargin(figures.map(({ name }) => name))
  const innerWidth = width - marginLeft - marginRight
  const most = 1.08 * Math.max(100, ...figures.flatMap(gpusDrawn))
  const px = (gpus: number): number => (gpus / most) * innerWidth
  const ceiling = ceilingOf(report)
  const room: Room = { width: innerWidth, line: ceiling === undefined ? undefined : px(ceiling) }
  const rows = placed(figures, px, room, narrow)
  const bottom = rows.at(-1)!.bottom + 2
  return {
    height: bottom + axisHeight,
    marginLeft,
    marginRight,
    marginTop: top,
    marginBottom: axisHeight,
    x: { domain: [0, most], type: 'linear' },
    y: { domain: [top, bottom], range: [top, bottom], type: 'linear', axis: null },
    marks: [
      Plot.gridX({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: narrow ? 4 : 8 }),
      Plot.axisX({ ticks: narrow ? 4 : 8, tickSize: 0, label: null, fill: 'var(--muted)' }),
      Plot.ruleX([0], { stroke: 'var(--line)' }),
      Plot.text(['GPUs of the baseline that 100 GPUs are worth'], {
        x: 0,
        y: bottom,
        dy: 36,
        text: (title: string) => title,
        textAnchor: 'start',
        fill: 'var(--muted)',
      }),
      ...ceilingMarks(ceiling, rows, px, bottom, innerWidth),
      Plot.ruleY(
        rows.filter(({ low }) => low !== null),
        { x1: 'low', x2: 'high', y: 'y', stroke: 'colour', strokeWidth: 3 },
      ),
      Plot.dot(rows, {
        x: 'gpus',
        y: 'y',
        r: 6,
        fill: (row: Row) => (row.exact ? row.colour : 'var(--paper)'),
        stroke: 'colour',
        strokeWidth: 2,
        title: (row: Row) => `${row.name}: ${[row.text, ...row.notes].join(', ')}`,
      }),
      ...labelMarks(
        rows.flatMap(({ labels }) => labels),
        most / innerWidth,
        'currentColor',
      ),
      Plot.text(rows, {
        x: 0,
        y: (row: Row) => row.y - (narrow ? 20 : 0),
        text: 'name',
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 4 : -12,
        fill: 'textColour',
        fontWeight: 650,
        stroke: 'var(--paper)',
        strokeWidth: 4,
      }),
      ...otherMarks(
        rows.flatMap(({ placed }) => placed),
        most / innerWidth,
      ),
    ],
  }
}

function gpusDrawn({ gpus, high, others }: ArmFigures): number[] {
  return [gpus, high ?? 0, ...others.map((other) => other.gpus)]
}

function figuresOf(report: Report, narrow: boolean): ArmFigures[] {
  const names = armNames(report)
  return names
    .filter((name) => name === baselineArm || Number.isFinite(report.multiplier[name]?.value))
    .map((name) => {
      const { colour, textColour } = armStyle(name, names)
      const { value, low, high, bound } = report.multiplier[name] ?? { value: 1, low: null, high: null, bound: 'exact' }
      const interval = low === null || high === null ? '' : ` (${formatNumber(low * 100)}–${formatNumber(high * 100)})`
      const notes = [...inAll(report, name), boundNote(bound), fabricNote(report, name)]
      return {
        name,
        colour,
        textColour,
        gpus: value * 100,
        low: low === null ? null : low * 100,
        high: high === null ? null : high * 100,
        exact: bound === 'exact',
        text: `${formatNumber(value * 100)}${interval}`,
        notes: name === baselineArm ? ['the baseline'] : notes.filter((note) => note !== ''),
        others: otherReadings(report, name, colour, narrow),
      }
    })
}

/** "8 GPUs in all 1.92×": an arm with more GPUs is more than its figure per GPU. */
function inAll({ arms, ...report }: Report, name: string): string[] {
  const baseline = arms[baselineArm]
  if (baseline === undefined || !hasOtherGpus({ ...report, arms }, name) || baseline.tokensPerSecond <= 0) return []
  const { gpus, tokensPerSecond } = arms[name]!
  return [`${gpus} GPUs in all ${formatRatio(tokensPerSecond / baseline.tokensPerSecond)}`]
}

/** Planned, and so hollow: a diamond for best against best, a square for the strongest free baseline. */
function otherReadings(report: Report, name: string, colour: string, narrow: boolean): OtherReading[] {
  if (name === baselineArm) return []
  const planned = narrow ? '' : ', planned'
  const best = bestOf(report, name)?.value
  const against = name === headlineArm(report) ? againstStrongest(report, name) : undefined
  const strongest = against?.bound === 'exact' ? against.value : undefined
  const readings: OtherReading[] = []
  if (best !== undefined) {
    const text = `${formatNumber(best * 100)} each at its best load${planned}`
    readings.push({ gpus: best * 100, text, symbol: 'diamond', colour })
  }
  if (strongest !== undefined) {
    const text = `${formatNumber(strongest * 100)} against the strongest${narrow ? '' : ' free baseline'}${planned}`
    readings.push({ gpus: strongest * 100, text, symbol: 'square', colour })
  }
  return readings
}

/** From top to bottom; what has no room beside its mark gets a line of its own beneath it. */
function placed(figures: readonly ArmFigures[], px: (gpus: number) => number, room: Room, narrow: boolean): Row[] {
  let y = top + (narrow ? 30 : 18)
  return figures.map((arm) => {
    const at = { low: px(arm.low ?? arm.gpus), high: px(arm.high ?? arm.gpus), y }
    const beside = labelBeside([arm.text, ...arm.notes].join(', '), at, room)
    const labels = beside === undefined ? twoLines(arm, at, room) : [beside]
    let next = labels.at(-1)!.y
    const others = arm.others.map((other) => {
      const mark = { low: px(other.gpus), high: px(other.gpus), y: next + lineHeight + (next === y ? 2 : 0) }
      const label = labelBeside(other.text, mark, room) ?? labelBeneath(other.text, mark.low, mark.y + 16, room)
      next = label.y
      return { ...other, y: mark.y, label }
    })
    const row: Row = { ...arm, y, labels, placed: others, bottom: next + 18 }
    y = next + (narrow ? 48 : 36)
    return row
  })
}

function twoLines({ text, notes }: ArmFigures, at: { low: number; high: number; y: number }, room: Room): Label[] {
  const first = labelBeside(text, at, room) ?? labelBeneath(text, at.low, at.y, room)
  const second = notes.length === 0 ? [] : [labelBeneath(notes.join(', '), at.low, at.y + lineHeight, room)]
  return [first, ...second]
}

/** A ceiling that ran out of requests is a bound of its own, and no limit for others. */
function ceilingOf({ multiplier }: Report): number | undefined {
  const ceiling = multiplier[ceilingArm]
  if (ceiling === undefined || !Number.isFinite(ceiling.value) || ceiling.bound !== 'exact') return undefined
  return ceiling.value * 100
}

/** A line that leaves out what a label covers: nothing strikes through a text. */
function ceilingMarks(
  ceiling: number | undefined,
  rows: readonly Row[],
  px: (gpus: number) => number,
  bottom: number,
  innerWidth: number,
): Plot.Markish[] {
  if (ceiling === undefined) return []
  const labels = rows.flatMap((row) => [...row.labels, ...row.placed.map(({ label }) => label)])
  return [
    Plot.ruleX(clearOf(labels, px(ceiling), top - 8, bottom), {
      x: () => ceiling,
      y1: ([from]: [number, number]) => from,
      y2: ([, to]: [number, number]) => to,
      stroke: 'var(--infinite-cache)',
      strokeDasharray: '6 4',
      strokeWidth: 1.5,
    }),
    Plot.text([`ceiling at this load ${formatNumber(ceiling)}`], {
      x: ceiling,
      y: top - 18,
      text: (text: string) => text,
      textAnchor: px(ceiling) > 0.55 * innerWidth ? 'end' : 'start',
      fill: 'var(--infinite-cache-text)',
    }),
  ]
}

function labelMarks(labels: readonly Label[], gpusPerPx: number, fill: string): Plot.Markish[] {
  return (['start', 'end'] as const).map((anchor) =>
    Plot.text(
      labels.filter((label) => label.anchor === anchor),
      {
        x: (label: Label) => label.x * gpusPerPx,
        y: 'y',
        text: 'text',
        textAnchor: anchor,
        fill,
        stroke: 'var(--paper)',
        strokeWidth: 4,
      },
    ),
  )
}

function otherMarks(others: Row['placed'], gpusPerPx: number): Plot.Markish[] {
  return [
    Plot.dot(others, {
      x: 'gpus',
      y: 'y',
      symbol: (other: OtherReading) => other.symbol,
      r: 4.5,
      stroke: 'colour',
      fill: 'var(--paper)',
    }),
    ...labelMarks(
      others.map(({ label }) => label),
      gpusPerPx,
      'var(--muted)',
    ),
  ]
}
