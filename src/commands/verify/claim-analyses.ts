import type { Claim } from '../../claims/claim.ts'
import type { ClaimResult } from '../../claims/result.ts'
import type { AskedPoint, ClaimContext } from './claim-curves.ts'

export async function analysesOf(
  _claim: Claim,
  _own: AskedPoint,
  _context: ClaimContext,
): Promise<Pick<ClaimResult, 'mustBeTrue' | 'map' | 'tornado' | 'screen'>> {
  return { mustBeTrue: [], map: null, tornado: [], screen: [] }
}
