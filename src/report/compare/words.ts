import { fails } from '../../history/compare/comparison.ts'
import { formatCount } from '../../units.ts'
import { none, type ReportTable } from '../tables/report-table.ts'
import type { ComparedFigure, CompareReport, CompareTiming, TimedFigure } from './compare-report.ts'

type Comparison = CompareReport['comparisons'][number]

const named = 3

/** The answer in a sentence or two: what, how much, and what to do about it. */
export function compareSentence(report: CompareReport): string {
  const failed = ofAll(report, fails)
  const slower = timed(report).filter(({ verdict }) => verdict === 'regression')
  if (report.verdict === 'regression') {
    const reasons = [
      ...slower.map(({ name, changeRelative }) => `${name} time ${changeText(changeRelative)}`),
      ...failed.map(({ name, changeRelative, outcome }) =>
        changeRelative === null ? `${name} ${outcome}` : `${name} ${changeText(changeRelative)}`,
      ),
    ]
    return `Regression: ${formatCount(reasons.length, 'figure')} ${reasons.length === 1 ? 'fails' : 'fail'}: ${listed(reasons)}.`
  }
  if (report.verdict === 'inconclusive') return inconclusiveSentence(report)
  return [fineSentence(report), ...adviceSentence(report)].join(' ')
}

/** Figures of all comparisons; of several they say of which experiment they are. */
function ofAll({ comparisons }: CompareReport, asked: (figure: ComparedFigure) => boolean): ComparedFigure[] {
  return comparisons.flatMap(({ experiment, figures }) =>
    figures
      .filter(asked)
      .map((figure) => (comparisons.length === 1 ? figure : { ...figure, name: `${experiment}, ${figure.name}` })),
  )
}

function inconclusiveSentence(report: CompareReport): string {
  const noisy = timed(report)
    .filter(({ verdict }) => verdict === 'inconclusive')
    .map(
      ({ name, smallestFoundRelative }) => `${name}: only ${shareText(smallestFoundRelative)} or more would be found`,
    )
  return `Inconclusive, neither pass nor fail: this machine is too noisy to tell (${listed(noisy)}). Run it again when nothing else runs.`
}

function fineSentence(report: CompareReport): string {
  const gated = ofAll(report, ({ isGated }) => isGated)
  const better = gated.filter(({ outcome }) => outcome === 'better')
  const faster = timed(report).filter(({ high, thresholdRelative }) => high < -thresholdRelative / 2)
  const unchanged = gated.filter(({ outcome }) => outcome === 'unchanged').length
  const parts = [
    ...(timed(report).length > 0 ? ['no time got worse'] : []),
    ...(gated.length > 0 ? [`${unchanged} of ${formatCount(gated.length, 'deterministic figure')} unchanged`] : []),
    ...(gated.length === 0 && timed(report).length === 0 ? ['nothing that could be gated'] : []),
  ]
  const gained = [...better, ...faster].map(({ name, changeRelative }) => `${name} ${changeText(changeRelative ?? 0)}`)
  const update = gained.length === 0 ? '' : ` Better: ${listed(gained)}; update the base.`
  return `Fine: ${parts.join(', ')}.${update}`
}

function adviceSentence({ comparisons }: CompareReport): string[] {
  const advised = comparisons.flatMap(({ figures }) =>
    figures.filter(({ isGated, outcome }) => !isGated && outcome !== 'unchanged' && outcome !== 'new'),
  )
  return advised.length === 0 ? [] : [`${formatCount(advised.length, 'further difference')}: advice.`]
}

/** Figures that differ, those that fail first. */
export function changedFigures({ figures }: Comparison): ComparedFigure[] {
  const rank = (figure: ComparedFigure): number => (fails(figure) ? 0 : figure.isGated ? 1 : 2)
  return figures.filter(({ outcome }) => outcome !== 'unchanged').sort((a, b) => rank(a) - rank(b))
}

export function unchangedFigures({ figures }: Comparison): ComparedFigure[] {
  return figures.filter(({ outcome }) => outcome === 'unchanged')
}

export function figuresTable(title: string, figures: readonly ComparedFigure[]): ReportTable {
  return {
    title,
    head: ['figure', 'base', 'head', 'change', 'how sure', 'verdict'],
    rows: figures.map((figure) => [
      figure.name,
      valueText(figure.base, figure.unit),
      valueText(figure.head, figure.unit),
      figure.changeRelative === null ? none : changeText(figure.changeRelative),
      sureText(figure),
      outcomeText(figure),
    ]),
    wordsFrom: 4,
  }
}

export function timingTable(timing: CompareTiming): ReportTable {
  return {
    title: 'Times of head against base, slice by slice',
    head: ['time', 'change', '95 % interval', 'p slower', 'total', 'noise', 'finds', 'verdict'],
    rows: timing.figures.map((figure) => [
      figure.name,
      changeText(figure.changeRelative),
      `${changeText(figure.low)} to ${changeText(figure.high)}`,
      pText(figure.p),
      `${changeText(figure.totalChangeRelative)}${figure.warns ? ' !' : ''}`,
      `±${shareText(figure.noiseHalfWidthRelative)}`,
      shareText(figure.smallestFoundRelative),
      timedText(figure),
    ]),
    wordsFrom: 7,
  }
}

/** What the table of times says in words. */
export function timingNotes(timing: CompareTiming): string[] {
  const { noiseRounds, rounds, plansDiffer, figures } = timing
  const warned = figures.filter(({ warns }) => warns).map(({ name }) => name)
  return [
    `Noise: ${formatCount(noiseRounds, 'round')} of the base against itself, in two processes. Change: ${formatCount(rounds, 'round')} of 24 slices in turn, trimmed mean; what the screen flags is judged on as many fresh rounds, p after Holm. A regression is slower by more than 5 % and more than twice the noise, p < 0.01. "finds": the change that is found 19 times in 20.`,
    ...(plansDiffer
      ? ['The plans differ: times of prefill, decode and fetch are per prompt token, decoded token and byte.']
      : []),
    ...(warned.length === 0
      ? []
      : [
          `! The untrimmed total of ${listed(warned)} got worse: few slices, such as garbage collection or a tail. It fails nothing.`,
        ]),
  ]
}

export function changeText(change: number): string {
  const percent = 100 * change
  const digits = Math.abs(percent) < 0.1 && percent !== 0 ? 2 : undefined
  const text =
    digits === undefined
      ? Math.abs(percent).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
      : Number(Math.abs(percent).toPrecision(digits)).toString()
  return `${percent < 0 ? '−' : '+'}${text} %`
}

export function valueText(value: number | null, unit: string): string {
  if (value === null) return none
  if (unit === 'bytes' && Math.abs(value) >= 1e6)
    return `${(value / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 6 })} MB`
  const number = value.toLocaleString('en-US', { maximumSignificantDigits: 6 })
  return unit === '' || unit === '×' ? `${number}${unit}` : `${number} ${unit === 'bytes' ? 'B' : unit}`
}

function sureText({ kind, p, attainableP, isGated }: ComparedFigure): string {
  if (kind === 'deterministic') return isGated ? 'exact' : 'other inputs'
  if (p === null) return 'one run each'
  return `p ${pText(p)}, least ${pText(attainableP!)}`
}

function outcomeText(figure: ComparedFigure): string {
  const { outcome, isGated } = figure
  if (outcome === 'new' || outcome === 'unchanged') return outcome
  if (fails(figure)) return outcome === 'worse' ? 'regression' : `${outcome}, fails`
  return isGated ? outcome : `${outcome}, advice`
}

function timedText({ verdict, isFlagged }: TimedFigure): string {
  if (verdict !== 'fine') return verdict
  return isFlagged ? 'fine, not confirmed' : 'fine'
}

function pText(p: number): string {
  return p < 0.001 ? '<0.001' : p.toLocaleString('en-US', { maximumSignificantDigits: 2 })
}

function shareText(share: number): string {
  return `${(100 * share).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`
}

function timed({ timing }: CompareReport): readonly TimedFigure[] {
  return timing?.figures ?? []
}

function listed(items: readonly string[]): string {
  const shown = items.slice(0, named)
  return items.length > named ? `${shown.join('; ')} and ${items.length - named} more` : shown.join('; ')
}
