import type { LabReport, LabResult } from '../../lab/lab-report.ts'
import { formatCount, formatShare } from '../../units.ts'

export function rateText(rate: number | null): string {
  return rate === null ? '–' : `${(100 * rate).toFixed(1)} %`
}

/** "+33 %" of the way from LRU to Belady; nothing where there is nothing to win, or for the two ends themselves. */
export function headroomText({ headroomShare, policy }: LabResult): string {
  if (headroomShare === null || policy === 'lru' || policy === 'belady') return ''
  const percent = Math.round(100 * headroomShare)
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`
}

/** The size that is looked at closely: the middle one. */
export function middleCapacity({ capacities }: LabReport): number {
  return capacities[Math.floor((capacities.length - 1) / 2)]!
}

export function resultsAt({ results }: LabReport, capacityBlocks: number): LabResult[] {
  return results
    .filter((result) => result.capacityBlocks === capacityBlocks)
    .sort((a, b) => b.anyBlockHitRate - a.anyBlockHitRate)
}

/** The answer in a sentence: the best policy that is not told what comes later, and how much of the room it wins. */
export function labSentence(report: LabReport): string {
  const at = middleCapacity(report)
  const [best] = resultsAt(report, at).filter(({ foresees }) => !foresees)
  const lru = report.results.find(({ policy, capacityBlocks }) => policy === 'lru' && capacityBlocks === at)!
  const belady = report.results.find(({ policy, capacityBlocks }) => policy === 'belady' && capacityBlocks === at)!
  const size = formatCount(at, 'block')
  const room = `LRU hits ${rateText(lru.anyBlockHitRate)} of block references and Belady, which knows the future, ${rateText(belady.anyBlockHitRate)}`
  if (best === undefined || best.headroomShare === null) return `At ${size} there is nothing to win: ${room}.`
  if (best.anyBlockHitRate <= lru.anyBlockHitRate) return `At ${size} nothing beats LRU: ${room}.`
  return `At ${size} ${best.policy} is best and wins ${formatShare(best.headroomShare)} of what can be won: ${rateText(best.anyBlockHitRate)}, where ${room}.`
}

/** What was replayed, in a line. */
export function traceWords({ trace, touch }: LabReport): string {
  const { file, requests, blockReferences, distinctBlocks, blockTokens, ceilingHitRate } = trace
  const size = blockTokens === 1 ? '' : ` of ${formatCount(blockTokens, 'token')}`
  return `${file}: ${formatCount(requests, 'request')}, ${formatCount(blockReferences, 'block reference')}${size}, ${formatCount(distinctBlocks, 'distinct block')}; ceiling ${rateText(ceilingHitRate)}; ${touch === 'head' ? 'touched from head to tail' : 'touched from tail to head'}`
}
