import { type LaneSegment, laneParts } from '../../account/timeline/lane.ts'
import type { RecordedLane, RecordedMemory, RecordedTimeline } from '../../account/timeline/timeline-recorder.ts'
import type { ArmTimeline, Lane } from '../../report/report.ts'

/** Digits of the window's length that times keep. */
const timeDigits = 7
const byteDigits = 5

/** A timeline as it is published: columns of numbers that are as long as they need to be. */
export function timelineFigures(recorded: RecordedTimeline): ArmTimeline {
  const { windowMs, replicas, lanes, binMs, blockBytes, evictions, memories } = recorded
  const decimals = Math.min(6, Math.max(0, timeDigits - Math.ceil(Math.log10(Math.max(windowMs, 1e-3)))))
  const round = (ms: number): number => Number(ms.toFixed(decimals))
  const of = (name: RecordedMemory['name']) => memories.find((memory) => memory.name === name)
  const [hbm, dram, warehouse] = [of('hbm')!, of('dram'), of('warehouse')]
  return {
    windowMs: round(windowMs),
    replicas,
    lanes: lanes.map((lane) => laneFigures(lane, round)),
    binMs,
    blockBytes,
    evictions: [...evictions],
    memories: {
      hbm: memoryFigures(hbm),
      ...(dram && { dram: memoryFigures(dram) }),
      ...(warehouse && { warehouse: memoryFigures(warehouse) }),
    },
  }
}

function laneFigures({ segments, fetches, evictions }: RecordedLane, round: (ms: number) => number): Lane {
  const rounded = segments.map((segment) => roundedSegment(segment, round))
  const column = (part: keyof LaneSegment): number[] => rounded.map((segment) => segment[part])
  return {
    untilMs: column('endMs'),
    usefulPrefillMs: column('usefulPrefillMs'),
    redundantPrefillMs: column('redundantPrefillMs'),
    decodeMs: column('decodeMs'),
    stalledMs: column('stalledMs'),
    starvedMs: column('starvedMs'),
    steps: column('steps'),
    fetchFromMs: fetches.map(({ startMs }) => round(startMs)),
    fetchUntilMs: fetches.map(({ endMs }) => round(endMs)),
    fetches: fetches.map((span) => span.fetches),
    fetchedBytes: fetches.map(({ bytes }) => Number(bytes.toPrecision(byteDigits))),
    evictions: [...evictions],
  }
}

/** The largest part takes what rounding leaves, so that the parts still sum to the whole. */
function roundedSegment(segment: LaneSegment, round: (ms: number) => number): LaneSegment {
  const [startMs, endMs] = [round(segment.startMs), round(segment.endMs)]
  const [largest, ...others] = [...laneParts].sort((a, b) => segment[b] - segment[a])
  const parts = { ...segment, startMs, endMs }
  let leftMs = endMs - startMs
  for (const part of others) {
    parts[part] = Math.min(round(segment[part]), Math.max(0, leftMs))
    leftMs -= parts[part]
  }
  parts[largest!] = round(Math.max(0, leftMs))
  return parts
}

function memoryFigures({ heldBytes, pinnedBytes, capacityBytes }: RecordedMemory): ArmTimeline['memories']['hbm'] {
  const short = (bytes: number): number => Number(bytes.toPrecision(byteDigits))
  return {
    heldBytes: heldBytes.map(short),
    ...(pinnedBytes && { pinnedBytes: pinnedBytes.map(short) }),
    capacityBytes: Number.isFinite(capacityBytes) ? short(capacityBytes) : null,
  }
}
