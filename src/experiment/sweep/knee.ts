import { type Bound, boundOf } from '../../account/multiplier.ts'
import { answerOf } from '../../statistics/answer-interval.ts'
import { raisedCeiling } from '../arms/ceiling.ts'
import { baselineArm } from '../arms/registry.ts'
import { meanFigures, type PointFigures, pointRates } from './point-figures.ts'

/** One plan of a sweep: all arms at one load, one seed. Plain data: it may be sent to another thread. */
export interface SweepPoint {
  readonly scale: 'mock' | 'target'
  readonly router: string
  readonly sessionsPerReplica: number
  readonly seed: number
}

export interface SweepResult extends SweepPoint {
  readonly arms: Readonly<Record<string, PointFigures>>
}

/** A multiplier over draws of the workload. */
export interface PointMultiplier {
  /** Ratio of mean throughputs. */
  readonly mean: number
  /** 95 % interval; null from one draw. */
  readonly low: number | null
  readonly high: number | null
  /** Of single draws. */
  readonly min: number
  readonly max: number
  readonly bound: Bound
}

export interface KneePoint {
  readonly scale: 'mock' | 'target'
  readonly router: string
  readonly sessionsPerReplica: number
  readonly arms: Record<string, PointFigures>
  readonly multiplier: Record<string, PointMultiplier>
}

export interface BestAgainstBest {
  readonly value: number
  readonly sessionsPerReplica: number
  readonly baselineSessionsPerReplica: number
}

/** Joins the seeds of each load: means, and the range of the multiplier. */
export function kneeOf(results: readonly SweepResult[]): KneePoint[] {
  const groups = new Map<string, SweepResult[]>()
  for (const result of results) {
    const key = `${result.scale} ${result.router} ${result.sessionsPerReplica}`
    const group = groups.get(key)
    if (group) group.push(result)
    else groups.set(key, [result])
  }
  return [...groups.values()].map(joinSeeds).sort(byScaleRouterLoad)
}

/** Each arm at its own best load against the baseline at its own; by scale and arm, for one router. */
export function bestAgainstBest(
  knee: readonly KneePoint[],
  router: string,
): Record<string, Record<string, BestAgainstBest>> {
  const best: Record<string, Record<string, BestAgainstBest>> = {}
  for (const scale of ['mock', 'target'] as const) {
    const points = knee.filter((point) => point.scale === scale && point.router === router)
    const peak = (arm: string): KneePoint | undefined =>
      points
        .filter((point) => point.arms[arm] !== undefined)
        .reduce<KneePoint | undefined>(
          (top, point) =>
            top === undefined || point.arms[arm]!.tokensPerGpuSecond > top.arms[arm]!.tokensPerGpuSecond ? point : top,
          undefined,
        )
    const baseline = peak(baselineArm)
    if (baseline === undefined) continue
    best[scale] = {}
    for (const arm of Object.keys(points[0]!.arms)) {
      const top = peak(arm)!
      best[scale][arm] = {
        value: top.arms[arm]!.tokensPerGpuSecond / baseline.arms[baselineArm]!.tokensPerGpuSecond,
        sessionsPerReplica: top.sessionsPerReplica,
        baselineSessionsPerReplica: baseline.sessionsPerReplica,
      }
    }
  }
  return best
}

function joinSeeds(group: readonly SweepResult[]): KneePoint {
  const { scale, router, sessionsPerReplica } = group[0]!
  return { scale, router, sessionsPerReplica, ...joinArms(group.map(({ arms }) => arms)) }
}

function atLeast(ceiling: PointMultiplier, least: PointMultiplier): PointMultiplier {
  if (ceiling.mean >= least.mean) return ceiling
  return { ...ceiling, mean: least.mean, high: ceiling.high === null ? null : Math.max(ceiling.high, least.mean) }
}

/** Means of the arms over draws, and their multipliers: ratios of mean throughputs with their intervals. */
export function joinArms(seeds: readonly SweepResult['arms'][]): Pick<KneePoint, 'arms' | 'multiplier'> {
  const arms: KneePoint['arms'] = {}
  const multiplier: KneePoint['multiplier'] = {}
  const names = Object.keys(seeds[0]!)
  for (const name of names) arms[name] = meanFigures(seeds.map((seed) => seed[name]!))
  const baseline = arms[baselineArm]
  for (const name of names) {
    if (name === baselineArm || baseline === undefined) continue
    const rates = pointRates(seeds, name, baselineArm)
    const values = rates.map((rate) => rate.arm / rate.baseline)
    const { value, low, high } = answerOf(rates, [])
    const [min, max] = [Math.min(...values), Math.max(...values)]
    multiplier[name] = { mean: value, low, high, min, max, bound: boundOf(arms[name]!, baseline) }
  }
  return { arms, multiplier: Object.fromEntries(raisedCeiling(new Map(Object.entries(multiplier)), atLeast)) }
}

function byScaleRouterLoad(a: KneePoint, b: KneePoint): number {
  return (
    a.scale.localeCompare(b.scale) || a.router.localeCompare(b.router) || a.sessionsPerReplica - b.sessionsPerReplica
  )
}

/** Loads of a knee's own router, those first at which an arm does most work (means over seeds). */
export function bestLoads(results: readonly SweepResult[], arm: string): number[] {
  const [first] = results
  const own = results.filter(({ scale, router }) => scale === first!.scale && router === first!.router)
  return kneeOf(own)
    .filter((point) => point.arms[arm] !== undefined)
    .sort((a, b) => b.arms[arm]!.tokensPerGpuSecond - a.arms[arm]!.tokensPerGpuSecond)
    .map(({ sessionsPerReplica }) => sessionsPerReplica)
}
