import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockIndex } from '../../src/cache/block-index.ts'
import { NONE } from '../../src/cache/policy.ts'

describe('block index', () => {
  it.each([
    { ids: 'few and dense', block: fc.nat(40) },
    { ids: 'wide', block: fc.nat(0x7fffffff) },
    // Ids that fall on few places: long runs of neighbours, where a deletion has to close the gap rightly.
    { ids: 'colliding', block: fc.tuple(fc.nat(3), fc.nat(12)).map(([a, b]) => a * 0x10000 + b * 0x1000) },
  ])('answers like a Map, with $ids ids', ({ block }) => {
    const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'delete', 'get'), block, fc.nat(1000)), {
      maxLength: 300,
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), steps, (expected, operations) => {
        const index = new BlockIndex(expected)
        const model = new Map<number, number>()
        for (const [kind, id, slot] of operations) {
          if (kind === 'add' && !model.has(id)) {
            index.add(id, slot)
            model.set(id, slot)
          } else if (kind === 'delete' && model.delete(id)) {
            index.delete(id)
          }
          expect(index.get(id)).toBe(model.get(id) ?? NONE)
          expect(index.size).toBe(model.size)
        }
        for (const [, id] of operations) expect(index.get(id)).toBe(model.get(id) ?? NONE)
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it('grows far beyond what was expected', () => {
    const index = new BlockIndex(1)
    for (let block = 0; block < 20_000; block++) index.add(block * 7, block)
    for (let block = 0; block < 20_000; block += 2) index.delete(block * 7)
    expect(index.size).toBe(10_000)
    for (let block = 0; block < 20_000; block++) expect(index.get(block * 7)).toBe(block % 2 === 0 ? NONE : block)
  })
})
