import { formatFigures, formatInterval, formatMs, formatRatio, formatShare } from '../../units.ts'
import { armNames, baselineArm, hasOtherGpus } from '../arms.ts'
import type { Report, ReportArm } from '../report.ts'
import { boundNote } from '../words/ratio.ts'

/** A row of the table of arms: a metric with its unit, and one cell an arm. */
export interface MetricRow {
  readonly metric: string
  readonly cells: readonly string[]
  /** The terminal leaves the highest rank out first where there is no room; 0 stays. */
  readonly rank: number
}

/** A cross-check of the multiplier, without an interval. */
export const minimaRow = '  by per-step minima'

/** Cell of a figure that does not exist for an arm. */
const none = '–'

/** The figures of every arm, arms as columns; the notes say why a cell is empty. */
export function metricRows(report: Report): MetricRow[] {
  const names = armNames(report)
  const cellsOf = (cell: ArmCell): string[] => names.map((name) => cell(report.arms[name]!, name))
  const row: Row = (metric, cell, rank = 0) => ({ metric, cells: cellsOf(cell), rank })
  // A mock's times are its own, not the target's.
  const mock = report.trust === 'catalogue' ? '' : ', mock time'
  return [
    row(`tokens per GPU-second${measuredWords(report)}`, (arm) => formatFigures(arm.tokensPerGpuSecond)),
    ...totalRows(report, row),
    ...multiplierRows(report, row),
    row('hit rate / its ceiling', (arm) => pair(formatShare(arm.hitRate), formatShare(arm.ceilingHitRate)), 1),
    row(
      'prompt computed first / again',
      (arm) => pair(ofPrompt(arm, arm.firstTimeTokens), ofPrompt(arm, arm.redundantTokens)),
      7,
    ),
    row('prompt hit in HBM', (arm) => ofPrompt(arm, arm.hbmHitTokens), 8),
    row('prompt fetched', (arm) => ofPrompt(arm, arm.dramHitTokens + arm.warehouseHitTokens), 9),
    row('redundant prefill overhead', (arm) => overheadCell(arm), 10),
    row('GPU busy', (arm) => formatShare(arm.busyShare), 11),
    row('GPU stalled / starved', (arm) => pair(formatShare(arm.stalledShare), formatShare(arm.starvedShare)), 4),
    row(`TTFT p50 / p95${mock}`, ({ ttftMs }) => pair(time(ttftMs.p50), time(ttftMs.p95)), 2),
    row(`TPOT p50 / p95${mock}`, ({ tpotMs }) => pair(time(tpotMs.p50), time(tpotMs.p95)), 3),
  ]
}

/** A mock's rate, in its own short windows: the answer is of the long run. */
function measuredWords({ trust }: Report): string {
  return trust === 'tensors' ? ', measured' : trust === 'fitted' ? ', mock' : ''
}

type ArmCell = (arm: ReportArm, name: string) => string
type Row = (metric: string, cell: ArmCell, rank?: number) => MetricRow

/** Where an arm has more GPUs, per GPU-second alone would hide what it does in all. */
function totalRows(report: Report, row: Row): MetricRow[] {
  if (!armNames(report).some((name) => hasOtherGpus(report, name))) return []
  return [
    row('  GPUs', ({ gpus }) => gpus.toLocaleString('en-US'), 6),
    row('  tokens per second, all GPUs', ({ tokensPerSecond }) => formatFigures(tokensPerSecond), 5),
  ]
}

function multiplierRows(report: Report, row: Row): MetricRow[] {
  const entries = Object.values(report.multiplier)
  if (entries.length === 0) return []
  const rows = [row('multiplier', (_, name) => multiplierCell(report, name))]
  if (entries.some(({ low }) => low !== null)) {
    rows.push(row('  95 % interval', (_, name) => intervalCell(report, name)))
  }
  if (entries.some((entry) => entry.minimaRatio !== null)) {
    rows.push(row(minimaRow, (_, name) => minimaCell(report, name)))
  }
  if (entries.some(({ bound }) => bound !== 'exact')) {
    rows.push(row('  to be read as', (_, name) => boundNote(report.multiplier[name]?.bound ?? 'exact') || none))
  }
  return rows
}

function multiplierCell({ multiplier }: Report, name: string): string {
  const figure = multiplier[name]
  if (name === baselineArm) return 'the baseline'
  return figure === undefined || !Number.isFinite(figure.value) ? none : formatRatio(figure.value)
}

function intervalCell({ multiplier }: Report, name: string): string {
  const { low, high } = multiplier[name] ?? { low: null, high: null }
  return low === null || high === null ? none : formatInterval(low, high)
}

function minimaCell({ multiplier }: Report, name: string): string {
  const ratio = multiplier[name]?.minimaRatio ?? null
  return ratio === null ? none : formatRatio(ratio)
}

/** Without any busy time but redundant prefill there is no ratio. */
export function overheadCell({ redundantPrefillOverhead }: ReportArm): string {
  return Number.isFinite(redundantPrefillOverhead) ? formatShare(redundantPrefillOverhead) : none
}

/** Times in the window need an event in it. */
function time(ms: number | null): string {
  return ms === null ? none : formatMs(ms)
}

function ofPrompt(arm: ReportArm, tokens: number): string {
  return arm.promptTokens === 0 ? none : formatShare(tokens / arm.promptTokens)
}

/** Two figures in one cell; a shared unit is written once. */
function pair(a: string, b: string): string {
  const unit = / [^ ]+$/.exec(a)?.[0]
  return unit !== undefined && b.endsWith(unit) ? `${a.slice(0, -unit.length)} / ${b}` : `${a} / ${b}`
}
