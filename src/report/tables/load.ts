import { formatCount, formatMs, formatNumber, formatRatio, formatShare } from '../../units.ts'
import { baselineArm, inArmOrder } from '../arms.ts'
import { kneeCurve, type Scale, scaleNames } from '../headline.ts'
import { ratioToFirst } from '../own-effect.ts'
import type { KneePoint, PointArm, Report, Sweep } from '../report.ts'
import { loadName } from '../words/load.ts'
import { spreadCell } from '../words/ratio.ts'
import { none, type ReportTable } from './report-table.ts'

/** The knee of one scale and router, as it is drawn. */
export function kneeTable(report: Report, scale: Scale, router: string): ReportTable | undefined {
  const points = kneeCurve(report, scale, router)
  if (points.length === 0) return undefined
  return pointsTable(
    `${scaleNames[scale]}, ${router}`,
    loadName(report),
    points.map((point) => ({ ...point, value: String(point.sessionsPerReplica) })),
  )
}

export function sweepTable({ parameter, points, seeds }: Sweep): ReportTable {
  const first = points[0]?.value ?? ''
  const againstFirst: Column = [
    `throughput against ${first}`,
    armsOf(points),
    ({ value }, name) => {
      const ratio = ratioToFirst(points, value, name)
      return ratio === undefined ? none : formatRatio(ratio)
    },
  ]
  return pointsTable(`${scaleNames.target}, ${formatCount(seeds, 'draw')}`, parameter, points, [againstFirst])
}

interface Point {
  readonly value: string
  readonly arms: KneePoint['arms']
  readonly multiplier: KneePoint['multiplier']
}

/** A figure, the arms that have it, and its cell. */
type Column = readonly [string, readonly string[], (point: Point, name: string) => string]

function armsOf(points: readonly Pick<Point, 'arms'>[]): string[] {
  return inArmOrder([...new Set(points.flatMap((point) => Object.keys(point.arms)))])
}

/** @param further columns that stand beside the throughput */
function pointsTable(
  title: string,
  parameter: string,
  points: readonly Point[],
  further: readonly Column[] = [],
): ReportTable {
  const arms = armsOf(points)
  const compared = arms.filter((name) => name !== baselineArm && points.some(({ multiplier }) => multiplier[name]))
  const figure = (cell: (arm: PointArm) => string) => (point: Point, name: string) => {
    const arm = point.arms[name]
    return arm === undefined ? none : cell(arm)
  }
  const columns: readonly Column[] = [
    ['multiplier', compared, ({ multiplier }, name) => spreadCell(multiplier[name])],
    ['tokens per GPU-second', arms, figure((arm) => formatNumber(arm.tokensPerGpuSecond))],
    ...further,
    ['hit rate of ceiling', arms, figure((arm) => `${formatShare(arm.hitRate)} of ${formatShare(arm.ceilingHitRate)}`)],
    ['redundant prefill overhead', arms, figure((arm) => formatShare(arm.redundantPrefillOverhead))],
    [
      'busy / stalled / starved',
      arms,
      figure(
        (arm) => `${formatShare(arm.busyShare)} / ${formatShare(arm.stalledShare)} / ${formatShare(arm.starvedShare)}`,
      ),
    ],
    ['TTFT p95', arms, figure((arm) => (arm.ttftP95Ms === null ? none : formatMs(arm.ttftP95Ms)))],
    ['TPOT p95', arms, figure((arm) => (arm.tpotP95Ms === null ? none : formatMs(arm.tpotP95Ms)))],
  ]
  return {
    title,
    head: [parameter, ...columns.flatMap(([name, of]) => of.map((arm) => `${arm}, ${name}`))],
    rows: points.map((point) => [point.value, ...columns.flatMap(([, of, cell]) => of.map((arm) => cell(point, arm)))]),
  }
}
