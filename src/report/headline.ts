import { headlineArm } from './arms.ts'
import type { KneePoint, Report } from './report.ts'

export type Multiplier = Report['multiplier'][string]

/** What a multiplier says, in the order in which it is asked: is it a figure at all, then a bound, then a gain. */
export type Verdict = 'gain' | 'none' | 'loss' | 'atLeast' | 'atMost' | 'loadLimited'

/** Without an interval, what the controls allow for is taken for 1. */
const planTolerance = 0.02

export function verdictOf({ value, low, high, bound }: Pick<Multiplier, 'value' | 'low' | 'high' | 'bound'>): Verdict {
  if (bound === 'loadLimited') return 'loadLimited'
  if (bound === 'lower') return 'atLeast'
  if (bound === 'upper') return 'atMost'
  if ((low ?? value - planTolerance) <= 1 && (high ?? value + planTolerance) >= 1) return 'none'
  return value > 1 ? 'gain' : 'loss'
}

/** The multiplier of the arm that the answer is about; undefined without a baseline that produced tokens. */
export function headlineMultiplier(
  report: Report,
): { readonly arm: string; readonly multiplier: Multiplier } | undefined {
  const arm = headlineArm(report)
  const multiplier = arm === undefined ? undefined : report.multiplier[arm]
  if (arm === undefined || multiplier === undefined || !Number.isFinite(multiplier.value)) return undefined
  return { arm, multiplier }
}

export type Scale = KneePoint['scale']

/** The scale at which the run's own figures were planned. */
export function ownScale(report: Report): Scale {
  return report.trust === 'catalogue' ? 'target' : 'mock'
}

export const scaleNames: Readonly<Record<Scale, string>> = { mock: 'mock GPUs', target: 'the target' }

/** Routers of the knee, the run's own first. */
export function kneeRouters(report: Report): string[] {
  const others = new Set(report.knee.map(({ router }) => router).filter((router) => router !== report.setup.router))
  const own = report.knee.some(({ router }) => router === report.setup.router) ? [report.setup.router] : []
  return [...own, ...others]
}

/** Scales of the knee, the run's own first. */
export function kneeScales(report: Report): Scale[] {
  const own = ownScale(report)
  const scales: readonly Scale[] = own === 'mock' ? ['mock', 'target'] : ['target', 'mock']
  return scales.filter((scale) => report.knee.some((point) => point.scale === scale))
}

/** Points of a curve, by load. */
export function kneeCurve(report: Report, scale: Scale, router: string): KneePoint[] {
  return report.knee
    .filter((point) => point.scale === scale && point.router === router)
    .sort((a, b) => a.sessionsPerReplica - b.sessionsPerReplica)
}

/** What the planner says of the same load under the other routers. */
export function otherRouters(report: Report): KneePoint[] {
  const scale = ownScale(report)
  return kneeRouters(report)
    .filter((router) => router !== report.setup.router)
    .flatMap((router) => kneeCurve(report, scale, router))
    .filter(({ sessionsPerReplica }) => sessionsPerReplica === report.setup.sessionsPerReplica)
    .filter(({ multiplier }) => Object.keys(multiplier).length > 0)
}

/** The run's own load, where it lies within the loads of the knee at the run's own scale and router. */
export function loadOnKnee(report: Report): number | undefined {
  const load = report.setup.sessionsPerReplica
  const loads = kneeCurve(report, ownScale(report), report.setup.router).map((point) => point.sessionsPerReplica)
  const inside = load !== null && loads.some((one) => one <= load) && loads.some((one) => one >= load)
  return inside ? load : undefined
}

/** An arm against the strongest free baseline. */
export function againstStrongest(
  { strongestBaseline }: Report,
  arm: string,
): Pick<Multiplier, 'value' | 'bound'> | undefined {
  const value = strongestBaseline?.multipliers[arm]
  if (strongestBaseline === undefined || value === undefined) return undefined
  return { value, bound: strongestBaseline.bounds[arm] ?? 'exact' }
}

/**
 * Each at its own best load; undefined without a knee. Where an arm is best at the highest load that was tried, its best may
 * lie beyond; where the baseline is too, nothing was found out.
 */
export function bestOf(report: Report, arm: string, scale: Scale = ownScale(report)) {
  const best = report.bestAgainstBest[scale]?.[arm]
  if (best === undefined || !Number.isFinite(best.value)) return undefined
  const highest = kneeCurve(report, scale, report.setup.router)
    .filter((point) => point.arms[arm] !== undefined)
    .at(-1)?.sessionsPerReplica
  const isEdge = best.sessionsPerReplica === highest
  const isBaselineEdge = best.baselineSessionsPerReplica === highest
  const bound: Multiplier['bound'] = isEdge
    ? isBaselineEdge
      ? 'loadLimited'
      : 'lower'
    : isBaselineEdge
      ? 'upper'
      : 'exact'
  return { ...best, bound }
}
