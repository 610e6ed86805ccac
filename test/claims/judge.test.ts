import { describe, expect, it } from 'vitest'
import type { Bound } from '../../src/account/multiplier.ts'
import type { Claim } from '../../src/claims/claim.ts'
import { parseExpression } from '../../src/claims/expression.ts'
import { judgePoint, verdictOf } from '../../src/claims/judge.ts'
import { regionWords, stretchesOf } from '../../src/claims/region.ts'
import type { ClaimCurve, ClaimPoint } from '../../src/claims/result.ts'
import { scopeOf } from './scope-fixture.ts'

function claimOf(metric: string): Claim {
  return { metric: parseExpression(metric, 'test'), tolerance: 0 } as Claim
}

function judged(metric: string, value: number, bound: Bound): ClaimPoint {
  return judgePoint(claimOf(metric), '8', {
    mean: scopeOf(value, bound),
    seeds: [scopeOf(value * 0.9), scopeOf(value * 1.2)],
  })
}

describe('a point', () => {
  it.each([
    ['exact', 5, 'true'],
    ['exact', 3, 'false'],
    // The true value is at least this.
    ['lower', 5, 'true'],
    ['lower', 3, 'undecided'],
    // The true value is at most this.
    ['upper', 5, 'undecided'],
    ['upper', 3, 'false'],
    // Only that there is no gain at this load.
    ['loadLimited', 5, 'false'],
    ['loadLimited', 1, 'false'],
  ] as const)('with %s %d against at least 4 is %s', (bound, value, decided) => {
    expect(judged('multiplier.warehouse.value >= 4', value, bound).decided).toBe(decided)
  })

  it.each([
    ['lower', 5, 'false'],
    ['lower', 3, 'undecided'],
    ['upper', 5, 'undecided'],
    ['upper', 3, 'true'],
    ['loadLimited', 1, 'undecided'],
  ] as const)('with %s %d against at most 4 is %s', (bound, value, decided) => {
    expect(judged('multiplier.warehouse.value <= 4', value, bound).decided).toBe(decided)
  })

  it('is not decided where draws of the workload disagree, or none does what their mean does', () => {
    const over = (mean: number, ...seeds: number[]): ClaimPoint =>
      judgePoint(claimOf('4 <= multiplier.warehouse.value <= 5'), '8', {
        mean: scopeOf(mean),
        seeds: seeds.map((seed) => scopeOf(seed)),
      })
    expect(over(4.5, 4.2, 4.8).decided).toBe('true')
    expect(over(4.5, 4.2, 5.8)).toMatchObject({ decided: 'undecided', note: 'met by 1 of 2 seeds' })
    expect(over(4.5, 3, 6)).toMatchObject({ decided: 'undecided', note: 'met by 0 of 2 seeds' })
    expect(over(5.5, 4.9, 6.1).decided).toBe('undecided')
    expect(over(5.5, 5.2, 5.8).decided).toBe('false')
  })

  it('compares two gains only where neither is a bound', () => {
    const metric = 'multiplier["local-dram"].value >= multiplier.warehouse.value'
    const against = (bound: Bound): ClaimPoint =>
      judgePoint(claimOf(metric), '4', { mean: scopeOf(2, bound), seeds: [scopeOf(2)] })
    expect(against('exact').decided).toBe('true')
    expect(against('loadLimited')).toMatchObject({ decided: 'undecided', note: 'load-limited' })
    expect(against('lower').decided).toBe('undecided')
  })

  it('reads the bound of the gain behind a figure of money', () => {
    const money = (metric: string, bound: Bound, gpus: number): ClaimPoint => {
      const scope = { ...scopeOf(2, bound), economics: { demandGpusWith: gpus, demandGpusWithout: 100 } }
      return judgePoint(claimOf(metric), '4', { mean: scope, seeds: [scope] })
    }
    const halved = 'economics.demandGpusWith <= economics.demandGpusWithout / 2'
    expect(money(halved, 'exact', 60).decided).toBe('false')
    // The gain may be larger than it seems: fewer GPUs may do.
    expect(money(halved, 'lower', 60).decided).toBe('undecided')
    expect(money(halved, 'lower', 40).decided).toBe('true')
    expect(money(halved, 'loadLimited', 40).decided).toBe('false')
  })

  it('has the mean with the range of the seeds', () => {
    expect(judged('multiplier.warehouse.value >= 4', 5, 'exact').measured).toEqual({ value: 5, low: 4.5, high: 6 })
    expect(judged('arms.warehouse.tpotP50Ms <= 1 s', 5, 'exact')).toMatchObject({
      decided: 'undecided',
      measured: null,
    })
  })
})

function curve(
  decided: string,
  at = decided.split('').map((_, i) => String(i + 1)),
  axis = 'sessions-per-replica',
): ClaimCurve {
  const words = { '+': 'true', '-': 'false', '?': 'undecided' } as const
  const points = decided.split('').map((sign, i): ClaimPoint => {
    return { at: at[i]!, decided: words[sign as '+' | '-' | '?'], measured: null, note: '' }
  })
  return { variant: 'as stated', reading: 'sameLoad', baseline: 'hbm-only', axis, points }
}

describe('a region in words', () => {
  it.each([
    ['--++', 'from 3 conversations a replica on'],
    ['++--', 'up to 2 conversations a replica'],
    ['-+-', 'at 2 conversations a replica'],
    ['-++-', 'at 2 to 3 conversations a replica'],
    ['+-+', 'up to 1 conversations a replica and from 3 conversations a replica on'],
    ['++', 'over all that was tried, 1 to 2 conversations a replica'],
    ['-?', ''],
  ])('%s is %s', (decided, words) => {
    expect(regionWords(curve(decided))).toBe(words)
  })

  it('names members where there is no order', () => {
    expect(regionWords(curve('+-+', ['b300', 'h200', 'mi355x'], 'gpu'))).toBe('with b300 and mi355x')
  })

  it('finds every stretch', () => {
    expect(stretchesOf(curve('+?++').points)).toEqual([
      { from: '1', to: '1', openBelow: true, openAbove: false },
      { from: '3', to: '4', openBelow: false, openAbove: true },
    ])
  })
})

describe('a verdict', () => {
  it.each([
    [['++', '+'], 'holds'],
    [['++', '-'], 'holdsWhen'],
    [['--', '-'], 'doesNotHold'],
    [['-?'], 'doesNotHold'],
    [['+?'], 'holdsWhen'],
    [['??'], 'notTestable'],
  ])('over %j is %s', (curves, verdict) => {
    const found = verdictOf(curves.map((signs) => curve(signs)))
    expect(found.verdict).toBe(verdict)
    expect(found.holdsWhen === null).toBe(verdict !== 'holdsWhen')
  })
})
