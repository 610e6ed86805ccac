import { capPair, hitRatePair, overlapPairs } from '../../claims/pairs.ts'
import type { ClaimPair, ClaimResult } from '../../claims/result.ts'

/** Rivals are no one's claims; what holds nowhere contradicts everything, which says nothing about the other claim. */
function isPaired({ id, curves }: ClaimResult): boolean {
  const holds = curves.some(({ points }) => points.some(({ decided }) => decided === 'true'))
  return !id.startsWith('rival-') && holds
}

/** The claims of one source held against each other, as far as they were asked. */
export function pairsOf(claims: readonly ClaimResult[], baselineHitRates: ReadonlyMap<string, number>): ClaimPair[] {
  const find = (id: string): ClaimResult | undefined => claims.find((claim) => claim.id === id)
  const [gain, overhead, hits] = [find('weka-4.2x'), find('weka-redundant-prefill'), find('weka-hit-rate')]
  const gainCurve = gain?.curves.find(({ reading }) => reading === 'sameLoad')
  return [
    ...overlapPairs(claims.filter(isPaired)),
    ...(gain?.claimed.value == null || overhead?.claimed.value == null
      ? []
      : [
          capPair({
            gain: { id: gain.id, value: gain.claimed.value },
            overhead: { id: overhead.id, value: overhead.claimed.value, measured: overhead.curves },
          }),
        ]),
    ...(gain === undefined || gainCurve === undefined || hits?.claimed.value == null || baselineHitRates.size === 0
      ? []
      : [
          hitRatePair({
            hitRate: { id: hits.id, value: hits.claimed.value },
            gain: { id: gain.id, curve: gainCurve },
            baseline: { name: 'hbm-only', hitRates: [...baselineHitRates].map(([at, value]) => ({ at, value })) },
          }),
        ]),
  ]
}
