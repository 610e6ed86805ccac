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

/** What a replica is compared with. */
interface Reference {
  readonly who: string
  readonly ttftP50Ms: number
  readonly hitRate: number
}

/** Replicas whose users starve while the average of their arm looks fine. */
export function unevenReplicas(report: Report): string[] {
  return armNames(report).flatMap((name) => {
    const { replicas } = report.arms[name]!
    if (replicas.length < 2) return []
    const reference = referenceOf(replicas)
    const odd = replicas
      .map((replica, i) => ({ replica, i }))
      .filter(({ replica }) => starves(replica, reference))
      .sort((a, b) => (b.replica.ttftP50Ms ?? 0) - (a.replica.ttftP50Ms ?? 0))
    const [worst] = odd
    if (worst === undefined) return []
    const who = odd.length === 1 ? `replica ${worst.i + 1}` : `${odd.length} replicas, the worst ${worst.i + 1}`
    const beside = replicas.length === 2 ? otherOf(replicas[1 - worst.i]!, reference) : reference
    return [`${armPhrase(name)}, ${who} of ${replicas.length}: ${against(worst.replica, beside)}`]
  })
}

/** The median; of an even number the better one in each figure, since half of the replicas can starve. */
function referenceOf(replicas: readonly Replica[]): Reference {
  const middle = (values: readonly number[], at: number): number => [...values].sort((a, b) => a - b)[at] ?? 0
  const times = replicas.flatMap(({ ttftP50Ms }) => (ttftP50Ms === null ? [] : [ttftP50Ms]))
  return {
    who: 'median replica',
    ttftP50Ms: middle(times, Math.floor((times.length - 1) / 2)),
    hitRate: middle(
      replicas.map(({ hitRate }) => hitRate),
      Math.floor(replicas.length / 2),
    ),
  }
}

function otherOf({ ttftP50Ms, hitRate }: Replica, reference: Reference): Reference {
  return { who: 'the other replica', ttftP50Ms: ttftP50Ms ?? reference.ttftP50Ms, hitRate }
}

function starves({ ttftP50Ms, hitRate }: Replica, reference: Reference): boolean {
  const isSlow = ttftP50Ms !== null && ttftP50Ms > slowFactor * reference.ttftP50Ms
  return isSlow || (reference.hitRate >= leastHitRate && hitRate < lowHitShare * reference.hitRate)
}

function against({ ttftP50Ms, hitRate }: Replica, { who, ...reference }: Reference): string {
  const latency =
    ttftP50Ms === null ? [] : [`TTFT p50 ${formatMs(ttftP50Ms)} (${who} ${formatMs(reference.ttftP50Ms)})`]
  const hits = `hit rate ${formatShare(hitRate)} (${latency.length === 0 ? `${who} ` : ''}${formatShare(reference.hitRate)})`
  return [...latency, hits].join(', ')
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
