import { describe, expect, it } from 'vitest'
import { choiceLines, choiceTitle, isChoice, ownEffects, ratioToFirst } from '../../src/report/own-effect.ts'
import { sweepTitle } from '../../src/report/page/titles/load.ts'
import type { PointArm, Report, Sweep } from '../../src/report/report.ts'
import { sweepTable } from '../../src/report/tables/load.ts'

function arm(tokensPerGpuSecond: number, hitRate: number): PointArm {
  const shares = { redundantPrefillOverhead: 0, busyShare: 1, stalledShare: 0, starvedShare: 0 }
  const times = { ttftP50Ms: null, ttftP95Ms: null, tpotP50Ms: null, tpotP95Ms: null }
  return { tokensPerGpuSecond, hitRate, ceilingHitRate: 0.95, ...shares, ...times }
}

/** The policy helps both arms alike: the multiplier is 2 throughout. */
function policies(...rates: readonly (readonly [policy: string, rate: number, hitRate: number])[]): Sweep {
  const mean = { mean: 2, low: 1.9, high: 2.1, min: 1.9, max: 2.1, bound: 'exact' as const }
  return {
    parameter: 'policy',
    seeds: 2,
    requests: 500,
    points: rates.map(([value, rate, hitRate]) => ({
      value,
      arms: { 'hbm-only': arm(rate, hitRate), warehouse: arm(2 * rate, 0.9) },
      multiplier: { warehouse: mean },
    })),
  }
}

const swept = policies(['lru', 40, 0.4], ['lfu', 36, 0.35], ['s3-fifo', 50, 0.5])

describe('what an option does to an arm by itself', () => {
  it('is its throughput against its own at the first value named', () => {
    const [baseline, warehouse] = ownEffects(swept.points)
    expect(baseline!.arm).toBe('hbm-only')
    expect(baseline!.points.map(({ ratio, hitRate }) => [ratio, hitRate])).toEqual([
      [1, 0.4],
      [0.9, 0.35],
      [1.25, 0.5],
    ])
    expect(warehouse!.points.map(({ ratio }) => ratio)).toEqual([1, 0.9, 1.25])
    expect(ratioToFirst(swept.points, 'lru', 'local-dram')).toBeUndefined()
  })

  it('stands in the table of a sweep', () => {
    const { head, rows } = sweepTable(swept)
    const column = head.indexOf('hbm-only, throughput against lru')
    expect(rows.map((row) => row[column])).toEqual(['1.00×', '0.900×', '1.25×'])
  })

  it('is the title of a sweep over a choice, though no multiplier moves', () => {
    expect(sweepTitle({} as Report, swept)).toBe(
      'With policy s3-fifo HBM only does 1.25× of what it does with lru: its hit rate is 50.0 %, not 40.0 % (planned)',
    )
    expect(choiceTitle(policies(['lru', 40, 0.4], ['lfu', 39, 0.4]))).toBe(
      'policy hardly moves throughput: no arm is more than 2.5 % from its own with lru (planned)',
    )
  })

  it('is told with the hit rate of each arm', () => {
    expect(choiceLines(swept)).toEqual([
      'lfu: hbm-only 0.900× (hit rate 35.0 %), warehouse 0.900× (hit rate 90.0 %)',
      's3-fifo: hbm-only 1.25× (hit rate 50.0 %), warehouse 1.25× (hit rate 90.0 %)',
    ])
  })

  it('is what matters of a choice, not of a size', () => {
    expect(['policy', 'router', 'admission', 'dram', 'gpus'].map(isChoice)).toEqual([true, true, true, false, false])
  })
})
