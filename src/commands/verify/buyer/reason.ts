import type { Claim } from '../../../claims/claim.ts'
import type { Range } from '../../../claims/result.ts'
import { valueText } from '../../../report/claims/words/value.ts'
import { formatMs, formatNumber, formatRatio, formatShare } from '../../../units.ts'
import type { AskedPoint } from '../asked-point.ts'

/** What of a replica's memory the live conversations take. */
export interface Residents {
  readonly meanTokens: number
  /** Contexts of the workload's own mean prompt that fit: into HBM, and into the baseline's DRAM. */
  readonly hbm: number
  readonly dram: number
  readonly live: number
}

/** Why a claim holds in a deployment or does not, in one clause; empty where nothing planned says it. */
export function reasonOf(claim: Claim, asked: AskedPoint, measured: Range | null, residents: Residents): string {
  const [root, arm, figure] = claim.metric?.paths[0] ?? []
  if (root === 'multiplier') return gainReason(claim, asked, residents)
  if (root === 'economics')
    return asked.scopes.mean.multiplier.warehouse === undefined ? '' : gainReason(claim, asked, residents)
  if (root === 'predict') return predictReason(asked)
  if (root === 'arms' && figure === 'hitRate') return hitReason(claim, asked, arm!)
  if (root === 'wall' && measured !== null)
    return `${valueText(measured.value, claim.claimed.unit)} is what its sizes give`
  return residentReason(residents)
}

/** "25.7 contexts fit, 12 are live: nothing is evicted". */
function residentReason({ hbm, dram, live }: Residents): string {
  if (live === 0 || !Number.isFinite(hbm + dram)) return ''
  const where = dram > 0 ? ` into HBM and DRAM` : ''
  const fit = `${formatNumber(hbm + dram)} contexts fit${where}, ${formatNumber(live)} are live`
  return live <= hbm + dram ? `${fit}: nothing is evicted` : `${fit}: what is evicted must come back`
}

function gainReason(claim: Claim, { plan, scopes }: AskedPoint, residents: Residents): string {
  const { arms, predict } = scopes.mean
  const overhead = arms[plan.baseline]?.redundantPrefillOverhead
  const { hbm, dram, live } = residents
  if (live <= hbm + dram) return residentReason(residents)
  if (predict.fetchMs >= predict.recomputeMs) return predictReason({ plan, scopes, results: [] })
  const line = claim.claimed.unit === '×' ? claim.claimed.value : null
  if (overhead === undefined || line === null || 1 + overhead >= line) return residentReason(residents)
  return `redundant prefill is ${formatShare(overhead)} of the other GPU time, which caps the gain near ${formatRatio(1 + overhead)}`
}

function predictReason({ scopes }: AskedPoint): string {
  const { fetchMs, recomputeMs } = scopes.mean.predict
  return `a context is fetched in ${formatMs(fetchMs)} and computed in ${formatMs(recomputeMs)}`
}

/** "its ceiling is 71 %, below the 96 % claimed". */
function hitReason({ claimed }: Claim, { scopes }: AskedPoint, arm: string): string {
  const figures = scopes.mean.arms[arm]
  if (figures === undefined || claimed.value === null || claimed.unit !== 'share') return ''
  const { ceilingHitRate, hitRate } = figures
  const line = formatShare(claimed.value)
  if (ceilingHitRate < claimed.value) return `its ceiling is ${formatShare(ceilingHitRate)}, below the ${line} claimed`
  return `${formatShare(hitRate)} of prompt tokens hit, the ceiling is ${formatShare(ceilingHitRate)}`
}
