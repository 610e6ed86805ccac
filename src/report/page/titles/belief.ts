import { formatNumber, formatRatio, formatShare } from '../../../units.ts'
import { inArmOrder } from '../../arms.ts'
import type { Report, ScaleComparison } from '../../report.ts'
import { agrees, mismatchCell } from '../../words/scale.ts'

export function scaleTitle({ scaleModel }: Report): string {
  const close = scaleModel.filter(agrees)
  const off = scaleModel.filter((row) => !agrees(row))
  const count = `${close.length} of ${scaleModel.length} ratios of the mock are met within 10 %, or within their limit`
  if (off.length === 0) return count
  const furthest = off.reduce((worst, row) => (Math.abs(row.mismatch) > Math.abs(worst.mismatch) ? row : worst))
  return `${count}; the furthest off is ${furthest.ratio} (${mismatchCell(furthest)})`
}

export function controlsTitle({ controls }: Report): string {
  const failed = controls.filter(({ passed }) => !passed).length
  const count = formatNumber(controls.length)
  return failed === 0 ? `All ${count} controls came out as expected` : `${failed} of ${count} controls failed`
}

/** Whether what was measured on the mock is what is planned for the target. */
export function comparisonTitle({ arms, agrees, reasons }: ScaleComparison): string {
  const worst = inArmOrder(Object.keys(arms)).reduce<string | undefined>(
    (most, name) =>
      most === undefined || Math.abs(arms[name]!.difference) > Math.abs(arms[most]!.difference) ? name : most,
    undefined,
  )
  if (worst === undefined) return 'Mock and target'
  const { mock, target, difference } = arms[worst]!
  const furthest = `${worst} ${formatRatio(mock)} on the mock, ${formatRatio(target)} on the target`
  const by = formatShare(Math.abs(difference))
  if (agrees) return `Mock and target agree within 15 %; the furthest apart is ${furthest}, by ${by}`
  const why = reasons.length === 0 ? 'and no ratio explains it' : 'for the ratios that are off'
  return `Mock and target differ by ${by}, ${why}: ${furthest}`
}
