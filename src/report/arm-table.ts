import { formatFigures, formatInterval, formatMs, formatRatio, formatShare } from '../units.ts'
import { boundNote } from './answer.ts'
import { armNames, baselineArm } from './arms.ts'
import type { Report, ReportArm } from './report.ts'

/** A row of the table of arms: a metric with its unit, and one cell an arm. */
export interface MetricRow {
  readonly metric: string
  readonly cells: readonly string[]
}

/** A cross-check of the multiplier, without an interval. */
export const minimaRow = '  by per-step minima'

/** Cell of a figure that does not exist for an arm. */
const none = '–'

/** The figures of every arm, arms as columns; the notes say why a cell is empty. */
export function metricRows(report: Report): MetricRow[] {
  const names = armNames(report)
  const row = (metric: string, cell: (arm: ReportArm, name: string) => string): MetricRow => ({
    metric,
    cells: names.map((name) => cell(report.arms[name]!, name)),
  })
  // A mock's times and rates are its own, not the target's.
  const mock = report.trust === 'catalogue' ? '' : ', mock time'
  return [
    row(`tokens per GPU-second${mock.slice(0, 6)}`, (arm) => formatFigures(arm.tokensPerGpuSecond)),
    ...multiplierRows(report, row),
    row('hit rate', (arm) => formatShare(arm.hitRate)),
    row('  its ceiling', (arm) => formatShare(arm.ceilingHitRate)),
    row('prompt: hit in HBM', (arm) => ofPrompt(arm, arm.hbmHitTokens)),
    row('  fetched', (arm) => ofPrompt(arm, arm.dramHitTokens + arm.warehouseHitTokens)),
    row('  computed first / again', (arm) =>
      pair(ofPrompt(arm, arm.firstTimeTokens), ofPrompt(arm, arm.redundantTokens)),
    ),
    row('redundant prefill overhead', (arm) => overheadCell(arm)),
    row('GPU busy', (arm) => formatShare(arm.busyShare)),
    row('  stalled / starved', (arm) => pair(formatShare(arm.stalledShare), formatShare(arm.starvedShare))),
    row(`TTFT p50 / p95${mock}`, ({ ttftMs }) => pair(time(ttftMs.p50), time(ttftMs.p95))),
    row(`TPOT p50${mock}`, ({ tpotMs }) => time(tpotMs.p50)),
  ]
}

function multiplierRows(
  report: Report,
  row: (metric: string, cell: (arm: ReportArm, name: string) => string) => MetricRow,
): MetricRow[] {
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
