import fc from 'fast-check'
import type { LinkDirection } from '../../src/warehouse/link.ts'

const rate = fc.double({ min: 0.5, max: 50, noNaN: true })

/** One direction of a link: alone, behind hosts, under a fabric total, or both. */
export const randomLink: fc.Arbitrary<LinkDirection> = fc.record({
  bytesPerMs: rate,
  latencyMs: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 3, noNaN: true })),
  host: fc.option(fc.record({ replicas: fc.integer({ min: 1, max: 4 }), bytesPerMs: rate }), { nil: undefined }),
  fabricBytesPerMs: fc.option(rate, { nil: undefined }),
})
