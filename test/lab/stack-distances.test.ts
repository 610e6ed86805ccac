import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stackDistances } from '../../src/lab/stack-distances.ts'

/** The stack as a list, most recent first. */
function naive(blocks: readonly number[]): number[] {
  const stack: number[] = []
  return blocks.map((block) => {
    const depth = stack.indexOf(block)
    if (depth !== -1) stack.splice(depth, 1)
    stack.unshift(block)
    return depth
  })
}

it('is the place in a list ordered by last use', () => {
  const streams = fc
    .integer({ min: 1, max: 60 })
    .chain((distinct) => fc.array(fc.nat(distinct - 1), { maxLength: 600 }).map((blocks) => ({ blocks, distinct })))
  fc.assert(
    fc.property(streams, ({ blocks, distinct }) => {
      expect([...stackDistances(Int32Array.from(blocks), distinct)]).toEqual(naive(blocks))
    }),
  )
})

it('counts right after times were renumbered many times', () => {
  const blocks = Array.from({ length: 5000 }, (_, reference) => (reference * reference + (reference >> 3)) % 97)
  expect([...stackDistances(Int32Array.from(blocks), 97)]).toEqual(naive(blocks))
})

it('of no reference is nothing', () => {
  expect(stackDistances(new Int32Array(0), 0)).toHaveLength(0)
})
