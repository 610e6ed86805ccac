import { machineOf } from '../../history/level-changes.ts'
import { commitText, type HistoryRecord } from '../../history/record.ts'
import type { ExperimentTrend, TrendMark, TrendPoint, TrendSeries } from '../../history/trend-series.ts'
import { formatCount } from '../../units.ts'
import { changeText, valueText } from '../compare/words.ts'
import { none, type ReportTable } from '../tables/report-table.ts'
import type { TrendReport } from './trend-report.ts'

/** A change of a figure, with where it was found. */
export interface FoundChange {
  readonly experiment: string
  readonly series: TrendSeries
  readonly mark: TrendMark
}

/** The answer of the page in a sentence. */
export function trendSentence(report: TrendReport): string {
  const records = report.experiments.reduce((sum, { records: own }) => sum + own.length, 0)
  const among = `${formatCount(records, 'record')} of ${formatCount(report.experiments.length, 'experiment')}`
  const changes = foundChanges(report)
  const open = changes.filter(({ series }) => series.isHeadline)
  if (changes.length === 0) return `No figure left its level in ${among}${shortHistory(report)}.`
  const headline = open.length === 0 ? 'none of them a headline figure' : `${open.length} of a headline figure`
  return `${formatCount(changes.length, 'change')} in ${among}, ${headline}.`
}

function shortHistory({ experiments }: TrendReport): string {
  const measured = experiments.flatMap(({ series }) => series.filter(({ kind }) => kind === 'measured'))
  const short = measured.filter(({ pointsMissing }) => pointsMissing > 0).length
  return short === 0
    ? ''
    : `; ${formatCount(short, 'measured figure')} ${short === 1 ? 'has' : 'have'} too few points for a verdict`
}

/** Changes of all figures, the newest first. */
export function foundChanges({ experiments }: TrendReport): FoundChange[] {
  return experiments
    .flatMap(({ experiment, series }) =>
      series.flatMap((one) =>
        one.marks.filter(({ reason }) => reason !== 'new machine').map((mark) => ({ experiment, series: one, mark })),
      ),
    )
    .sort((a, b) => b.mark.after.date.localeCompare(a.mark.after.date))
}

export function changesTable(changes: readonly FoundChange[]): ReportTable {
  return {
    title: 'What changed',
    head: ['figure', 'experiment', 'since', 'change', 'found by', 'compare'],
    rows: changes.map(({ experiment, series, mark }) => [
      series.name,
      experiment,
      `${dateText(mark.after)}, ${commitText(mark.after)}`,
      `${mark.stepRelative === null ? 'from 0' : changeText(mark.stepRelative)}${directionText(series, mark)}`,
      mark.reason === 'changed' ? 'same inputs, other value' : 'its level, by CUSUM',
      compareHint(mark),
    ]),
  }
}

function directionText({ better }: TrendSeries, { stepRelative }: TrendMark): string {
  if (better === 'neither' || stepRelative === null) return ''
  return stepRelative > 0 === (better === 'higher') ? ', better' : ', worse'
}

/** Which two commits to hold against each other. */
function compareHint({ before, after }: TrendMark): string {
  if (before.commit === null || after.commit === null) return 'no commit is known'
  if (before.commit.hash === after.commit.hash) return 'one commit: look at the machine'
  return `${shortHash(before.commit)} with ${shortHash(after.commit)}`
}

/** How two commits are compared, with those of a change as the example. */
export function compareCommand(changes: readonly FoundChange[]): string {
  const { before, after } = changes.find(({ mark }) => compareHint(mark).includes(' with '))?.mark ?? {}
  if (!before?.commit || !after?.commit) return ''
  const [base, head] = [shortHash(before.commit), shortHash(after.commit)]
  return `git worktree add ../${base} ${base} && git worktree add ../${head} ${head} && memwall compare --base-dir ../${base} --head-dir ../${head}`
}

function shortHash({ hash }: { readonly hash: string }): string {
  return hash.slice(0, 9)
}

/** What is said under the chart of a figure. */
export function seriesNotes(series: TrendSeries): string[] {
  const marks = series.marks.filter(({ reason }) => reason !== 'new machine')
  const told = marks.map((mark) => {
    const step = mark.stepRelative === null ? 'changed from 0' : changeText(mark.stepRelative)
    return `${dateText(mark.after)}, ${commitText(mark.after)}: ${step}${directionText(series, mark)}.`
  })
  return [...told, ...verdictNote(series, marks.length)]
}

function verdictNote({ kind, pointsMissing }: TrendSeries, marks: number): string[] {
  if (kind === 'deterministic') return []
  if (pointsMissing === 0) return marks === 0 ? ['No change of level.'] : []
  const since = marks === 0 ? '' : ' since the last change'
  return [`No verdict${since} yet: ${formatCount(pointsMissing, 'point')} more are needed, 16 in all.`]
}

/** Records of a figure, the newest first. */
export function pointsTable(series: TrendSeries, machines: readonly Machine[]): ReportTable {
  const shown = [...series.points].reverse().slice(0, mostRows)
  const older = series.points.length - shown.length
  return {
    title: older === 0 ? 'All records' : `The last ${mostRows} of ${series.points.length} records`,
    head: ['record', 'commit', series.name, '95 % interval', 'machine'],
    rows: shown.map((point) => [
      dateText(point.record),
      commitText(point.record),
      valueText(point.figure.value, series.unit),
      intervalText(point),
      machines.find(({ fingerprint }) => fingerprint === machineOf(point))!.name,
    ]),
  }
}

const mostRows = 60

function intervalText({ figure: { low, high, unit } }: TrendPoint): string {
  return low === null || high === null ? none : `${valueText(low, unit)} to ${valueText(high, unit)}`
}

/** "2026-11-29 17:39". */
export function dateText({ date }: HistoryRecord): string {
  return date.slice(0, 16).replace('T', ' ')
}

/** A machine that records come from, with a short name. */
export interface Machine {
  readonly fingerprint: string
  readonly name: string
  readonly text: string
}

/** Machines by their first record: A, B, C. */
export function machinesOf({ records }: ExperimentTrend): Machine[] {
  const prints = [...new Set(records.map(({ environment }) => environment.fingerprint!))]
  return prints.map((fingerprint, i) => {
    const { environment } = records.find((record) => record.environment.fingerprint === fingerprint)!
    const { cpu = 'unknown CPU', cores = '?', system = '', node = '?' } = environment
    return { fingerprint, name: nameOf(i), text: `${cpu}, ${cores} cores, ${system}, Node ${node.split('.')[0]!}` }
  })
}

function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `${index + 1}`
}
