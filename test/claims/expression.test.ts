import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExpression } from '../../src/claims/expression.ts'
import { MemwallError } from '../../src/errors.ts'
import { scopeOf } from './scope-fixture.ts'

const parse = (text: string) => parseExpression(text, 'mine.yaml:3 metric')

describe('a condition', () => {
  it.each([
    ['multiplier.warehouse.value >= 4.2', 4.3, true],
    ['multiplier.warehouse.value >= 4.2', 4.1, false],
    ['multiplier.warehouse.value < 1', 0.9, true],
    ['4.2 <= multiplier.warehouse.value', 4.3, true],
    ['multiplier["local-dram"].value * 2 >= multiplier.warehouse.value', 4.1, false],
    ['2 < multiplier.warehouse.value < 5', 4, true],
    ['2 < multiplier.warehouse.value < 5', 6, false],
    ['multiplier.warehouse.value > 1 and arms.warehouse.hitRate >= 0.96', 4, true],
    ['predict.fetchMs <= 0.1 s', 4, true],
    ['predict.fetchMs <= 99 ms', 4, false],
    ['predict.recomputeMs / predict.fetchMs >= 14', 4, true],
    ['wall.contextKvBytes < 33 GB and wall.contextKvBytes > 30 GiB', 4, true],
    ['max(arms.warehouse.hitRate, 0.99) >= 0.99', 4, true],
    ['-multiplier.warehouse.value < 0', 4, true],
  ])('%s at %d is %s', (text, multiplier, holds) => {
    expect(parse(text).evaluate(scopeOf(multiplier), 0).holds).toBe(holds)
  })

  it('gives the value that is compared, in its unit', () => {
    expect(parse('4.2 <= multiplier.warehouse.value').evaluate(scopeOf(3), 0)).toMatchObject({ value: 3, unit: '' })
    expect(parse('predict.fetchMs <= 1 s').evaluate(scopeOf(3), 0)).toMatchObject({ value: 100, unit: 'ms' })
    expect(parse('wall.weightBytes > 1 GB').evaluate(scopeOf(3), 0)).toMatchObject({ value: 141e9, unit: 'B' })
  })

  it('lets a limit be missed by its tolerance, on either side', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.constantFrom(0, 0.05, 0.2), (value, tolerance) => {
        const scope = scopeOf(value)
        const holds = (text: string): boolean => parse(text).evaluate(scope, tolerance).holds
        expect(holds('multiplier.warehouse.value >= 4')).toBe(value >= 4 - 4 * tolerance)
        expect(holds('4 <= multiplier.warehouse.value')).toBe(value >= 4 - 4 * tolerance)
        expect(holds('multiplier.warehouse.value <= 4')).toBe(value <= 4 + 4 * tolerance)
      }),
      { seed: 9, numRuns: 100 },
    )
  })

  it('is met by no figure that does not exist', () => {
    const { holds, value } = parse('arms.warehouse.tpotP50Ms <= 1 s').evaluate(scopeOf(2), 0.05)
    expect([holds, value]).toEqual([false, Number.NaN])
  })

  it('says which multipliers are bounds, and whether more is wanted', () => {
    const evaluation = parse('multiplier.warehouse.value >= 4').evaluate(scopeOf(3, 'lower'), 0)
    expect(evaluation).toMatchObject({ bounds: ['lower'], wantsMore: true })
    expect(parse('multiplier.warehouse.value <= 4').evaluate(scopeOf(3), 0).wantsMore).toBe(false)
    expect(parse('4 >= multiplier.warehouse.value').evaluate(scopeOf(3), 0).wantsMore).toBe(false)
  })
})

describe('what no condition may have is refused before anything is evaluated', () => {
  it.each([
    'multiplier.warehouse.value',
    '1 < 2',
    'import({})',
    'multiplier.warehouse.value >= evaluate("1")',
    'f(x) = x',
    'x = 3',
    'multiplier.constructor.constructor("return process")() > 1',
    'process.exit > 1',
    'multiplier[1].value > 1',
    'multiplier[arms].value > 1',
    'createUnit("foo") > multiplier.warehouse.value',
    'multiplier.warehouse.value >= 4.2; 1',
    'multiplier.warehouse.value == 4.2',
    'multiplier.warehouse.value >= 1 or true',
    '[1, 2] > multiplier.warehouse.value',
    'multiplier.warehouse.value >= "4.2"',
    'multiplier.warehouse.value >',
    'max(1)(2) > multiplier.warehouse.value and sin(1) > 0',
    `multiplier.warehouse.value >= ${'1 + '.repeat(200)}1`,
  ])('%s', (text) => {
    expect(() => parse(text)).toThrow(MemwallError)
  })

  it.each([
    ['multiplier.warehous.value >= 1', 'there is no "warehous"'],
    ['multiplier.__proto__.value >= 1', 'there is no "__proto__"'],
    ['multiplier.warehouse.toString >= 1', 'multiplier.ARM has value'],
    ['arms.warehouse >= 1', 'arms.ARM has tokensPerGpuSecond'],
    ['predict.fetchMs >= 1', 'different units'],
    ['predict.fetchMs >= 1 GB', 'different units'],
    ['predict.fetchMs * predict.fetchMs >= 1 ms', 'both have a unit'],
  ])('%s says %s', (text, what) => {
    expect(() => parse(text).evaluate(scopeOf(2), 0)).toThrow(what)
  })

  it('tells wrong units before there is any scope', () => {
    expect(() => parse('arms.warehouse.ttftP95Ms <= 2')).toThrow('different units')
    expect(() => parse('wall.contextKvBytes <= 40 s')).toThrow('different units')
  })
})
