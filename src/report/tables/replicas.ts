import { formatFigures, formatMs, formatShare } from '../../units.ts'
import { armNames, armPhrase } from '../arms.ts'
import type { Report, ReportArm } from '../report.ts'
import { none, type ReportTable } from './report-table.ts'

type Replica = ReportArm['replicas'][number]

/** A replica this many times slower than the median one starves its users: by p50, since few requests make a p95. */
const slowFactor = 5
/** So does one whose hit rate is under this share of the median one's. */
const lowHitShare = 0.5
/** Under this hit rate of the median replica there is nothing to be under. */
const leastHitRate = 0.1
const mostRows = 12

/** Replicas whose users starve while the average of their arm looks fine. */
export function unevenReplicas(report: Report): string[] {
  return armNames(report).flatMap((name) => {
    const { replicas } = report.arms[name]!
    if (replicas.length < 2) return []
    const ttft = lowMedian(replicas.flatMap(({ ttftP50Ms }) => (ttftP50Ms === null ? [] : [ttftP50Ms])))
    const hits = lowMedian(replicas.map(({ hitRate }) => hitRate))
    const odd = replicas
      .map((replica, i) => ({ replica, i, is: starves(replica, ttft, hits) }))
      .filter(({ is }) => is)
      .sort((a, b) => (b.replica.ttftP50Ms ?? 0) - (a.replica.ttftP50Ms ?? 0))
    const [worst] = odd
    if (worst === undefined) return []
    const who = odd.length === 1 ? `replica ${worst.i + 1}` : `${odd.length} replicas, the worst ${worst.i + 1}`
    return [`${armPhrase(name)}, ${who} of ${replicas.length}: ${against(worst.replica, ttft, hits)}`]
  })
}

function starves({ ttftP50Ms, hitRate }: Replica, ttft: number, hits: number): boolean {
  return (ttftP50Ms !== null && ttftP50Ms > slowFactor * ttft) || (hits >= leastHitRate && hitRate < lowHitShare * hits)
}

function against({ ttftP50Ms, hitRate }: Replica, ttft: number, hits: number): string {
  const latency = ttftP50Ms === null ? [] : [`TTFT p50 ${formatMs(ttftP50Ms)} (median replica ${formatMs(ttft)})`]
  return [...latency, `hit rate ${formatShare(hitRate)} (${formatShare(hits)})`].join(', ')
}

/** Of an even number the lower one: half of two replicas can starve. */
function lowMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}

/** Every replica of an arm, or the slowest where there are many. */
export function replicaTable(report: Report, name: string): ReportTable | undefined {
  const { replicas } = report.arms[name]!
  if (replicas.length < 2) return undefined
  const shown = replicas
    .map((replica, i) => ({ ...replica, i }))
    .sort((a, b) => (b.ttftP95Ms ?? 0) - (a.ttftP95Ms ?? 0))
    .slice(0, mostRows)
    .sort((a, b) => a.i - b.i)
  const which = shown.length < replicas.length ? `, the ${mostRows} slowest of ${replicas.length}` : ''
  return {
    title: `Replicas of ${name}${which}`,
    head: [
      'replica',
      'requests',
      'tokens per GPU-second',
      'hit rate',
      'ceiling',
      'TTFT p50',
      'TTFT p95',
      'busy',
      'stalled',
      'starved',
    ],
    rows: shown.map((replica) => [
      String(replica.i + 1),
      replica.requests.toLocaleString('en-US'),
      formatFigures(replica.tokensPerGpuSecond),
      formatShare(replica.hitRate),
      formatShare(replica.ceilingHitRate),
      replica.ttftP50Ms === null ? none : formatMs(replica.ttftP50Ms),
      replica.ttftP95Ms === null ? none : formatMs(replica.ttftP95Ms),
      formatShare(replica.busyShare),
      formatShare(replica.stalledShare),
      formatShare(replica.starvedShare),
    ]),
  }
}
