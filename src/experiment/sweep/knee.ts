import type { ArmMetrics } from '../../account/metrics.ts'
import { type Bound, boundOf } from '../../account/multiplier.ts'
import { baselineArm } from '../arms/registry.ts'

/** One plan of a sweep: all arms at one load, one seed. Plain data: it may be sent to another thread. */
export interface SweepPoint {
  readonly scale: 'mock' | 'target'
  readonly router: string
  readonly sessionsPerReplica: number
  readonly seed: number
}

/** What a knee needs of an arm. */
export type SweepFigures = Pick<ArmMetrics, 'tokensPerGpuSecond' | 'hitRate' | 'ceilingHitRate' | 'starvedShare'>

export interface SweepResult extends SweepPoint {
  readonly arms: Readonly<Record<string, SweepFigures>>
}

export interface KneePoint {
  readonly scale: 'mock' | 'target'
  readonly router: string
  readonly sessionsPerReplica: number
  readonly arms: Record<string, { tokensPerGpuSecond: number; hitRate: number; ceilingHitRate: number }>
  readonly multiplier: Record<string, { mean: number; min: number; max: number; bound: Bound }>
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
  const names = Object.keys(group[0]!.arms)
  const arms: KneePoint['arms'] = {}
  const multiplier: KneePoint['multiplier'] = {}
  const meanOf = (arm: string, key: keyof SweepFigures): number => mean(group.map((result) => result.arms[arm]![key]))
  for (const name of names) {
    arms[name] = {
      tokensPerGpuSecond: meanOf(name, 'tokensPerGpuSecond'),
      hitRate: meanOf(name, 'hitRate'),
      ceilingHitRate: meanOf(name, 'ceilingHitRate'),
    }
    if (name === baselineArm || !names.includes(baselineArm)) continue
    const values = group.map(
      (result) => result.arms[name]!.tokensPerGpuSecond / result.arms[baselineArm]!.tokensPerGpuSecond,
    )
    multiplier[name] = {
      mean: mean(values),
      min: Math.min(...values),
      max: Math.max(...values),
      bound: boundOf(
        { starvedShare: meanOf(name, 'starvedShare') },
        { starvedShare: meanOf(baselineArm, 'starvedShare') },
      ),
    }
  }
  return { scale, router, sessionsPerReplica, arms, multiplier }
}

function byScaleRouterLoad(a: KneePoint, b: KneePoint): number {
  return (
    a.scale.localeCompare(b.scale) || a.router.localeCompare(b.router) || a.sessionsPerReplica - b.sessionsPerReplica
  )
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
