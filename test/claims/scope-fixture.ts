import type { Bound } from '../../src/account/multiplier.ts'
import type { ClaimScope } from '../../src/claims/scope.ts'

const figures = {
  tokensPerGpuSecond: 10,
  hitRate: 0.5,
  ceilingHitRate: 0.96,
  redundantPrefillOverhead: 0.4,
  busyShare: 1,
  stalledShare: 0,
  starvedShare: 0,
  ttftP50Ms: 500,
  ttftP95Ms: 2000,
  tpotP50Ms: null,
  tpotP95Ms: null,
}

/** A point at which the warehouse is worth `multiplier`. */
export function scopeOf(multiplier: number, bound: Bound = 'exact'): ClaimScope {
  return {
    multiplier: {
      'hbm-only': { value: 1, bound: 'exact' },
      warehouse: { value: multiplier, bound },
      'local-dram': { value: 2, bound: 'exact' },
    },
    arms: {
      'hbm-only': figures,
      warehouse: { ...figures, tokensPerGpuSecond: 10 * multiplier, hitRate: 0.96, ttftP50Ms: 100 },
    },
    wall: { weightBytes: 141e9, hbmBytes: 259e9, kvBytes: 327_680, contextKvBytes: 32.768e9, contextsThatFit: 3.6 },
    predict: { hbmHitMs: 30, fetchMs: 100, recomputeMs: 1400 },
    economics: {},
  }
}
