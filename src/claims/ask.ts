import type { Adjustments } from '../experiment/adjust.ts'
import type { Range } from './result.ts'

/** A condition under which a claim is asked: options of its experiment at other values, and what no option names. */
export interface Question {
  /** By the names that files and the command line have: { "sessions-per-replica": "12", dram: "64 GB" }. */
  readonly options: Readonly<Record<string, string>>
  readonly adjustments: Adjustments
}

/** The claim's own value (its multiplier, its hit rate …) under a condition, over draws. Answers are cached. */
export type Ask = (question: Question) => Promise<Range>
