import { formatNumber, formatShare } from '../../units.ts'
import type { Report } from '../report.ts'
import { hasMeasuredPoints } from './measured-points.ts'
import { idleRequests } from './validation.ts'

export type ScaleRow = Report['scaleModel'][number]

export function agrees({ met }: ScaleRow): boolean {
  return met
}

/** "+12.0 %"; without a number where the target has none. */
export function mismatchCell({ mismatch }: ScaleRow): string {
  if (!Number.isFinite(mismatch)) return 'the target’s is 0'
  return `${mismatch < 0 ? '−' : '+'}${formatShare(Math.abs(mismatch))}`
}

/** A ratio's mismatch in plain words, with the reason for it. */
export function mismatchWords(row: ScaleRow): string {
  if (agrees(row)) return Math.abs(row.mismatch) <= closeRatio ? 'agrees' : 'within its limit'
  return row.reason === '' ? sizeWords(row) : `${sizeWords(row)}: ${row.reason}`
}

const closeRatio = 0.1

function sizeWords({ mismatch, target, mock }: ScaleRow): string {
  if (!Number.isFinite(mismatch)) return 'cannot be compared'
  if (mock > 2 * target) return `${formatNumber(mock / target)} times as large on the mock`
  if (mock > 0 && target > 2 * mock) return `${formatNumber(target / mock)} times as large on the target`
  return mismatch > 0 ? 'larger on the mock' : 'smaller on the mock'
}

/** How far the cost model and the plan were from what was measured. */
export function modelErrors(report: Report): string[] {
  const { fitErrorRelative, planErrorRelative } = report.costModel
  const fit =
    fitErrorRelative === null
      ? modelWords(report)
      : `The fitted cost model is off by ${formatShare(fitErrorRelative)} from the steps that calibrated it (median).`
  const plan =
    planErrorRelative === null
      ? 'No arm was measured, so the plan has no error to show.'
      : `The planned time is off by ${formatShare(Math.abs(planErrorRelative))} from the measured one (worst arm).`
  return [fit, plan]
}

function modelWords(report: Report): string {
  if (hasMeasuredPoints(report))
    return 'The rates of the cost model are fitted to measured points, not taken from the catalogue.'
  return report.validation === undefined
    ? 'The cost model is the catalogue’s; it was not fitted to this machine, so it has no error of fit.'
    : `The cost model is the catalogue’s; its error is that against published measurements of ${idleRequests}.`
}

/** The range in which a control must fall; the upper end of one that only bounds from below is not told. */
export function expectedWords({ low, high }: Report['controls'][number]): string {
  return high >= 100 ? `at least ${low.toFixed(3)}` : `${low.toFixed(3)} to ${high.toFixed(3)}`
}
