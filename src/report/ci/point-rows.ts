import type { Figure } from '../../history/figure.ts'
import { inArmOrder } from '../arms.ts'
import { ratioToFirst } from '../own-effect.ts'
import type { KneePoint, Report, Sweep } from '../report.ts'

/** A figure of one point of the knee or of a sweep. */
export interface PointRow extends Pick<Figure, 'unit' | 'value' | 'low' | 'high' | 'better'> {
  /** As in the names of figures: "sweep/policy=lru". */
  readonly plan: string
  /** The option that was varied, and what it was set to. */
  readonly parameter: string
  readonly setting: string
  readonly arm: string
  readonly metric: string
}

interface Place {
  readonly plan: string
  readonly parameter: string
  readonly setting: string
}

/** Multiplier, throughput and hit rate of every arm at every point of knee and sweep, point after point. */
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
    const metric = 'throughput against the first setting'
    return value === undefined
      ? []
      : [{ ...place, arm, metric, unit: '×', value, low: null, high: null, better: 'higher' as const }]
  })
}

function rowsOf(place: Place, { arms, multiplier }: Pick<KneePoint, 'arms' | 'multiplier'>): PointRow[] {
  return inArmOrder(Object.keys(arms)).flatMap((arm) => {
    const { tokensPerGpuSecond, hitRate, ceilingHitRate } = arms[arm]!
    const row = (metric: string, unit: string, value: number, better: Figure['better']): PointRow => ({
      ...place,
      arm,
      metric,
      unit,
      value,
      low: null,
      high: null,
      better,
    })
    const worth = multiplier[arm]
    return [
      ...(worth === undefined
        ? []
        : [{ ...row('multiplier', '×', worth.mean, 'higher'), low: worth.low, high: worth.high }]),
      row('tokens per GPU-second', 'tokens/s', tokensPerGpuSecond, 'higher'),
      row('hit rate', '', hitRate, 'higher'),
      row('ceiling hit rate', '', ceilingHitRate, 'neither'),
    ]
  })
}
