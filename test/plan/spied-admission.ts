import type { Sequence } from '../../src/plan/engine/sequence.ts'
import type { PlanInput } from '../../src/plan/plan-input.ts'

/** The same input, whose order of admission writes down every request that it is asked about, in a plan that keeps no steps. */
export function withSequences(input: PlanInput): {
  readonly input: PlanInput
  sequences(): readonly Sequence[]
} {
  const seen = new Set<Sequence>()
  const { next } = input.admission
  return {
    input: {
      ...input,
      admission: {
        ...input.admission,
        next(queue, prefixBlocks) {
          for (const sequence of queue) seen.add(sequence)
          return next(queue, prefixBlocks)
        },
      },
    },
    sequences: () => [...seen],
  }
}
