import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NONE } from '../../../src/cache/policy.ts'
import { BlockIndex } from '../../../src/cache/structures/block-index.ts'

describe('block index', () => {
  it.each([
    { ids: 'few and dense', block: fc.nat(40) },
    { ids: 'wide', block: fc.nat(0x7fffffff) },
    // Pages that fill, empty and come again.
    { ids: 'few pages', block: fc.tuple(fc.nat(3), fc.nat(2)).map(([page, id]) => page * 256 + id) },
  ])('answers like a Map, with $ids ids', ({ block }) => {
    const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'delete', 'get'), block, fc.nat(1000)), {
      maxLength: 300,
    })
    fc.assert(
      fc.property(steps, (operations) => {
        const index = new BlockIndex()
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

  it('grows and shrinks', () => {
    const index = new BlockIndex()
    for (let block = 0; block < 20_000; block++) index.add(block * 7, block)
    for (let block = 0; block < 20_000; block += 2) index.delete(block * 7)
    expect(index.size).toBe(10_000)
    for (let block = 0; block < 20_000; block++) expect(index.get(block * 7)).toBe(block % 2 === 0 ? NONE : block)
  })
})
