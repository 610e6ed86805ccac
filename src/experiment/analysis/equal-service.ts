import { baselineArm } from '../arms/registry.ts'
import type { KneePoint } from '../sweep/knee.ts'
import type { PointFigures } from '../sweep/point-figures.ts'

/** Limits that TTFT p95 and TPOT p95 must keep. */
export interface Slo {
  readonly text: string
  readonly ttftMs: number
  readonly tpotMs: number
}

/** The highest load at which an arm keeps an SLO, and what it gives there. */
export interface ServiceOfArm {
  /** null: no load of the grid keeps it. */
  readonly tokensPerGpuSecond: number | null
  readonly sessionsPerReplica: number | null
  /** It is kept at the highest load of the grid: there may be a higher one. */
  readonly isHighestTried: boolean
  /** Lower loads of the grid at which it is not kept. */
  readonly brokenBelow: readonly number[]
}

export interface EqualService {
  readonly slo: Slo
  readonly arms: Readonly<Record<string, ServiceOfArm>>
  readonly multiplier: Readonly<Record<string, number | null>>
  /** Baseline GPUs that reach what so many GPUs reach with the arm. */
  readonly gpuEquivalents: Readonly<Record<string, number | null>>
}

/**
 * Equal service: each arm at the highest load, interpolated between loads of the grid, at which TTFT
 * p95 and TPOT p95 (means over seeds) keep the SLO.
 * @param points of one scale and router, in order of load
 * @param gpus of the run
 */
export function equalService(points: readonly KneePoint[], slo: Slo, gpus: number): EqualService {
  const names = Object.keys(points[0]?.arms ?? {})
  const arms = Object.fromEntries(names.map((name) => [name, serviceOf(points, name, slo)]))
  const base = arms[baselineArm]?.tokensPerGpuSecond ?? null
  const compared = names.filter((name) => name !== baselineArm && arms[baselineArm] !== undefined)
  const multiplier = Object.fromEntries(
    compared.map((name) => {
      const { tokensPerGpuSecond } = arms[name]!
      return [name, base === null || tokensPerGpuSecond === null ? null : tokensPerGpuSecond / base]
    }),
  )
  const gpuEquivalents = Object.fromEntries(
    compared.map((name) => [name, multiplier[name] == null ? null : multiplier[name] * gpus]),
  )
  return { slo, arms, multiplier, gpuEquivalents }
}

function serviceOf(points: readonly KneePoint[], name: string, slo: Slo): ServiceOfArm {
  const keeps = points.map((point) => violations(point.arms[name]!, slo).every((over) => over <= 0))
  const last = keeps.lastIndexOf(true)
  const brokenBelow = points
    .slice(0, Math.max(0, last))
    .flatMap((point, i) => (keeps[i] ? [] : [point.sessionsPerReplica]))
  if (last === -1) return { tokensPerGpuSecond: null, sessionsPerReplica: null, isHighestTried: false, brokenBelow }
  const at = points[last]!
  const next = points[last + 1]
  const from = at.arms[name]!
  if (next === undefined) {
    return {
      tokensPerGpuSecond: from.tokensPerGpuSecond,
      sessionsPerReplica: at.sessionsPerReplica,
      isHighestTried: true,
      brokenBelow,
    }
  }
  const to = next.arms[name]!
  const share = crossing(violations(from, slo), violations(to, slo))
  return {
    tokensPerGpuSecond: from.tokensPerGpuSecond + share * (to.tokensPerGpuSecond - from.tokensPerGpuSecond),
    sessionsPerReplica: at.sessionsPerReplica + share * (next.sessionsPerReplica - at.sessionsPerReplica),
    isHighestTried: false,
    brokenBelow,
  }
}

/** By how much each limit is exceeded; a window that saw no such time keeps no limit. */
function violations({ ttftP95Ms, tpotP95Ms }: PointFigures, { ttftMs, tpotMs }: Slo): number[] {
  return [(ttftP95Ms ?? Number.POSITIVE_INFINITY) - ttftMs, (tpotP95Ms ?? Number.POSITIVE_INFINITY) - tpotMs]
}

/** Where on the way between two loads the first limit is reached. */
function crossing(from: readonly number[], to: readonly number[]): number {
  const shares = from.map((start, i) => (to[i]! > 0 ? -start / (to[i]! - start) : 1))
  return Math.min(...shares)
}
