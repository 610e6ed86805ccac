import { describe, expect, it } from 'vitest'
import type { Bound } from '../../src/account/multiplier.ts'
import type { Claim } from '../../src/claims/claim.ts'
import { parseExpression } from '../../src/claims/expression.ts'
import { isOpen, judgePoint, mayClose, type PointScopes, quickly, verdictOf } from '../../src/claims/judge.ts'
import { regionWords, stretchesOf } from '../../src/claims/region.ts'
import type { ClaimCurve, ClaimPoint } from '../../src/claims/result.ts'
import { scopeOf } from './scope-fixture.ts'

function claimOf(metric: string): Claim {
  return { metric: parseExpression(metric, 'test'), tolerance: 0 } as Claim
}

function judged(metric: string, value: number, bound: Bound): ClaimPoint {
  return judgePoint(claimOf(metric), '8', scopesOf(value, [0.99, 1, 1.01], bound))
}

/** A multiplier of several draws: over all of them, and without each in turn. */
function scopesOf(value: number, draws: readonly number[], bound: Bound = 'exact'): PointScopes {
  const mean = (some: readonly number[]): number => (value * some.reduce((sum, one) => sum + one, 0)) / some.length
  const without = draws.map((_, left) => scopeOf(mean(draws.filter((_, i) => i !== left)), bound))
  return { mean: scopeOf(mean(draws), bound), without, draws: draws.length }
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

  it('is decided where its interval lies wholly on one side of the line, and not by the draws that meet it', () => {
    const over = (value: number, ...draws: number[]): ClaimPoint =>
      judgePoint(claimOf('4 <= multiplier.warehouse.value <= 5'), '8', scopesOf(value, draws))
    expect(over(4.5, 0.99, 1, 1.01, 1).decided).toBe('true')
    expect(over(5.5, 0.99, 1, 1.01, 1).decided).toBe('false')
    // Each of the draws meets it, but four say too little of the mean.
    expect(over(4.5, 0.9, 1, 1.1, 1)).toMatchObject({ decided: 'undecided', note: 'its interval includes the line' })
    // Half of the draws do not, and sixteen say enough of the mean.
    const many = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 0.87 : 1.13))
    expect(over(4.5, ...many).decided).toBe('true')
    // One comparison that fails for sure is enough.
    expect(over(3, 0.95, 1, 1.05, 1).decided).toBe('false')
  })

  it('of a single draw is open, and of none drawn has no width', () => {
    const metric = 'multiplier.warehouse.value >= 4'
    const alone = { mean: scopeOf(5), without: [] }
    expect(judgePoint(claimOf(metric), '8', { ...alone, draws: 1 }).decided).toBe('undecided')
    expect(judgePoint(claimOf(metric), '8', { ...alone, draws: 0 })).toMatchObject({
      decided: 'true',
      measured: { value: 5, low: 5, high: 5 },
    })
  })

  it('asks for more draws only where they can close it', () => {
    const claim = claimOf('multiplier.warehouse.value >= 4')
    const wide = [0.9, 1, 1.1, 1]
    expect(isOpen(judgePoint(claim, '8', scopesOf(4.4, wide)))).toBe(true)
    expect(mayClose(claim, scopesOf(4.4, wide), 16)).toBe(true)
    expect(mayClose(claim, scopesOf(4.01, wide), 16)).toBe(false)
    expect(isOpen(judgePoint(claim, '8', scopesOf(4.4, wide, 'lower')))).toBe(true)
    expect(isOpen(judgePoint(claim, '8', scopesOf(1.1, wide, 'loadLimited')))).toBe(false)
  })

  it('compares two gains only where neither is a bound', () => {
    const metric = 'multiplier["local-dram"].value >= multiplier.warehouse.value'
    const against = (bound: Bound): ClaimPoint =>
      judgePoint(claimOf(metric), '4', { mean: scopeOf(2, bound), without: [], draws: 0 })
    expect(against('exact').decided).toBe('true')
    expect(against('loadLimited')).toMatchObject({ decided: 'undecided', note: 'load-limited' })
    expect(against('lower').decided).toBe('undecided')
  })

  it('reads the bound of the gain behind a figure of money', () => {
    const money = (metric: string, bound: Bound, gpus: number): ClaimPoint => {
      const scope = { ...scopeOf(2, bound), economics: { demandGpusWith: gpus, demandGpusWithout: 100 } }
      return judgePoint(claimOf(metric), '4', { mean: scope, without: [], draws: 0 })
    }
    const halved = 'economics.demandGpusWith <= economics.demandGpusWithout / 2'
    expect(money(halved, 'exact', 60).decided).toBe('false')
    // The gain may be larger than it seems: fewer GPUs may do.
    expect(money(halved, 'lower', 60).decided).toBe('undecided')
    expect(money(halved, 'lower', 40).decided).toBe('true')
    expect(money(halved, 'loadLimited', 40).decided).toBe('false')
  })

  it('has the figure over all draws with its interval', () => {
    const { measured } = judged('multiplier.warehouse.value >= 4', 5, 'exact')
    // Standard error 0.58 %, t of 99 % with two degrees of freedom 9.92.
    expect(measured!.value).toBeCloseTo(5, 9)
    expect(measured!.low / 5).toBeCloseTo(Math.exp(-0.0573), 3)
    expect(measured!.high / 5).toBeCloseTo(Math.exp(0.0573), 3)
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
    expect(verdictOf(curves.map((signs) => curve(signs)))).toBe(verdict)
  })

  it('of a quick look is final only where it found both, or tried all and left nothing open', () => {
    const open = { ...curve('+?'), points: curve('+?').points.map(quickly) }
    expect(verdictOf([curve('+-')], true)).toBe('holdsWhen')
    expect(verdictOf([curve('++')], true)).toBe('undecidedQuick')
    expect(verdictOf([curve('--')], true)).toBe('undecidedQuick')
    expect(verdictOf([open])).toBe('undecidedQuick')
    expect(verdictOf([curve('++')])).toBe('holds')
    expect(quickly(curve('?').points[0]!).note).toBe('undecided (quick)')
  })
})
