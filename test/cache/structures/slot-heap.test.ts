import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NONE } from '../../../src/cache/policy.ts'
import { SlotHeap } from '../../../src/cache/structures/slot-heap.ts'

const capacity = 9

describe('slot heap', () => {
  it('has the least key on top, of equal ones the one set the longest ago', () => {
    const steps = fc.array(
      fc.tuple(
        fc.constantFrom('set', 'set', 'remove'),
        fc.nat(capacity - 1),
        fc.constantFrom(Number.NEGATIVE_INFINITY, 1, 2, 3, 4, 5),
      ),
      { maxLength: 120 },
    )
    fc.assert(
      fc.property(steps, (operations) => {
        const heap = new SlotHeap(capacity)
        let model: { slot: number; key: number }[] = []
        for (const [kind, slot, key] of operations) {
          if (kind === 'remove' && !model.some((other) => other.slot === slot)) continue
          model = model.filter((other) => other.slot !== slot)
          if (kind === 'set') {
            model.push({ slot, key })
            heap.set(slot, key)
          } else heap.remove(slot)
          const least = Math.min(...model.map((other) => other.key))
          expect(heap.size).toBe(model.length)
          expect(heap.leastUnpinned(() => false)).toBe(model.find((other) => other.key === least)?.slot ?? NONE)
        }
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  it('passes pinned slots over until they are set anew', () => {
    const heap = new SlotHeap(3)
    for (const slot of [0, 1, 2]) heap.set(slot, slot)
    expect(heap.leastUnpinned((slot) => slot === 0)).toBe(1)
    expect(heap.leastUnpinned(() => true)).toBe(NONE)
    heap.set(0, 0.5)
    expect(heap.leastUnpinned(() => false)).toBe(0)
    heap.remove(0)
    expect(heap.leastUnpinned((slot) => slot === 1)).toBe(2)
  })
})
