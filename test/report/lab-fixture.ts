import type { HitRates } from '../../src/lab/hit-rates.ts'
import { type LabReport, withHeadroom } from '../../src/lab/lab-report.ts'
import type { PolicyHits } from '../../src/lab/replay/policy-task.ts'

export const references = 1000

export function rates(anyBlockHitRate: number): HitRates {
  return {
    anyBlockHits: references * anyBlockHitRate,
    prefixHits: references * anyBlockHitRate,
    anyBlockHitRate,
    prefixHitRate: anyBlockHitRate,
    anyFullBlockHitRate: null,
    fullPrefixHitRate: null,
    anyTokenHitRate: null,
    prefixTokenHitRate: null,
    engineTokenHitRate: null,
    perConversationHitRate: null,
    flopsSavedShare: null,
  }
}

const foreseeing = ['belady', 'steps-to-reuse']

export function hits(policy: string, anyBlockHitRate: number, capacityBlocks = 100): PolicyHits {
  return { policy, capacityBlocks, foresees: foreseeing.includes(policy), ...rates(anyBlockHitRate), seconds: 0.5 }
}

/** A report of policies on a small trace. */
export function labFixture(results: readonly PolicyHits[], change: Partial<LabReport> = {}): LabReport {
  return {
    schemaVersion: 1,
    createdAt: '2026-01-02T03:04:05.000Z',
    trace: {
      file: 'talk.jsonl',
      format: 'mooncake',
      requests: 1,
      blockReferences: references,
      distinctBlocks: 400,
      blockTokens: 512,
      ceilingHitRate: 0.6,
      skippedRows: 0,
      notes: [],
    },
    touch: 'head',
    model: 'llama-3.1-70b',
    capacities: [...new Set(results.map(({ capacityBlocks }) => capacityBlocks))],
    results: withHeadroom(results),
    infinite: rates(0.6),
    lruCurve: [
      { capacityBlocks: 1, anyBlockHitRate: 0 },
      { capacityBlocks: 400, anyBlockHitRate: 0.6 },
    ],
    reuseDistances: [{ from: 1, to: 2, share: 0.6 }],
    reuseTimes: [],
    twoTier: [],
    seconds: 2,
    ...change,
  }
}
