import { formatFigures, formatInterval, formatMs, formatRatio, formatShare } from '../../units.ts'
import { armNames, baselineArm, hasOtherGpus } from '../arms.ts'
import type { Report, ReportArm } from '../report.ts'
import { boundNote } from '../words/ratio.ts'

/** A row of the table of arms: a metric with its unit, and one cell an arm. */
export interface MetricRow {
  readonly metric: string
  readonly cells: readonly string[]
  /** The terminal leaves it out where there is no room, the last one first. */
  readonly minor: boolean
}

/** A cross-check of the multiplier, without an interval. */
export const minimaRow = '  by per-step minima'

/** Cell of a figure that does not exist for an arm. */
const none = '–'

/** The figures of every arm, arms as columns; the notes say why a cell is empty. */
export function metricRows(report: Report): MetricRow[] {
  const names = armNames(report)
  const cellsOf = (cell: ArmCell): string[] => names.map((name) => cell(report.arms[name]!, name))
  const row: Row = (metric, cell) => ({ metric, cells: cellsOf(cell), minor: false })
  const minor: Row = (metric, cell) => ({ metric, cells: cellsOf(cell), minor: true })
  // A mock's times and rates are its own, not the target's.
  const mock = report.trust === 'catalogue' ? '' : ', mock time'
  return [
    row(`tokens per GPU-second${mock.slice(0, 6)}`, (arm) => formatFigures(arm.tokensPerGpuSecond)),
    ...totalRows(report, row),
    ...multiplierRows(report, row),
    row('hit rate / its ceiling', (arm) => pair(formatShare(arm.hitRate), formatShare(arm.ceilingHitRate))),
    minor('prompt computed first / again', (arm) =>
      pair(ofPrompt(arm, arm.firstTimeTokens), ofPrompt(arm, arm.redundantTokens)),
    ),
    minor('prompt hit in HBM', (arm) => ofPrompt(arm, arm.hbmHitTokens)),
    minor('prompt fetched', (arm) => ofPrompt(arm, arm.dramHitTokens + arm.warehouseHitTokens)),
    minor('redundant prefill overhead', (arm) => overheadCell(arm)),
    minor('GPU busy', (arm) => formatShare(arm.busyShare)),
    row('GPU stalled / starved', (arm) => pair(formatShare(arm.stalledShare), formatShare(arm.starvedShare))),
    row(`TTFT p50 / p95${mock}`, ({ ttftMs }) => pair(time(ttftMs.p50), time(ttftMs.p95))),
    row(`TPOT p50 / p95${mock}`, ({ tpotMs }) => pair(time(tpotMs.p50), time(tpotMs.p95))),
  ]
}

type ArmCell = (arm: ReportArm, name: string) => string
type Row = (metric: string, cell: ArmCell) => MetricRow

/** Where an arm has more GPUs, per GPU-second alone would hide what it does in all. */
function totalRows(report: Report, row: Row): MetricRow[] {
  if (!armNames(report).some((name) => hasOtherGpus(report, name))) return []
  return [
    row('  GPUs', ({ gpus }) => gpus.toLocaleString('en-US')),
    row('  tokens per second, all GPUs', ({ tokensPerSecond }) => formatFigures(tokensPerSecond)),
  ]
}

function multiplierRows(report: Report, row: Row): MetricRow[] {
  const entries = Object.values(report.multiplier)
  if (entries.length === 0) return []
  const rows = [row('multiplier', (_, name) => multiplierCell(report, name))]
  if (entries.some(({ low }) => low !== null)) {
    rows.push(row('  95 % interval, timing', (_, name) => intervalCell(report, name)))
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
