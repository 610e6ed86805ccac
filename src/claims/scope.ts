import type { Bound } from '../account/multiplier.ts'
import type { PointFigures } from '../experiment/sweep/point-figures.ts'

/** A multiplier as a claim's condition reads it. */
export interface ScopeMultiplier {
  readonly value: number
  readonly bound: Bound
}

/**
 * What the condition of a claim may speak of, at one point. A name that ends in `Ms`, `Seconds` or `Bytes` carries that unit.
 */
export interface ClaimScope {
  /** Of each arm against the claim's baseline. */
  readonly multiplier: Readonly<Record<string, ScopeMultiplier>>
  readonly arms: Readonly<Record<string, PointFigures>>
  /** The memory wall of the target. */
  readonly wall: {
    readonly weightBytes: number
    readonly hbmBytes: number
    readonly kvBytes: number
    readonly contextKvBytes: number
    readonly contextsThatFit: number
  }
  /** TTFT of one context on an idle replica. */
  readonly predict: { readonly hbmHitMs: number; readonly fetchMs: number; readonly recomputeMs: number }
  /** Figures of prices and power, in USD, GPUs and ratios. */
  readonly economics: Readonly<Record<string, number>>
}
