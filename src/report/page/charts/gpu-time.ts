import { formatShare } from '../../../units.ts'
import { armNames } from '../../arms.ts'
import type { Report, ReportArm } from '../../report.ts'
import { armStyle } from '../arm-style.ts'
import type { Markup } from '../markup.ts'
import { type Segment, stackedBars } from './stacked-bars.ts'

/** Where GPU time went: work first, then waste, then what was left idle. */
export function gpuTimeChart(report: Report, label: string): Markup {
  const names = armNames(report)
  const rows = names.map((name) => ({
    name,
    textColour: armStyle(name, names).textColour,
    note: `busy ${formatShare(report.arms[name]!.busyShare)}`,
    segments: gpuTimeSegments(report.arms[name]!),
    ceiling: undefined,
  }))
  return stackedBars(label, 'share of GPU time', rows)
}

export function gpuTimeSegments({ gpuTimeShare }: ReportArm): Segment[] {
  return [
    { name: 'useful prefill', share: gpuTimeShare.usefulPrefill, colour: 'work-1' },
    { name: 'decode', share: gpuTimeShare.decode, colour: 'work-2' },
    { name: 'redundant prefill', share: gpuTimeShare.redundantPrefill, colour: 'waste' },
    { name: 'stalled', share: gpuTimeShare.stalled, colour: 'waste-2' },
    { name: 'starved', share: gpuTimeShare.starved, colour: 'idle' },
  ]
}
