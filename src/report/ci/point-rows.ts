import type { Figure } from '../../history/figure.ts'
import { inArmOrder } from '../arms.ts'
import { ratioToFirst } from '../own-effect.ts'
import type { KneePoint, PointArm, Report, Sweep } from '../report.ts'

/** A figure of one point of the knee or of a sweep. */
export interface PointRow extends Pick<Figure, 'unit' | 'value' | 'low' | 'high' | 'better'> {
  /** As in the names of figures: "sweep/policy=lru". */
  readonly plan: string
  /** The option that was varied, and what it was set to. */
  readonly parameter: string
  readonly setting: string
  readonly arm: string
  readonly metric: string
  /** What a multiplier may be read as; null of anything else. */
  readonly bound: Bound | null
}

type Bound = KneePoint['multiplier'][string]['bound']

interface Place {
  readonly plan: string
  readonly parameter: string
  readonly setting: string
}

/** What is known of every arm at every point of knee and sweep, point after point. */
export function pointRows({ knee, sweep }: Pick<Report, 'knee' | 'sweep'>): PointRow[] {
  const loads = knee.flatMap((point) => {
    const setting = String(point.sessionsPerReplica)
    const plan = `knee/${point.scale}/${point.router}/${setting}`
    return rowsOf({ plan, parameter: 'sessions-per-replica', setting }, point)
  })
  const swept = (sweep?.points ?? []).flatMap((point) => {
    const { parameter } = sweep!
    const place = { plan: `sweep/${parameter}=${point.value}`, parameter, setting: point.value }
    return [...rowsOf(place, point), ...againstFirst(place, sweep!.points)]
  })
  return [...loads, ...swept]
}

/** What the option does to an arm by itself. */
function againstFirst(place: Place, points: Sweep['points']): PointRow[] {
  return inArmOrder(Object.keys(points[0]!.arms)).flatMap((arm) => {
    const value = ratioToFirst(points, place.setting, arm)
    return value === undefined ? [] : [row(place, arm, 'throughput against the first setting', '×', value, 'higher')]
  })
}

function rowsOf(place: Place, { arms, multiplier }: Pick<KneePoint, 'arms' | 'multiplier'>): PointRow[] {
  return inArmOrder(Object.keys(arms)).flatMap((arm) => {
    const worth = multiplier[arm]
    const own = armRows(place, arm, arms[arm]!)
    if (worth === undefined) return own
    const { mean, low, high, bound } = worth
    return [{ ...row(place, arm, 'multiplier', '×', mean, 'higher'), low, high, bound }, ...own]
  })
}

function armRows(place: Place, arm: string, figures: PointArm): PointRow[] {
  const share = (metric: string, value: number, better: Figure['better'] = 'neither'): PointRow =>
    row(place, arm, metric, '', value, better)
  const time = (metric: string, value: number | null): PointRow[] =>
    value === null ? [] : [row(place, arm, metric, 'ms', value, 'lower')]
  return [
    row(place, arm, 'tokens per GPU-second', 'tokens/s', figures.tokensPerGpuSecond, 'higher'),
    share('hit rate', figures.hitRate, 'higher'),
    share('ceiling hit rate', figures.ceilingHitRate),
    share('redundant prefill overhead', figures.redundantPrefillOverhead, 'lower'),
    share('busy share', figures.busyShare),
    share('stalled share', figures.stalledShare, 'lower'),
    share('starved share', figures.starvedShare),
    ...time('TTFT p50', figures.ttftP50Ms),
    ...time('TTFT p95', figures.ttftP95Ms),
    ...time('TPOT p50', figures.tpotP50Ms),
    ...time('TPOT p95', figures.tpotP95Ms),
  ]
}

function row(
  place: Place,
  arm: string,
  metric: string,
  unit: string,
  value: number,
  better: Figure['better'],
): PointRow {
  return { ...place, arm, metric, unit, value, low: null, high: null, bound: null, better }
}
