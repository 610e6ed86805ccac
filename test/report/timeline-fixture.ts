import type { ArmTimeline, Lane, Timeline } from '../../src/report/report.ts'

const bins = 40
const hbmBytes = 2e11

/** Four arms on two of six GPUs: the baseline takes longest, computes again and evicts. */
export function timelineFixture(): Timeline {
  return {
    'hbm-only': armFixture(38_200, 0.66, {}),
    'local-dram': armFixture(15_000, 0.05, { dram: memoryFixture(4e11, 5e11) }),
    warehouse: armFixture(12_100, 0, { warehouse: memoryFixture(9e11, null) }),
    'infinite-cache': { ...armFixture(11_800, 0, { warehouse: memoryFixture(9.2e11, null) }) },
  }
}

function armFixture(
  windowMs: number,
  againShare: number,
  below: Pick<ArmTimeline['memories'], 'dram' | 'warehouse'>,
): ArmTimeline {
  const evictions = Array.from({ length: bins }, (_, bin) => 10 + (bin % 7) * 20)
  const fetches = Object.keys(below).length > 0
  return {
    windowMs,
    replicas: 6,
    lanes: [0, 1].map((i) => laneFixture(windowMs, againShare, i, fetches)),
    binMs: windowMs / bins,
    blockBytes: 5e6,
    evictions,
    memories: {
      hbm: {
        heldBytes: evictions.map(() => 0.995 * hbmBytes),
        pinnedBytes: evictions.map((_, bin) => hbmBytes * (0.4 + 0.1 * (bin % 5))),
        capacityBytes: hbmBytes,
      },
      ...below,
    },
  }
}

function laneFixture(windowMs: number, againShare: number, i: number, isFetching: boolean): Lane {
  const segments = 60
  const lengthMs = windowMs / segments
  const of = (part: (segment: number) => number): number[] =>
    Array.from({ length: segments }, (_, at) => part(at) * lengthMs)
  const isStarved = (at: number): boolean => (at + i) % 15 === 14
  const again = (at: number): number => (isStarved(at) ? 0 : againShare * (at % 3 === 0 ? 1 : 0.9))
  const useful = (at: number): number => (isStarved(at) ? 0 : 0.2)
  const stretches = isFetching ? Array.from({ length: 20 }, (_, at) => (at * windowMs) / 20) : []
  return {
    untilMs: of((at) => at + 1),
    usefulPrefillMs: of(useful),
    redundantPrefillMs: of(again),
    decodeMs: of((at) => (isStarved(at) ? 0 : 1 - useful(at) - again(at) - 0.03)),
    stalledMs: of((at) => (isStarved(at) ? 0 : 0.03)),
    starvedMs: of((at) => (isStarved(at) ? 1 : 0)),
    steps: Array.from({ length: segments }, (_, at) => (isStarved(at) ? 0 : 20 + at)),
    fetchFromMs: stretches,
    fetchUntilMs: stretches.map((ms) => ms + windowMs / 60),
    fetches: stretches.map(() => 3),
    fetchedBytes: stretches.map(() => 4e9),
    evictions: Array.from({ length: bins }, (_, bin) => 5 + (bin % 7) * 10),
  }
}

function memoryFixture(most: number, capacityBytes: number | null): ArmTimeline['memories']['hbm'] {
  const heldBytes = Array.from({ length: bins }, (_, bin) => most * (0.5 + bin / (2 * bins)))
  return { heldBytes, capacityBytes }
}
