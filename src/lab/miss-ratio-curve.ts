import type { LabReport } from './lab-report.ts'

const points = 160

/**
 * LRU's hit rate at every size from one pass: a memory of C blocks hits what lies less than C distinct blocks apart.
 * Mattson et al., IBM Systems Journal 9(2), 1970. Sampled at sizes in even steps of their logarithm.
 * @param distances of each reference, −1 for first uses
 */
export function missRatioCurve(distances: Int32Array, distinctBlocks: number): LabReport['lruCurve'] {
  const at = new Float64Array(distinctBlocks + 1)
  for (const distance of distances) if (distance >= 0) at[distance]!++
  const hits = new Float64Array(distinctBlocks + 1)
  for (let capacity = 1; capacity <= distinctBlocks; capacity++)
    hits[capacity] = hits[capacity - 1]! + at[capacity - 1]!
  const sizes = Array.from({ length: points + 1 }, (_, i) => Math.round(distinctBlocks ** (i / points)))
  return [...new Set(sizes)].map((capacityBlocks) => ({
    capacityBlocks,
    anyBlockHitRate: hits[capacityBlocks]! / distances.length,
  }))
}
