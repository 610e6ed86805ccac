import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NONE } from '../../../src/cache/policy.ts'
import { GhostList } from '../../../src/cache/structures/ghost-list.ts'

describe('ghost list', () => {
  it('remembers what an array remembers', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('push', 'push', 'delete', 'drop'), fc.nat(40)), { maxLength: 200 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (capacity, operations) => {
        const ghosts = new GhostList(capacity)
        let model: number[] = []
        for (const [kind, number] of operations) {
          // Multiples of a large number collide more often than neighbours do.
          const block = number * 65_536
          if (kind === 'push' && !model.includes(block)) {
            ghosts.push(block)
            model = [...model, block].slice(-capacity)
          } else if (kind === 'delete') {
            expect(ghosts.delete(block)).toBe(model.includes(block))
            model = model.filter((other) => other !== block)
          } else if (kind === 'drop') {
            expect(ghosts.dropOldest()).toBe(model[0] ?? NONE)
            model = model.slice(1)
          }
          expect(ghosts.size).toBe(model.length)
          for (let other = 0; other <= 40; other++)
            expect(ghosts.has(other * 65_536)).toBe(model.includes(other * 65_536))
        }
      }),
      { seed: 3, numRuns: 200 },
    )
  })
})
