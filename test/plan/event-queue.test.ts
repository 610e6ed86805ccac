import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../src/plan/engine/event-queue.ts'

describe('event queue', () => {
  it('gives events in order of time, and those of one instant in order of adding', () => {
    // Few different times, so that ties are common; a null takes one out.
    const steps = fc.array(fc.option(fc.integer({ min: 0, max: 8 }), { nil: null, freq: 3 }), { maxLength: 400 })
    fc.assert(
      fc.property(steps, (operations) => {
        const queue = new EventQueue<number>()
        const model: { atMs: number; event: number }[] = []
        operations.forEach((atMs, event) => {
          if (atMs !== null) {
            queue.add(atMs, event)
            model.push({ atMs, event })
          } else if (model.length > 0) {
            const next = model.reduce((a, b) => (b.atMs < a.atMs ? b : a))
            model.splice(model.indexOf(next), 1)
            expect(queue.pop()).toBe(next.event)
          }
          expect(queue.nextMs).toBe(Math.min(Number.POSITIVE_INFINITY, ...model.map((entry) => entry.atMs)))
        })
      }),
      { seed: 41, numRuns: 200 },
    )
  })

  it('sorts a few thousand', () => {
    const queue = new EventQueue<number>()
    for (let i = 0; i < 5000; i++) queue.add((i * 7919) % 1000, i)
    const order = Array.from({ length: 5000 }, () => [queue.nextMs, queue.pop()] as const)
    const sorted = order.toSorted(([a, x], [b, y]) => a - b || x - y)
    expect(order).toEqual(sorted)
    expect(queue.nextMs).toBe(Number.POSITIVE_INFINITY)
  })
})
