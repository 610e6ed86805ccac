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

/** Figures of an arm that a condition may read. */
const armFigures = [
  'tokensPerGpuSecond',
  'hitRate',
  'ceilingHitRate',
  'redundantPrefillOverhead',
  'busyShare',
  'stalledShare',
  'starvedShare',
  'ttftP50Ms',
  'ttftP95Ms',
  'tpotP50Ms',
  'tpotP95Ms',
] as const satisfies readonly (keyof PointFigures)[]

/** How a figure of prices and power goes with the gain of the warehouse: up, down, or not at all. */
export const economicsFigures = {
  savingsUsdPerDayOfLargeFleet: 1,
  fleetGpusForMillionUsdPerDay: -1,
  demandGpusWithout: 0,
  demandGpusWith: -1,
  demandKilowattsWithout: 0,
  demandKilowattsWith: -1,
  demandUsdPerDayWithout: 0,
  demandUsdPerDayWith: -1,
  freshUsdPerMillionTokens: 0,
  cachedUsdPerMillionTokens: 0,
  cachedToFreshRatio: 0,
} as const

/** What can be read at each root: names behind an arm, or directly. */
export const readable: Readonly<
  Record<keyof ClaimScope, { readonly ofArms: boolean; readonly names: readonly string[] }>
> = {
  multiplier: { ofArms: true, names: ['value'] },
  arms: { ofArms: true, names: armFigures },
  wall: { ofArms: false, names: ['weightBytes', 'hbmBytes', 'kvBytes', 'contextKvBytes', 'contextsThatFit'] },
  predict: { ofArms: false, names: ['hbmHitMs', 'fetchMs', 'recomputeMs'] },
  economics: { ofArms: false, names: Object.keys(economicsFigures) },
}
