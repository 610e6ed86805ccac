import { formatShare } from '../../../units.ts'
import { armNames, ceilingArm } from '../../arms.ts'
import type { Report, ReportArm } from '../../report.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { type Segment, stackedBars } from './stacked-bars.ts'

/**
 * Where prompt tokens came from. What is computed again stands before what is computed for the first time, so that the
 * ceiling lies between the two.
 */
export function promptTokensChart(report: Report, label: string): Markup {
  const names = armNames(report).filter((name) => report.arms[name]!.promptTokens > 0)
  const rows = names.map((name) => {
    const arm = report.arms[name]!
    return {
      name,
      textColour: armStyle(name, names).textColour,
      note: `hit rate ${formatShare(arm.hitRate)}, ceiling ${formatShare(arm.ceilingHitRate)}`,
      segments: promptSegments(arm, name),
      ceiling: arm.ceilingHitRate,
    }
  })
  return stackedBars(label, 'share of prompt tokens; the mark is the ceiling', rows)
}

/** @param arm its figures @param name of the arm: the ceiling's cache is no warehouse */
export function promptSegments(arm: ReportArm, name: string): Segment[] {
  const of = (label: string, tokens: number, colour: string): Segment => ({
    name: label,
    share: tokens / arm.promptTokens,
    colour,
  })
  return [
    of('HBM hit', arm.hbmHitTokens, 'hbm-only'),
    of('DRAM hit', arm.dramHitTokens, 'local-dram'),
    of(name === ceilingArm ? 'cache hit' : 'warehouse hit', arm.warehouseHitTokens, 'warehouse'),
    of('computed again', arm.redundantTokens, 'waste'),
    of('first time', arm.firstTimeTokens, 'work-2'),
  ]
}
