import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ceilingArm, isBounded, raisedCeiling, withCeiling } from '../../../src/experiment/arms/ceiling.ts'

describe('the ceiling', () => {
  it('bounds memories with the KV format and the GPUs of the baseline, parameters aside, and nothing else', () => {
    for (const arm of ['local-dram', 'local-dram:512GB', 'warehouse', 'dram+warehouse'])
      expect(isBounded(arm)).toBe(true)
    for (const arm of ['hbm-only', 'more-gpus:2', 'compact-kv:fp8', 'infinite-hbm', ceilingArm])
      expect(isBounded(arm)).toBe(false)
  })

  it('is never below what it bounds, and moves nothing else', () => {
    const figure = fc.double({ min: 0.1, max: 10, noNaN: true })
    const names = ['local-dram', 'local-dram:512GB', 'warehouse', 'dram+warehouse', 'more-gpus:2', 'compact-kv:fp8']
    fc.assert(
      fc.property(fc.array(figure, { minLength: 7, maxLength: 7 }), ([own, ...others]) => {
        const figures = Object.fromEntries(names.map((name, i) => [name, others[i]!]))
        const raised = withCeiling({ ...figures, [ceilingArm]: own! })
        const bounded = names.filter(isBounded).map((name) => figures[name]!)
        expect(raised[ceilingArm]).toBe(Math.max(own!, ...bounded))
        for (const name of names) expect(raised[name]).toBe(figures[name])
      }),
      { seed: 1 },
    )
  })

  it('keeps the order of the arms, and what is no figure', () => {
    expect(Object.keys(withCeiling({ [ceilingArm]: 1, warehouse: 2 }))).toEqual([ceilingArm, 'warehouse'])
    expect(withCeiling({ warehouse: 2 })).toEqual({ warehouse: 2 })
    expect(withCeiling<number | null>({ warehouse: 2, [ceilingArm]: null })).toEqual({
      warehouse: 2,
      [ceilingArm]: null,
    })
    expect(withCeiling<number | null>({ warehouse: null, [ceilingArm]: 1 })).toEqual({
      warehouse: null,
      [ceilingArm]: 1,
    })
  })

  it('leaves the map that it is given as it was', () => {
    const arms = new Map([
      ['warehouse', 2],
      [ceilingArm, 1],
    ])
    expect(raisedCeiling(arms, Math.max).get(ceilingArm)).toBe(2)
    expect(arms.get(ceilingArm)).toBe(1)
  })
})
