import { describe, expect, it } from 'vitest'
import { pointRows } from '../../../src/report/ci/point-rows.ts'
import type { KneePoint } from '../../../src/report/report.ts'

function pointArm(tokensPerGpuSecond: number, hitRate: number): KneePoint['arms'][string] {
  const shares = { redundantPrefillOverhead: 0, busyShare: 1, stalledShare: 0, starvedShare: 0 }
  const times = { ttftP50Ms: null, ttftP95Ms: hitRate === 0.8 ? 900 : null, tpotP50Ms: null, tpotP95Ms: null }
  return { tokensPerGpuSecond, hitRate, ceilingHitRate: 0.9, ...shares, ...times }
}

const point = {
  arms: { warehouse: pointArm(30, 0.8), 'hbm-only': pointArm(10, 0.4) },
  multiplier: { warehouse: { mean: 3, low: 2.5, high: 3.5, min: 2, max: 4, bound: 'exact' as const } },
}

describe('points of knee and sweep as rows', () => {
  const rows = pointRows({
    knee: [{ scale: 'target', router: 'session-affine', sessionsPerReplica: 8, ...point }],
    sweep: { parameter: 'link', seeds: 2, requests: 500, points: [{ value: '40GB/s,1ms', ...point }] },
  })

  it('have parameter, setting and arm, and the multiplier with its interval', () => {
    expect(rows).toHaveLength(2 * (2 * 7 + 1 + 1) + 2)
    expect(rows.find(({ parameter, metric }) => parameter === 'link' && metric === 'multiplier')).toEqual({
      plan: 'sweep/link=40GB/s,1ms',
      parameter: 'link',
      setting: '40GB/s,1ms',
      arm: 'warehouse',
      metric: 'multiplier',
      unit: '×',
      value: 3,
      low: 2.5,
      high: 3.5,
      bound: 'exact',
      better: 'higher',
    })
  })

  it('have throughput and hit rate of every arm, the baseline first', () => {
    const knee = rows.filter(({ plan }) => plan === 'knee/target/session-affine/8')
    const of = (metric: string) => knee.filter((row) => row.metric === metric).map(({ arm, value }) => [arm, value])
    expect(of('tokens per GPU-second')).toEqual([
      ['hbm-only', 10],
      ['warehouse', 30],
    ])
    expect(of('hit rate')).toEqual([
      ['hbm-only', 0.4],
      ['warehouse', 0.8],
    ])
    expect(knee.every(({ parameter, setting }) => parameter === 'sessions-per-replica' && setting === '8')).toBe(true)
  })

  it('have a row of a latency only where there is one', () => {
    const late = rows.filter(({ metric }) => metric.startsWith('TTFT') || metric.startsWith('TPOT'))
    expect(late.map(({ arm, metric, value, unit }) => [arm, metric, value, unit])).toEqual([
      ['warehouse', 'TTFT p95', 900, 'ms'],
      ['warehouse', 'TTFT p95', 900, 'ms'],
    ])
  })

  it('are none without a sweep and a knee', () => {
    expect(pointRows({ knee: [] })).toEqual([])
  })
})
