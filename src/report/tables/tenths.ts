import { formatBytes, formatShare } from '../../units.ts'
import { inArmOrder } from '../arms.ts'
import type { ArmTimeline, Lane, Timeline } from '../report.ts'
import { spanText } from '../words/span.ts'
import type { ReportTable } from './report-table.ts'

const tenths = Array.from({ length: 10 }, (_, i) => i)

/** The timeline in tenths of each arm's window: as much of it as can be read out. */
export function tenthsOf(timeline: Timeline): Readonly<Record<'lanes' | 'hbm' | 'below', ReportTable>> {
  const names = inArmOrder(Object.keys(timeline))
  const head = ['', ...tenths.map((tenth) => `${(tenth + 1) * 10} %`)]
  const memory = (name: 'hbm' | 'dram' | 'warehouse', cell: (bytes: number, capacityBytes: number | null) => string) =>
    names.flatMap((arm) => {
      const one = timeline[arm]!.memories[name]
      if (one === undefined) return []
      const values = one.pinnedBytes ?? one.heldBytes
      const label = name === 'hbm' ? arm : `${arm}, ${name === 'dram' ? 'DRAM' : name}`
      return [[label, ...tenths.map((tenth) => cell(atEndOf(timeline[arm]!, values, tenth), one.capacityBytes))]]
    })
  return {
    lanes: {
      title: 'Where GPU time went in each tenth of the window',
      head: ['arm, until', 'useful prefill', 'decode', 'redundant prefill', 'stalled', 'starved', 'fetched', 'evicted'],
      rows: names.flatMap((arm) => tenths.map((tenth) => laneRow(arm, timeline[arm]!, tenth))),
    },
    hbm: {
      title: 'HBM held by requests and transfers at the end of each tenth of the window',
      head,
      rows: memory('hbm', (bytes, capacityBytes) =>
        capacityBytes === null ? formatBytes(bytes) : formatShare(bytes / capacityBytes),
      ),
    },
    below: {
      title: 'Held below HBM at the end of each tenth of the window',
      head,
      rows: [...memory('dram', formatBytes), ...memory('warehouse', formatBytes)],
    },
  }
}

function laneRow(name: string, arm: ArmTimeline, tenth: number): string[] {
  const { windowMs, lanes, binMs, blockBytes } = arm
  const [fromMs, untilMs] = [(windowMs * tenth) / 10, (windowMs * (tenth + 1)) / 10]
  const share = (key: 'usefulPrefillMs' | 'decodeMs' | 'redundantPrefillMs' | 'stalledMs' | 'starvedMs'): string =>
    formatShare(
      lanes.reduce((sum, lane) => sum + partBetween(lane, key, fromMs, untilMs), 0) / (lanes.length * (windowMs / 10)),
    )
  const isInside = (ms: number): boolean => ms >= fromMs && (ms < untilMs || tenth === 9)
  const fetched = lanes.flatMap(({ fetchFromMs, fetchedBytes }) =>
    fetchedBytes.filter((_, i) => isInside(fetchFromMs[i]!)),
  )
  const evicted = lanes.flatMap(({ evictions }) => evictions.filter((_, bin) => isInside((bin + 0.5) * binMs)))
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return [
    `${name}, ${spanText(untilMs)}`,
    share('usefulPrefillMs'),
    share('decodeMs'),
    share('redundantPrefillMs'),
    share('stalledMs'),
    share('starvedMs'),
    formatBytes(sum(fetched)),
    formatBytes(sum(evicted) * blockBytes),
  ]
}

/** Of each segment as much as lies between the two instants. */
function partBetween(
  lane: Lane,
  key: 'usefulPrefillMs' | 'decodeMs' | 'redundantPrefillMs' | 'stalledMs' | 'starvedMs',
  fromMs: number,
  untilMs: number,
): number {
  return lane.untilMs.reduce((sum, endMs, i) => {
    const startMs = i === 0 ? 0 : lane.untilMs[i - 1]!
    const inside = Math.min(endMs, untilMs) - Math.max(startMs, fromMs)
    return inside > 0 ? sum + (lane[key][i]! * inside) / (endMs - startMs) : sum
  }, 0)
}

function atEndOf({ binMs, windowMs }: ArmTimeline, values: readonly number[], tenth: number): number {
  const bin = Math.ceil((windowMs * (tenth + 1)) / 10 / binMs) - 1
  return values[Math.min(values.length - 1, Math.max(0, bin))] ?? 0
}
