import type { HitRates } from './hit-rates.ts'
import type { PolicyHits, TwoTierHits } from './replay/policy-task.ts'
import type { TouchOrder } from './replay/replay.ts'

/** One policy at one size, beside what is possible there. */
export interface LabResult extends PolicyHits {
  /** (its hit rate − LRU's) ÷ (Belady's − LRU's), any block; null where there is nothing to win. */
  readonly headroomShare: number | null
}

/** A bar of a histogram: values from..to (to excluded), and the share of references in it. */
export interface HistogramBin {
  readonly from: number
  readonly to: number
  readonly share: number
}

/** Policies compared on a trace. */
export interface LabReport {
  readonly schemaVersion: 1
  readonly createdAt: string
  readonly trace: {
    readonly file: string
    readonly format: string
    readonly requests: number
    readonly blockReferences: number
    readonly distinctBlocks: number
    readonly blockTokens: number
    /** Any block, infinite capacity. */
    readonly ceilingHitRate: number
    readonly skippedRows: number
    /** What was made up for, a sentence each. */
    readonly notes: readonly string[]
  }
  readonly touch: TouchOrder
  /** What FLOPs are counted for. */
  readonly model: string
  readonly capacities: readonly number[]
  readonly results: readonly LabResult[]
  /** Nothing is ever lost: the ceiling under each definition. */
  readonly infinite: HitRates
  /** LRU at every size, exact: hit rate of any block over capacity. */
  readonly lruCurve: readonly { readonly capacityBlocks: number; readonly anyBlockHitRate: number }[]
  /** Distinct blocks touched between two uses of a block. */
  readonly reuseDistances: readonly HistogramBin[]
  /** Seconds between two uses of a block; empty where the trace has no times. */
  readonly reuseTimes: readonly HistogramBin[]
  /** HBM of several GPUs above a warehouse; empty where that was not asked for. */
  readonly twoTier: readonly TwoTierHits[]
  readonly seconds: number
}

/** Beside each result what LRU and Belady reach at its size. */
export function withHeadroom(results: readonly PolicyHits[]): LabResult[] {
  const rateOf = (policy: string, capacityBlocks: number): number | undefined =>
    results.find((result) => result.policy === policy && result.capacityBlocks === capacityBlocks)?.anyBlockHitRate
  return results.map((result) => {
    const lru = rateOf('lru', result.capacityBlocks)
    const belady = rateOf('belady', result.capacityBlocks)
    const room = lru === undefined || belady === undefined ? 0 : belady - lru
    return { ...result, headroomShare: room > 0 ? (result.anyBlockHitRate - lru!) / room : null }
  })
}
